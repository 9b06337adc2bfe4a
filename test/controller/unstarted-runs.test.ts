import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { CORE, containerStatuses, JOBS, jobEnd } from '../support/objects.ts';
import { putEvent, putPod } from '../support/put-objects.ts';
import { ago, PATIENT, startControlledCluster } from './fixture.ts';

const PROJECT = 'unstarted';
const TIMINGS = { ...PATIENT, events: { delayMs: 20, spacingMs: 20 } };
const QUOTA = 'exceeded quota: small, requested: pods=1, used: pods=0, limited: pods=0';
type Fields = Record<string, unknown>;

describe('a run', () => {
  const cluster = startControlledCluster();
  const { admin } = cluster;
  let replica: Awaited<ReturnType<typeof cluster.startReplica>>;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    replica = await cluster.startReplica({ timings: TIMINGS });
  });

  async function run(name: string) {
    const stored = await cluster.startedSession(PROJECT, name);
    const path = `${JOBS(PROJECT)}/${await cluster.makeRun(stored)}`;
    await cluster.setStatus(path, { startTime: ago(5), active: 1, ready: 0 });
    const { body: job } = await admin.get(path);
    return {
      job,
      pod: async (status: Fields) => {
        const { metadata } = await putPod(admin, job, { status });
        return `${CORE(PROJECT, 'pods')}/${metadata.name}`;
      },
      fails: (reason: string, status: Fields = {}) =>
        cluster.setStatus(path, { ...jobEnd('Failed', ago(0), reason), ...status }),
    };
  }
  const untilHealth = (name: string, health: Fields) =>
    eventually(async () =>
      expect((await cluster.conditions(PROJECT, name)).RunHealthy).toMatchObject(health),
    );
  /** Until the replica has processed all that was changed before. */
  async function untilSeen(name: string) {
    const marker = `after-${name}`;
    await (await run(marker)).pod({ phase: 'Running' });
    await cluster.untilStatus(PROJECT, marker, { phase: 'Running' });
  }

  it('without a pod says what the events of its Job say, also after its deadline', async () => {
    const { job, fails } = await run('denied');
    await untilHealth('denied', { reason: 'Starting', message: 'The pod has not been created yet' });
    await putEvent(admin, job, {
      type: 'Warning',
      reason: 'FailedCreate',
      message: `Error creating: pods "x" is forbidden: ${QUOTA}`,
    });
    const health = {
      status: 'False',
      reason: 'QuotaExceeded',
      message: expect.stringContaining('the quota small'),
    };
    await untilHealth('denied', health);
    await fails('DeadlineExceeded');
    await cluster.untilStatus(PROJECT, 'denied', { phase: 'Failed' });
    await untilHealth('denied', health);
  });

  it('whose pod does not start says what the events of the pod say', async () => {
    const { pod } = await run('unmounted');
    const waiting = { reason: 'ContainerCreating' };
    const path = await pod({ phase: 'Pending', ...containerStatuses({ waiting }) });
    await putEvent(admin, (await admin.get(path)).body, {
      type: 'Warning',
      reason: 'FailedMount',
      message: 's3cret',
    });
    await untilHealth('unmounted', { status: 'False', reason: 'VolumeMountFailed' });
  });

  it('whose image could not be pulled says so after its deadline, which deletes the pod', async () => {
    const { pod, fails } = await run('no-image');
    const path = await pod({
      phase: 'Pending',
      ...containerStatuses({ waiting: { reason: 'ImagePullBackOff' } }),
    });
    await untilHealth('no-image', { reason: 'ImagePullFailed' });
    await admin.delete(path, { gracePeriodSeconds: 0 });
    await fails('DeadlineExceeded', { failed: 1 });
    await cluster.untilStatus(PROJECT, 'no-image', { phase: 'Failed' });
    await untilHealth('no-image', { status: 'False', reason: 'ImagePullFailed' });
  });

  it('that was Running is not Creating again when its pod is deleted before its Job fails', async () => {
    const { pod, fails } = await run('deleted');
    const path = await pod({ phase: 'Running' });
    await cluster.untilStatus(PROJECT, 'deleted', { phase: 'Running' });
    await admin.delete(path, { gracePeriodSeconds: 0 });
    await untilSeen('deleted');
    expect((await cluster.session(PROJECT, 'deleted')).status.phase).toBe('Running');
    await fails('DeadlineExceeded', { failed: 1 });
    await cluster.untilStatus(PROJECT, 'deleted', { phase: 'Failed' });
    await untilHealth('deleted', { reason: 'DeadlineExceeded' });
  });

  it('that a queue suspends while it is Running is Creating until its next pod runs', async () => {
    const { job, pod } = await run('queued');
    const jobPath = `${JOBS(PROJECT)}/${job.metadata.name}`;
    const path = await pod({ phase: 'Running' });
    await cluster.untilStatus(PROJECT, 'queued', { phase: 'Running' });
    await admin.patch(jobPath, { spec: { suspend: true } });
    await cluster.setStatus(jobPath, { startTime: null, active: 0 });
    await admin.delete(path, { gracePeriodSeconds: 0 });
    await untilHealth('queued', { status: 'False', reason: 'Suspended' });
    await cluster.untilStatus(PROJECT, 'queued', { phase: 'Creating' });
    await admin.patch(jobPath, { spec: { suspend: false } });
    await cluster.setStatus(jobPath, { startTime: ago(0), active: 1 });
    await untilHealth('queued', { reason: 'Starting' });
    expect((await cluster.session(PROJECT, 'queued')).status.phase).toBe('Creating');
    await pod({ phase: 'Running' });
    await cluster.untilStatus(PROJECT, 'queued', { phase: 'Running' });
    await untilHealth('queued', { reason: 'Running' });
  });

  it('keeps the cause that another replica has seen', async () => {
    await (await run('known')).fails('DeadlineExceeded', { failed: 1 });
    await cluster.untilStatus(PROJECT, 'known', { phase: 'Failed' });
    await replica.close();
    const other = await cluster.startReplica({ timings: TIMINGS });
    await untilSeen('known');
    for (const [name, reason] of [
      ['denied', 'QuotaExceeded'],
      ['no-image', 'ImagePullFailed'],
      ['known', 'DeadlineExceeded'],
    ] as const)
      expect((await cluster.conditions(PROJECT, name)).RunHealthy).toMatchObject({ reason });
    await other.close();
  });
});
