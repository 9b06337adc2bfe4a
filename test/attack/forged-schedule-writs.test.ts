import { describe, expect, it } from 'vitest';
import type { CronJobManifest, ScheduleChanges } from '../../src/authorization/schedule-object.ts';
import type { CronJob } from '../../src/kubernetes/resources.ts';
import {
  SCHEDULE_OWNER,
  SCHEDULED_SESSION_LABEL,
  SESSION_TEMPLATE,
  UNSET_ACCOUNT,
} from '../../src/model/schedule.ts';
import { triggerJob } from '../../src/schedules/trigger-job.ts';
import { startAuthority } from './authority.ts';

const { sandbox, authorize, userCluster, backendRequests } = startAuthority();
const NAME = 'forged';
const SETTINGS = {
  image: 'localhost/writ',
  url: 'http://writ.invalid/graphql',
  tokenHeader: 'authorization',
} as const;

// biome-ignore lint/suspicious/noExplicitAny: to be spoilt
type Any = any;

const issue = (name = NAME) =>
  authorize(userCluster('alice'), 'createScheduledSession', { namespace: 'demo', name });

function manifest(spoil: (manifest: Any) => void = () => {}, name = NAME): CronJobManifest {
  const made: CronJobManifest = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      namespace: 'demo',
      name,
      labels: { [SCHEDULED_SESSION_LABEL]: 'true' },
      annotations: { [SESSION_TEMPLATE]: '{}' },
    },
    spec: {
      schedule: '0 3 * * *',
      suspend: true,
      jobTemplate: triggerJob(SETTINGS, { namespace: 'demo', name }, UNSET_ACCOUNT),
    },
  };
  spoil(made);
  return made;
}

const podOf = (made: Any) => made.spec.jobTemplate.spec.template.spec;

describe('a Writ for a schedule', () => {
  const REFUSED: [string, (made: Any) => void][] = [
    ['in another namespace', ({ metadata }) => (metadata.namespace = 'research')],
    ['under another name', ({ metadata }) => (metadata.name = 'other')],
    ['without the label', ({ metadata }) => (metadata.labels = {})],
    ['that runs at once', ({ spec }) => (spec.suspend = false)],
    [
      'with an owner of its own',
      ({ metadata }) => (metadata.annotations[SCHEDULE_OWNER] = '{"username":"admin"}'),
    ],
    ['with an owner reference', ({ metadata }) => (metadata.ownerReferences = [])],
    ['with another account', (made) => (podOf(made).serviceAccountName = 'default')],
    ['with another command', (made) => (podOf(made).containers[0].command = ['sh'])],
    ['with other arguments', (made) => (podOf(made).containers[0].args = ['trigger', '--x'])],
    ['with a second container', (made) => podOf(made).containers.push({ name: 'x', image: 'x' })],
    ['with an init container', (made) => (podOf(made).initContainers = [{ name: 'x', image: 'x' }])],
    ['on the host network', (made) => (podOf(made).hostNetwork = true)],
    ['with a Secret', (made) => podOf(made).volumes.push({ name: 'x', secret: { secretName: 'x' } })],
    ['with the variables of a Secret', (made) => (podOf(made).containers[0].envFrom = [])],
    [
      'with the value of a Secret',
      (made) =>
        podOf(made).containers[0].env.push({
          name: 'X',
          valueFrom: { secretKeyRef: { name: 'x', key: 'y' } },
        }),
    ],
  ];

  it.each(REFUSED)('creates none %s', async (_, spoil) => {
    const writ = await issue();
    const requests = await backendRequests(() =>
      expect(writ.schedule.create(manifest(spoil))).rejects.toThrow(TypeError),
    );
    expect(requests).toEqual([]);
  });

  it('creates one, in the name of its subject, and makes an account for no other', async () => {
    const writ = await issue('once');
    await expect(writ.schedule.createAccount()).rejects.toThrow('no schedule was created');
    const created = await writ.schedule.create(manifest(undefined, 'once'));
    expect(JSON.parse(created.metadata.annotations?.[SCHEDULE_OWNER] ?? '')).toMatchObject({
      username: 'alice',
    });
    await expect(writ.schedule.create(manifest(undefined, 'once'))).rejects.toThrow('one schedule');
    const other = await issue('other');
    await expect(other.schedule.createAccount()).rejects.toThrow('no schedule was created');
    await expect(other.schedule.update(created, {})).rejects.toThrow('not the named schedule');
    await expect(other.schedule.delete(created)).rejects.toThrow('not the named schedule');
  });

  it('changes nothing of a CronJob that is none, nor what only the act itself sets', async () => {
    const writ = await issue('changed');
    const created = await writ.schedule.create(manifest(undefined, 'changed'));
    const { labels: _, ...metadata } = created.metadata;
    const unlabelled = { ...created, metadata } as CronJob;
    const changes: ScheduleChanges[] = [
      { annotations: { [SCHEDULE_OWNER]: '{}' } },
      { annotations: { 'ambient-code.io/active-sessions': '[]' } },
      { spec: { concurrencyPolicy: 'Replace' } as ScheduleChanges['spec'] & object },
      { spec: { jobTemplate: triggerJob(SETTINGS, { namespace: 'demo', name: 'changed' }, 'default') } },
    ];
    const requests = await backendRequests(async () => {
      for (const change of changes)
        await expect((async () => writ.schedule.update(created, change))()).rejects.toThrow(TypeError);
      await expect(writ.schedule.update(unlabelled, {})).rejects.toThrow(TypeError);
      await expect(writ.schedule.suspend(unlabelled)).rejects.toThrow(TypeError);
      await expect(writ.schedule.delete(unlabelled)).rejects.toThrow(TypeError);
    });
    expect(requests).toEqual([]);
  });

  it('changes only the version that was read, and deletes only the object that was', async () => {
    const writ = await issue('read');
    const created = await writ.schedule.create(manifest(undefined, 'read'));
    const stale = { ...created, metadata: { ...created.metadata, resourceVersion: '1' } };
    await expect(writ.schedule.update(stale, {})).rejects.toMatchObject({ code: 'CONFLICT' });
    const replaced = { ...created, metadata: { ...created.metadata, uid: 'another' } };
    await expect(writ.schedule.update(replaced, {})).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(writ.schedule.delete(replaced)).rejects.toMatchObject({ statusCode: 409 });
    const path = '/apis/batch/v1/namespaces/demo/cronjobs/read';
    const stored = await sandbox.as('admin').must('GET', path);
    expect(stored.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
  });

  it.each(['startSession', 'createSession', 'triggerScheduledSession'] as const)(
    'is not what %s is given',
    async (grant) => {
      const writ = await authorize(userCluster('alice'), grant, { namespace: 'demo', name: NAME });
      await expect(writ.schedule.create(manifest())).rejects.toThrow(/has no act createSchedule/);
    },
  );

  it('is given by no review that is for suspending, for more than that', async () => {
    const made = await issue('suspended');
    const created = await made.schedule.create(manifest(undefined, 'suspended'));
    const target = { namespace: 'demo', name: 'suspended' };
    const writ = await authorize(userCluster('alice'), 'suspendScheduledSession', target);
    await expect(writ.schedule.update(created, { spec: { suspend: false } })).rejects.toThrow(/has no act/);
    await expect(writ.schedule.delete(created)).rejects.toThrow(/has no act/);
    await expect(writ.session.create({ metadata: { namespace: 'demo' } } as never)).rejects.toThrow(
      /has no act/,
    );
  });
});
