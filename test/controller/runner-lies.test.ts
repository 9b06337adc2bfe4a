import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import {
  CORE,
  containerStatuses,
  JOBS,
  jobEnd,
  projectSettings,
  SESSIONS,
  SETTINGS,
} from '../support/objects.ts';
import { putPod, putSession } from '../support/put-objects.ts';
import { ago, DESIRED, EXPIRES, PATHS, PATIENT, STOPPED, startControlledCluster } from './fixture.ts';

const PROJECT = 'lies';
type Fields = Record<string, unknown>;

describe('a runner that writes the status of its session', () => {
  const cluster = startControlledCluster();
  const { admin } = cluster;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    await cluster.startReplica({ timings: PATIENT });
  });

  async function running(name: string) {
    const stored = await cluster.startedSession(PROJECT, name);
    const run = await cluster.makeRun(stored);
    const { body: job } = await admin.get(`${JOBS(PROJECT)}/${run}`);
    const pod = await putPod(admin, job, { status: { phase: 'Running' } });
    await cluster.setStatus(`${JOBS(PROJECT)}/${run}`, { startTime: ago(5), active: 1, ready: 1 });
    await cluster.untilStatus(PROJECT, name, { phase: 'Running' });
    const path = `${SESSIONS(PROJECT)}/${name}/status`;
    return { uid: stored.metadata.uid, run, pod, says: (status: Fields) => admin.patch(path, { status }) };
  }
  /** As fast as one can. */
  function hammer(write: () => Promise<unknown>) {
    let goesOn = true;
    const writing = Array.from({ length: 4 }, async () => {
      while (goesOn) await write();
    });
    return async () => {
      goesOn = false;
      await Promise.all(writing);
    };
  }
  const stop = (name: string) =>
    cluster.annotate(PROJECT, name, { [DESIRED]: 'Stopped', [STOPPED]: new Date().toISOString() });
  const gone = (uid: string) => eventually(async () => expect(await cluster.jobs(PROJECT, uid)).toEqual([]));

  it('is stopped, and not complete, whatever it says while and after it is stopped', async () => {
    const { uid, says } = await running('liar');
    const lie = () => says({ phase: 'Completed', completionTime: '2020-01-01T00:00:00Z' });
    const end = hammer(lie);
    await stop('liar');
    await gone(uid);
    await end();
    await lie();
    await cluster.untilStatus(PROJECT, 'liar', { phase: 'Stopped', stoppedReason: 'user' });
    const { status } = await cluster.session(PROJECT, 'liar');
    expect(Date.parse(status.completionTime)).toBeGreaterThan(Date.parse('2021-01-01T00:00:00Z'));
  });

  it('is overruled also where it writes all the time', async () => {
    const { says, uid } = await running('loud');
    const end = hammer(() => says({ sdkRestartCount: Math.floor(Math.random() * 1e6) }));
    await stop('loud');
    await cluster.untilStatus(PROJECT, 'loud', { phase: 'Stopped' });
    await end();
    await gone(uid);
  });

  it('ends even if it says all the time that it does not', async () => {
    const { says, run } = await running('endless');
    const end = hammer(() => says({ phase: 'Running', sdkRestartCount: Math.floor(Math.random() * 1e6) }));
    await cluster.setStatus(`${JOBS(PROJECT)}/${run}`, jobEnd('Complete', ago(0)));
    await eventually(async () =>
      expect((await cluster.session(PROJECT, 'endless')).metadata.annotations[DESIRED]).toBe('Stopped'),
    );
    await end();
    await cluster.untilStatus(PROJECT, 'endless', { phase: 'Completed' });
  });

  it('ends also where nobody has said when it was started', async () => {
    const stored = await putSession(admin, PROJECT, 'undated', {
      metadata: { annotations: { [DESIRED]: 'Running' } },
    });
    const run = await cluster.makeRun(stored);
    await cluster.untilStatus(PROJECT, 'undated', { phase: 'Creating' });
    const path = `${SESSIONS(PROJECT)}/undated/status`;
    const end = hammer(() =>
      admin.patch(path, { status: { sdkRestartCount: Math.floor(Math.random() * 1e6) } }),
    );
    await cluster.setStatus(`${JOBS(PROJECT)}/${run}`, { startTime: ago(5), ...jobEnd('Complete', ago(0)) });
    await eventually(async () =>
      expect((await cluster.session(PROJECT, 'undated')).metadata.annotations[DESIRED]).toBe('Stopped'),
    );
    await end();
  });

  it.each([
    ['and leaves what Writ says', true],
    ['and takes away what Writ says', false],
  ])('does not keep its session from ending: it fills the status %s', async (_, leaves) => {
    const name = leaves ? 'full' : 'all-its-own';
    const { says, run } = await running(name);
    await eventually(async () =>
      expect(await cluster.conditions(PROJECT, name)).toMatchObject({ RunHealthy: {}, RunCreated: {} }),
    );
    const own = leaves ? Object.values(await cluster.conditions(PROJECT, name)) : [];
    const message = 'm'.repeat(32_000);
    const others = Array.from({ length: 16 }, (_, n) => ({ type: `T${n}`, status: 'True', message }));
    const conditions = [...own, ...others];
    const repo = { url: 'https://example.com/a', name: 'a', branch: 'main' };
    const filledWith = (bytes: number) => {
      const branches = Array(Math.floor(bytes / 253)).fill('b'.repeat(250));
      branches.push('b'.repeat(bytes % 253));
      const repos = Array.from({ length: 10 }, (_, n) => branches.slice(n * 1_000, (n + 1) * 1_000));
      return { conditions, reconciledRepos: repos.map((branches) => ({ ...repo, branches })) };
    };
    expect((await says(filledWith(0))).status).toBe(200);
    const empty = JSON.stringify((await admin.get(`${SESSIONS(PROJECT)}/${name}`)).body).length;
    // As much as etcd takes.
    let bytes = 1.5 * 1_024 ** 2 - empty + 2_048;
    const isTaken = async (bytes: number) => (await says(filledWith(bytes))).status === 200;
    while (!(await isTaken(bytes))) bytes -= 253;
    for (const more of [128, 64, 32, 16, 8]) if (await isTaken(bytes + more)) bytes += more;
    expect(await isTaken(bytes)).toBe(true);
    if (leaves) {
      // To stop it is to write two times more.
      await admin.create(SETTINGS(PROJECT), projectSettings({ inactivityTimeoutSeconds: 1 }));
      await eventually(async () =>
        expect((await cluster.session(PROJECT, name)).metadata.annotations[DESIRED]).toBe('Stopped'),
      );
      await admin.delete(`${SETTINGS(PROJECT)}/projectsettings`);
      return;
    }
    await cluster.setStatus(`${JOBS(PROJECT)}/${run}`, jobEnd('Failed', ago(0), 'DeadlineExceeded'));
    await cluster.untilStatus(PROJECT, name, { phase: 'Failed' });
    expect((await cluster.conditions(PROJECT, name)).RunHealthy).toMatchObject({
      reason: 'DeadlineExceeded',
    });
  });

  it("gives Writ's own conditions no time of its own", async () => {
    const { says } = await running('timed');
    const { RunHealthy } = await cluster.conditions(PROJECT, 'timed');
    const forged = { ...RunHealthy, lastTransitionTime: '2099-01-01T00:00:00Z', message: 'all is well' };
    expect((await says({ conditions: [forged] })).status).toBe(200);
    await eventually(async () => {
      const { RunHealthy: now } = await cluster.conditions(PROJECT, 'timed');
      expect(now).toMatchObject({ reason: 'Running', message: 'The runner is running' });
      expect(Date.parse(String((now as unknown as Fields).lastTransitionTime))).toBeLessThan(
        Date.now() + 60_000,
      );
    });
  });

  it('failed for want of memory also when its pod is gone', async () => {
    const { run, pod } = await running('oom');
    const terminated = { reason: 'OOMKilled', exitCode: 137, startedAt: ago(4), finishedAt: ago(1) };
    const podPath = `${CORE(PROJECT, 'pods')}/${pod.metadata.name}`;
    await cluster.setStatus(podPath, { phase: 'Failed', ...containerStatuses({ terminated }) });
    await cluster.setStatus(`${JOBS(PROJECT)}/${run}`, jobEnd('Failed', ago(0), 'BackoffLimitExceeded'));
    await cluster.untilStatus(PROJECT, 'oom', { phase: 'Failed' });
    await admin.delete(podPath, { gracePeriodSeconds: 0 });
    await cluster.annotate(PROJECT, 'oom', { looked: 'again' });
    const after = await running('after-oom');
    expect(after.run).toBeTruthy();
    expect((await cluster.conditions(PROJECT, 'oom')).RunHealthy).toMatchObject({ reason: 'OutOfMemory' });
  });
});

