import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { JOBS, jobEnd, SESSIONS, session } from '../support/objects.ts';
import { bind } from '../support/put-objects.ts';
import { noteActive, putSchedule, type ScheduleOptions, type TestSchedule } from '../support/schedules.ts';
import {
  ago,
  DESIRED,
  PATIENT,
  type Replica,
  runTemplate,
  STARTED,
  STOPPED,
  startControlledCluster,
} from './fixture.ts';

const PROJECT = 'schedules';
const UID = 'ambient-code.io/schedule-uid';
const NOTE = 'ambient-code.io/active-sessions';
const REASON = 'ambient-code.io/suspended-reason';
/** Reviews come often, and a test waits for the second of two. */
const OFTEN = { ...PATIENT, schedules: { reviewEveryMs: 20, spacingMs: 5, confirmMs: 5 } };

describe('the controller', () => {
  const cluster = startControlledCluster();
  const { admin, sandbox, annotate, makeRun, setStatus, startReplica } = cluster;
  let replica: Replica;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    replica = await startReplica({ timings: OFTEN });
  });
  let count = 0;

  const schedule = (options?: ScheduleOptions) => {
    count += 1;
    return putSchedule(sandbox, PROJECT, `schedule-${count}`, options);
  };
  /** A session as the API creates it at a time of the schedule. */
  const sessionOf = async (uid: string, more: Record<string, unknown> = {}) => {
    count += 1;
    const name = `session-${count}`;
    const annotations = { [UID]: uid, [DESIRED]: 'Running', [STARTED]: new Date().toISOString() };
    return sandbox
      .as('backend')
      .create(SESSIONS(PROJECT), session(name, { metadata: { name, annotations, ...more }, spec: {} }));
  };
  const stored = async ({ path }: TestSchedule) => (await admin.get(path)).body;
  const noted = async (of: TestSchedule) => {
    const note = (await stored(of)).metadata.annotations[NOTE];
    return note && JSON.parse(note).map(({ name }: { name: string }) => name);
  };
  const untilNoted = (of: TestSchedule, names: string[]) =>
    eventually(async () => expect(await noted(of)).toEqual(names));
  const untilSuspended = (of: TestSchedule) =>
    eventually(async () => expect((await stored(of)).spec.suspend).toBe(true));
  const reviewsOf = (username: string) =>
    sandbox.requests.filter(
      ({ resource, body }) =>
        resource === 'localsubjectaccessreviews' &&
        (body as { spec?: { user?: string } } | undefined)?.spec?.user === username,
    );

  describe('notes on a schedule which of its sessions are active', () => {
    it('from the start of a run until its end', async () => {
      const own = await schedule();
      const first = await sessionOf(own.uid);
      await untilNoted(own, [first.metadata.name]);
      const second = await sessionOf(own.uid);
      await untilNoted(own, [first.metadata.name, second.metadata.name].sort());
      const { uid } = JSON.parse((await stored(own)).metadata.annotations[NOTE])[0];
      expect([first.metadata.uid, second.metadata.uid]).toContain(uid);

      const run = await makeRun(first);
      await setStatus(`${JOBS(PROJECT)}/${run}`, { startTime: ago(5), ...jobEnd('Complete', ago(1)) });
      await untilNoted(own, [second.metadata.name]);
      await annotate(PROJECT, second.metadata.name, { [DESIRED]: 'Stopped', [STOPPED]: ago(0) });
      await untilNoted(own, []);
    });

    it('and not one that was deleted', async () => {
      const own = await schedule();
      const { metadata } = await sessionOf(own.uid);
      await untilNoted(own, [metadata.name]);
      await admin.must('DELETE', `${SESSIONS(PROJECT)}/${metadata.name}`);
      await untilNoted(own, []);
    });

    it('and not one that only has its label', async () => {
      const own = await schedule();
      const labelled = session('labelled', {
        metadata: { name: 'labelled', labels: { [UID]: own.uid }, annotations: { [DESIRED]: 'Running' } },
      });
      await admin.create(SESSIONS(PROJECT), labelled);
      const { metadata } = await sessionOf(own.uid);
      await untilNoted(own, [metadata.name]);
    });

    it('whatever somebody else has noted', async () => {
      const own = await schedule();
      const { metadata } = await sessionOf(own.uid);
      await untilNoted(own, [metadata.name]);
      await noteActive(sandbox, own, '[{"name":"another","uid":"x"}]');
      await untilNoted(own, [metadata.name]);
    });

    it('and leaves other CronJobs alone', async () => {
      const other = await schedule({ labels: { 'ambient-code.io/scheduled-session': undefined } });
      const own = await schedule();
      await sessionOf(other.uid);
      const { metadata } = await sessionOf(own.uid);
      await untilNoted(own, [metadata.name]);
      expect(await noted(other)).toBeUndefined();
    });
  });

  describe('suspends a schedule', () => {
    it('whose owner may not create sessions any more, after a second denial, and says why', async () => {
      const own = await schedule({ ownedBy: 'victor' });
      await untilSuspended(own);
      expect((await stored(own)).metadata.annotations[REASON]).toBe(
        'The owner may not create agenticsessions.vteam.ambient-code in the project any more. Whoever edits the schedule becomes its owner.',
      );
      expect(reviewsOf('victor').length).toBeGreaterThanOrEqual(2);
    });

    it('when its owner loses the right', async () => {
      await bind(admin, PROJECT, 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'leaving' });
      const own = await schedule({ owner: { username: 'leaving' } });
      await eventually(() => expect(reviewsOf('leaving').length).toBeGreaterThan(2));
      expect((await stored(own)).spec.suspend).toBe(false);
      const bindings = `/apis/rbac.authorization.k8s.io/v1/namespaces/${PROJECT}/rolebindings`;
      const { body } = await admin.get(bindings);
      type Binding = { metadata: { name: string }; subjects: { name: string }[] };
      const [binding] = body.items.filter(({ subjects }: Binding) => subjects[0]?.name === 'leaving');
      await admin.must('DELETE', `${bindings}/${binding.metadata.name}`);
      await untilSuspended(own);
    });

    it.each<[string, ScheduleOptions, RegExp]>([
      ['is missing', { owner: '' }, /missing or malformed/],
      ['is malformed', { owner: '{"username":"alice"}' }, /missing or malformed/],
      ['is too old', { owner: { reviewedAt: '2020-01-01T00:00:00Z' } }, /more than 90 days ago/],
      ['is of the future', { owner: { reviewedAt: '2200-01-01T00:00:00Z' } }, /future/],
    ])('whose record of the owner %s, without a review', async (_, options, reason) => {
      const before = reviewsOf('alice').length;
      const own = await schedule({ ...options, spec: { schedule: '0 0 31 2 *' } });
      await untilSuspended(own);
      expect((await stored(own)).metadata.annotations[REASON]).toMatch(reason);
      expect(reviewsOf('alice').length).toBeGreaterThanOrEqual(before);
    });

    it('with the groups that were recorded', async () => {
      const group = { kind: 'Group', name: 'night-shift', apiGroup: 'rbac.authorization.k8s.io' };
      await bind(admin, PROJECT, 'ClusterRole/ambient-project-edit', group);
      const member = await schedule({ owner: { username: 'nora', groups: ['night-shift'] } });
      const former = await schedule({ owner: { username: 'nina', groups: [] } });
      await untilSuspended(former);
      await eventually(() => expect(reviewsOf('nora').length).toBeGreaterThan(2));
      expect((await stored(member)).spec.suspend).toBe(false);
    });
  });

  it('suspends no schedule because a review has failed', async () => {
    const own = await schedule({ owner: { username: 'unknown-yet' } });
    await untilSuspended(own);
    const role = '/apis/rbac.authorization.k8s.io/v1/clusterroles/writ-controller-project';
    const { rules } = (await admin.get(role)).body;
    type Rule = { resources: string[] };
    await admin.must(
      'PATCH',
      role,
      {
        rules: rules.filter(({ resources }: Rule) => !resources.includes('localsubjectaccessreviews')),
      },
      { 'content-type': 'application/merge-patch+json' },
    );
    const unreviewed = await schedule({ ownedBy: 'mallory' });
    await eventually(() =>
      expect(replica.problems.some(({ schedule: key }) => String(key).endsWith(unreviewed.uid))).toBe(true),
    );
    expect((await stored(unreviewed)).spec.suspend).toBe(false);
    await admin.must('PATCH', role, { rules }, { 'content-type': 'application/merge-patch+json' });
    await untilSuspended(unreviewed);
  });
});

