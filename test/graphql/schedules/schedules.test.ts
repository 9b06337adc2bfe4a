import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEDULE_OWNER, SESSION_TEMPLATE } from '../../../src/model/schedule.ts';
import { SCHEDULE_SETTINGS } from '../../support/all-operations.ts';
import { CORE, JOB_SPEC, RBAC } from '../../support/objects.ts';
import { bind, putProject } from '../../support/put-objects.ts';
import {
  CREATE_SCHEDULE,
  DELETE_SCHEDULE,
  READ_SCHEDULE,
  RESUME_SCHEDULE,
  SUSPEND_SCHEDULE,
  scheduleInput,
  TRIGGER_SCHEDULE,
  UPDATE_SCHEDULE,
} from '../../support/schedule-operations.ts';
import { codeOf, startWrit } from '../../support/writ.ts';

const PROJECT = 'scheduled';
const CRON_JOBS = `/apis/batch/v1/namespaces/${PROJECT}/cronjobs`;

/** The policy writ-schedules lets no one else write the reason. */
const AS_CONTROLLER = {
  'impersonate-user': 'system:serviceaccount:writ-system:writ-controller',
  'impersonate-group': 'system:masters',
};

describe('scheduled sessions', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: SCHEDULE_SETTINGS });
  const admin = writ.kubernetes('admin');
  const create = async (name: string, more: object = {}) => {
    const { data, errors } = await writ.as('alice', CREATE_SCHEDULE, {
      input: scheduleInput(PROJECT, name, more),
    });
    expect(errors).toBeUndefined();
    return data.createScheduledSession.scheduledSession;
  };
  const cronJob = (name: string) => admin.must('GET', `${CRON_JOBS}/${name}`);

  beforeAll(async () => {
    await putProject(admin, PROJECT);
    await bind(admin, PROJECT, 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'alice' });
    await bind(admin, PROJECT, 'ClusterRole/ambient-project-view', { kind: 'User', name: 'victor' });
  });

  it('are read as they were created, with their owner and next times', async () => {
    const session = {
      displayName: 'Links',
      initialPrompt: 'Check the links',
      timeoutSeconds: 600,
      stopOnRunFinished: true,
      repos: [{ url: 'https://github.com/example/docs', branch: 'main' }],
      environmentVariables: [{ key: 'DEPTH', value: '2' }],
      labels: [{ key: 'team', value: 'docs' }],
    };
    const made = await create('read', {
      displayName: 'Every night',
      schedule: '30 2 * * 1-5',
      timeZone: 'Europe/Berlin',
      concurrencyPolicy: 'REPLACE',
      session,
    });
    const { data } = await writ.as('victor', READ_SCHEDULE, { project: PROJECT, name: 'read' });
    expect(data.scheduledSession).toEqual(made);
    expect(made).toMatchObject({
      name: 'read',
      projectName: PROJECT,
      displayName: 'Every night',
      schedule: '30 2 * * 1-5',
      timeZone: 'Europe/Berlin',
      suspended: false,
      suspendedReason: null,
      concurrencyPolicy: 'REPLACE',
      owner: { userId: 'alice' },
      lastScheduleTime: null,
      sessionTemplate: {
        ...session,
        repos: [{ ...session.repos[0], autoPush: false }],
        annotations: [],
        llmSettings: null,
      },
    });
    expect(made.nextScheduleTimes).toHaveLength(3);
    expect(made.nextScheduleTimes.every((time: string) => Date.parse(time) > Date.now())).toBe(true);
  });

  it('are listed with their project, and not the CronJobs of other tools', async () => {
    await create('listed');
    await admin.must('POST', CRON_JOBS, handmade('other-tool'));
    const query = `{ project(name: "${PROJECT}") { scheduledSessions { name } } }`;
    const { data } = await writ.as('victor', query);
    const names = data.project.scheduledSessions.map(({ name }: { name: string }) => name);
    expect(names).toContain('listed');
    expect(names).not.toContain('other-tool');
    const other = await writ.as('victor', READ_SCHEDULE, { project: PROJECT, name: 'other-tool' });
    expect(other.data).toEqual({ scheduledSession: null });
    for (const mutation of [SUSPEND_SCHEDULE, RESUME_SCHEDULE, TRIGGER_SCHEDULE, DELETE_SCHEDULE]) {
      expect(codeOf(await writ.as('alice', mutation, { project: PROJECT, name: 'other-tool' }))).toBe(
        'NOT_FOUND',
      );
    }
  });

  it('have an account of their own, which may get their CronJob and nothing else', async () => {
    await create('account');
    const { metadata, spec } = await cronJob('account');
    const name = `schedule-${metadata.uid}`;
    expect(spec.jobTemplate.spec.template.spec.serviceAccountName).toBe(name);
    expect(spec.suspend).toBe(false);
    const owner = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      name: 'account',
      uid: metadata.uid,
      controller: true,
    };
    const owned = [
      await admin.must('GET', `${CORE(PROJECT, 'serviceaccounts')}/${name}`),
      await admin.must('GET', `${RBAC(PROJECT, 'roles')}/${name}`),
      await admin.must('GET', `${RBAC(PROJECT, 'rolebindings')}/${name}`),
    ];
    for (const object of owned) expect(object.metadata.ownerReferences).toEqual([owner]);
    expect(owned[1]?.rules).toEqual([
      { apiGroups: ['batch'], resources: ['cronjobs'], resourceNames: ['account'], verbs: ['get'] },
    ]);
    expect(owned[2]?.subjects).toEqual([{ kind: 'ServiceAccount', name, namespace: PROJECT }]);
  });

  it('run the command `trigger` of the configured image, and learn only where they are', async () => {
    await create('pod');
    const { spec } = await cronJob('pod');
    const pod = spec.jobTemplate.spec.template.spec;
    const [container] = pod.containers;
    expect(container).toMatchObject({ image: SCHEDULE_SETTINGS.WRIT_SCHEDULE_IMAGE, args: ['trigger'] });
    expect(container.env.map(({ name }: { name: string }) => name)).toEqual([
      'WRIT_SCHEDULE_URL',
      'WRIT_SCHEDULE_NAMESPACE',
      'WRIT_SCHEDULE_NAME',
      'WRIT_SCHEDULE_JOB',
    ]);
    expect(JSON.stringify(pod)).not.toContain('Check the links');
  });

  it('belong to the last who edited them', async () => {
    const made = await create('edited');
    const input = {
      project: PROJECT,
      name: 'edited',
      resourceVersion: made.resourceVersion,
      displayName: 'Renamed',
      schedule: '0 4 * * *',
      concurrencyPolicy: 'ALLOW',
    };
    const updated = await writ.as('admin', UPDATE_SCHEDULE, { input });
    expect(updated.errors).toBeUndefined();
    expect(updated.data.updateScheduledSession.scheduledSession).toMatchObject({
      displayName: 'Renamed',
      schedule: '0 4 * * *',
      concurrencyPolicy: 'ALLOW',
      owner: { userId: 'admin' },
      sessionTemplate: made.sessionTemplate,
    });
    expect(codeOf(await writ.as('alice', UPDATE_SCHEDULE, { input }))).toBe('CONFLICT');
    const cleared = await writ.as('alice', UPDATE_SCHEDULE, {
      input: {
        project: PROJECT,
        name: 'edited',
        displayName: null,
        timeZone: null,
        concurrencyPolicy: null,
        session: { initialPrompt: 'Another' },
      },
    });
    expect(cleared.data.updateScheduledSession.scheduledSession).toMatchObject({
      displayName: null,
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'FORBID',
      owner: { userId: 'alice' },
      sessionTemplate: { initialPrompt: 'Another' },
    });
  });

  it('keep their owner when they are suspended, and belong to whoever resumes them', async () => {
    await create('paused');
    const variables = { project: PROJECT, name: 'paused' };
    const suspended = await writ.as('admin', SUSPEND_SCHEDULE, variables);
    expect(suspended.data.suspendScheduledSession.scheduledSession).toMatchObject({
      suspended: true,
      nextScheduleTimes: [],
      owner: { userId: 'alice' },
    });
    const again = await writ.requestsDuring(() => writ.as('admin', SUSPEND_SCHEDULE, variables));
    expect(again.result.errors).toBeUndefined();
    expect(again.requests.filter(({ verb }) => verb === 'patch')).toEqual([]);
    await admin.must(
      'PATCH',
      `${CRON_JOBS}/paused`,
      { metadata: { annotations: { 'ambient-code.io/suspended-reason': 'No rights' } } },
      { 'content-type': 'application/merge-patch+json', ...AS_CONTROLLER },
    );
    const told = await writ.as('victor', READ_SCHEDULE, variables);
    expect(told.data.scheduledSession.suspendedReason).toBe('No rights');
    const resumed = await writ.as('admin', RESUME_SCHEDULE, variables);
    expect(resumed.data.resumeScheduledSession.scheduledSession).toMatchObject({
      suspended: false,
      suspendedReason: null,
      owner: { userId: 'admin' },
    });
    expect((await cronJob('paused')).metadata.annotations).not.toHaveProperty(
      'ambient-code.io/suspended-reason',
    );
  });

  it('are refused under a name that is taken', async () => {
    await create('twice');
    const before = await cronJob('twice');
    const answer = await writ.as('alice', CREATE_SCHEDULE, { input: scheduleInput(PROJECT, 'twice') });
    expect(codeOf(answer)).toBe('CONFLICT');
    expect(await cronJob('twice')).toEqual(before);
  });

  it('can be changed only by those who may create sessions', async () => {
    await create('guarded');
    const variables = { project: PROJECT, name: 'guarded' };
    for (const who of ['victor', 'mallory'] as const) {
      const answers = [
        await writ.as(who, CREATE_SCHEDULE, { input: scheduleInput(PROJECT, 'not-made') }),
        await writ.as(who, UPDATE_SCHEDULE, { input: { ...variables, displayName: 'x' } }),
        await writ.as(who, SUSPEND_SCHEDULE, variables),
        await writ.as(who, TRIGGER_SCHEDULE, variables),
        await writ.as(who, DELETE_SCHEDULE, variables),
      ];
      expect(answers.map(codeOf)).toEqual(answers.map(() => 'FORBIDDEN'));
      const can = `{ scheduledSession(project: "${PROJECT}", name: "guarded") { update: viewerCan(verb: "update") get: viewerCan(verb: "get") } }`;
      const asked = await writ.as(who, can);
      if (who === 'victor') expect(asked.data.scheduledSession).toEqual({ update: false, get: true });
      else expect(codeOf(asked)).toBe('FORBIDDEN');
    }
    expect((await cronJob('guarded')).spec.suspend).toBe(false);
  });

  it('have a record of their owner that the cluster has made, whatever the input is', async () => {
    await create('owned');
    const { annotations } = (await cronJob('owned')).metadata;
    const owner = JSON.parse(annotations[SCHEDULE_OWNER] ?? '');
    expect(owner).toMatchObject({ username: 'alice', extra: expect.any(Object) });
    expect(owner.groups).toContain('system:authenticated');
    expect(Date.parse(owner.reviewedAt)).toBeLessThanOrEqual(Date.now());
    expect(JSON.parse(annotations[SESSION_TEMPLATE] ?? '')).toEqual({ initialPrompt: 'Check the links' });
  });
});

function handmade(name: string) {
  const spec = { schedule: '0 0 * * *', jobTemplate: { spec: JOB_SPEC } };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec };
}