describe('a run that ends in an odd way', () => {
  const cluster = startControlledCluster();
  const { admin } = cluster;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    await cluster.startReplica({ timings: PATIENT });
  });

  it('is stopped with its session, also while a finalizer keeps that', async () => {
    const stored = await cluster.startedSession(PROJECT, 'held');
    await admin.patch(`${SESSIONS(PROJECT)}/held`, { metadata: { finalizers: ['example.com/hold'] } });
    const run = await cluster.makeRun(stored);
    await cluster.setStatus(`${JOBS(PROJECT)}/${run}`, { startTime: ago(1), active: 1, ready: 1 });
    await cluster.untilStatus(PROJECT, 'held', { phase: 'Creating' });
    await admin.delete(`${SESSIONS(PROJECT)}/held`);
    for (const path of Object.values(PATHS))
      await eventually(async () => expect((await admin.get(`${path(PROJECT)}/${run}`)).status).toBe(404));
    await admin.patch(`${SESSIONS(PROJECT)}/held`, { metadata: { finalizers: null } });
  });

  it('has a status also where its token cannot be renewed', async () => {
    const stored = await cluster.startedSession(PROJECT, 'unrenewed', { spec: { timeout: 3_600 } });
    const run = await cluster.makeRun(stored, { immutable: true }, 1, { [EXPIRES]: ago(1) });
    const { body: job } = await admin.get(`${JOBS(PROJECT)}/${run}`);
    await putPod(admin, job, { status: { phase: 'Running' } });
    await cluster.setStatus(`${JOBS(PROJECT)}/${run}`, { startTime: ago(5), active: 1, ready: 1 });
    await cluster.untilStatus(PROJECT, 'unrenewed', { phase: 'Running' });
  });

  it('takes its rights with it also where its Secret is not its own any more', async () => {
    const stored = await cluster.startedSession(PROJECT, 'shared');
    const run = await cluster.makeRun(stored);
    const secret = `${PATHS.Secret(PROJECT)}/${run}`;
    const [owner] = (await admin.get(secret)).body.metadata.ownerReferences;
    const account = (await admin.get(`${PATHS.ServiceAccount(PROJECT)}/${run}`)).body;
    const other = { apiVersion: 'v1', kind: 'ServiceAccount', name: run, uid: account.metadata.uid };
    await admin.patch(secret, { metadata: { ownerReferences: [owner, other] } });
    await cluster.untilStatus(PROJECT, 'shared', { phase: 'Creating' });
    await cluster.annotate(PROJECT, 'shared', { [DESIRED]: 'Stopped', [STOPPED]: new Date().toISOString() });
    await cluster.untilStatus(PROJECT, 'shared', { phase: 'Stopped' });
    for (const kind of ['ServiceAccount', 'Role', 'RoleBinding'] as const)
      await eventually(async () =>
        expect((await admin.get(`${PATHS[kind](PROJECT)}/${run}`)).status).toBe(404),
      );
  });

  it('is one of one start: of two Jobs the newer stays', async () => {
    const stored = await cluster.startedSession(PROJECT, 'double');
    const { uid } = stored.metadata;
    await cluster.makeRun(stored);
    await cluster.makeRun(stored, {}, 2);
    await eventually(async () => {
      const jobs = await cluster.jobs(PROJECT, uid);
      expect(jobs.map((job: { metadata: { name: string } }) => job.metadata.name)).toEqual([
        `session-${uid}-2`,
      ]);
    });
  });
});

describe('a run whose end no controller has seen', () => {
  const cluster = startControlledCluster();
  const { admin } = cluster;
  beforeAll(() => cluster.project(PROJECT));

  it('takes its token and its rights with it', async () => {
    const stored = await cluster.startedSession(PROJECT, 'left');
    const { uid } = stored.metadata;
    const run = await cluster.makeRun(stored);
    // Nobody has seen its Job, and how it went.
    await cluster.annotate(PROJECT, 'left', { [DESIRED]: 'Stopped', [STOPPED]: new Date().toISOString() });
    await admin.delete(`${JOBS(PROJECT)}/${run}`, { propagationPolicy: 'Background' });
    await eventually(async () => expect(await cluster.jobs(PROJECT, uid)).toEqual([]));
    await cluster.startReplica({ timings: PATIENT });
    for (const path of Object.values(PATHS))
      await eventually(async () => expect((await admin.get(`${path(PROJECT)}/${run}`)).status).toBe(404));
    await cluster.untilStatus(PROJECT, 'left', { phase: 'Stopped' });
  });
});