describe('the controller, where another operator runs the sessions', () => {
  const cluster = startControlledCluster();
  const { admin, sandbox, setStatus, startReplica } = cluster;
  const project = 'operated';
  beforeAll(async () => {
    await cluster.project(project);
    await startReplica({ timings: OFTEN, runners: { mode: 'operator', template: runTemplate } });
  });

  it('notes a session as active until its status says that it has ended, and suspends schedules too', async () => {
    const own = await putSchedule(sandbox, project, 'nightly');
    const started = new Date().toISOString();
    const annotations = { [UID]: own.uid, [DESIRED]: 'Running', [STARTED]: started };
    await sandbox
      .as('backend')
      .create(SESSIONS(project), session('theirs', { metadata: { name: 'theirs', annotations }, spec: {} }));
    const noted = async () =>
      JSON.parse((await admin.get(own.path)).body.metadata.annotations[NOTE] ?? 'null');
    await eventually(async () => expect(await noted()).toMatchObject([{ name: 'theirs' }]));
    await setStatus(`${SESSIONS(project)}/theirs`, {
      phase: 'Completed',
      completionTime: '2026-01-01T00:00:00Z',
    });
    const other = await putSchedule(sandbox, project, 'denied', { ownedBy: 'victor' });
    await eventually(async () => expect((await admin.get(other.path)).body.spec.suspend).toBe(true));
    // Started since its last run has ended.
    expect(await noted()).toMatchObject([{ name: 'theirs' }]);
    const completionTime = new Date(Date.now() + 1_000).toISOString();
    await setStatus(`${SESSIONS(project)}/theirs`, { phase: 'Completed', completionTime });
    await eventually(async () => expect(await noted()).toEqual([]));
    expect((await admin.get(JOBS(project))).body.items).toEqual([]);
  });
});
