import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { controlledBy, JOBS, jobEnd, projectSettings, SESSIONS, SETTINGS } from '../support/objects.ts';
import { putPod } from '../support/put-objects.ts';
import {
  ago,
  DESIRED,
  PATHS,
  PATIENT,
  type Replica,
  runTemplate,
  STARTED,
  STOPPED,
  startControlledCluster,
  TIMINGS,
} from './fixture.ts';

const PROJECT = 'stop';
const complete = () => ({ startTime: ago(20), ...jobEnd('Complete', ago(10)) });

describe('a run that is not wanted any more', () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, session, jobs, makeRun, setStatus, untilStatus, annotate } = cluster;
  let replica: Replica;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    replica = await cluster.startReplica({ timings: PATIENT });
  });

  async function running(name: string, spec: Record<string, unknown> = {}, startTime = ago(5)) {
    const stored = await startedSession(PROJECT, name, { spec });
    const run = await makeRun(stored);
    const { body: job } = await admin.get(`${JOBS(PROJECT)}/${run}`);
    const pod = await putPod(admin, job, {
      metadata: { ...controlledBy(job, { blockOwnerDeletion: true }), finalizers: ['test/hold'] },
      status: { phase: 'Running' },
    });
    await setStatus(`${JOBS(PROJECT)}/${run}`, { startTime, active: 1, ready: 1 });
    await untilStatus(PROJECT, name, { phase: 'Running' });
    const release = () =>
      admin.patch(`/api/v1/namespaces/${PROJECT}/pods/${pod.metadata.name}`, {
        metadata: { finalizers: null },
      });
    return { uid: stored.metadata.uid, run, release };
  }
  const stop = (name: string, at = new Date().toISOString()) =>
    annotate(PROJECT, name, { [DESIRED]: 'Stopped', [STOPPED]: at });

  it('is Stopping until its last pod is gone, then Stopped by the user', async () => {
    const { uid, release } = await running('stopped');
    await stop('stopped');
    await untilStatus(PROJECT, 'stopped', { phase: 'Stopping', stoppedReason: 'user' });
    expect(await jobs(PROJECT, uid)).toHaveLength(1);
    await release();
    await untilStatus(PROJECT, 'stopped', { phase: 'Stopped', stoppedReason: 'user' });
    const { status } = await session(PROJECT, 'stopped');
    expect(Date.parse(status.completionTime)).toBeGreaterThanOrEqual(Date.parse(status.startTime));
    expect(await jobs(PROJECT, uid)).toEqual([]);
    const deleted = replica.done('deleteJob').filter(({ object }) => object.name?.includes(uid));
    expect(deleted).toHaveLength(1);
  });

  it('whose Job somebody else has deleted is Stopping until its pod is gone, too', async () => {
    const { run, release } = await running('deleted');
    await admin.delete(`${JOBS(PROJECT)}/${run}`, { propagationPolicy: 'Background' });
    await untilStatus(PROJECT, 'deleted', { phase: 'Stopping' });
    await stop('deleted');
    await untilStatus(PROJECT, 'deleted', { phase: 'Stopping', stoppedReason: 'user' });
    await release();
    await untilStatus(PROJECT, 'deleted', { phase: 'Stopped' });
  });

  it('takes its token and its rights with it', async () => {
    const { run, release } = await running('revoked');
    await stop('revoked');
    await release();
    for (const path of Object.values(PATHS)) {
      await eventually(async () => expect((await admin.get(`${path(PROJECT)}/${run}`)).status).toBe(404));
    }
  });

  it('is started again: a new run, and one only', async () => {
    const { uid, release } = await running('again');
    await stop('again');
    await release();
    await untilStatus(PROJECT, 'again', { phase: 'Stopped' });
    const at = new Date().toISOString();
    await annotate(PROJECT, 'again', { [DESIRED]: 'Running', [STARTED]: at });
    await cluster.requestFails(PROJECT, 'again');
    await untilStatus(PROJECT, 'again', { phase: 'Creating' });
    const made = await jobs(PROJECT, uid);
    expect(made.map((job: { metadata: { annotations: object } }) => job.metadata.annotations)).toEqual([
      expect.objectContaining({ [STARTED]: at }),
    ]);
    const { status } = await session(PROJECT, 'again');
    for (const field of ['completionTime', 'stoppedReason']) expect(status).not.toHaveProperty(field);
  });

  it('is Stopped where the Job of an earlier run is still there', async () => {
    const stored = await startedSession(PROJECT, 'second');
    const { uid } = stored.metadata;
    await setStatus(`${JOBS(PROJECT)}/${await makeRun(stored)}`, complete());
    await untilStatus(PROJECT, 'second', { phase: 'Completed' });
    await annotate(PROJECT, 'second', { [DESIRED]: 'Running', [STARTED]: new Date().toISOString() });
    await cluster.requestFails(PROJECT, 'second');
    await eventually(async () => expect(await jobs(PROJECT, uid)).toHaveLength(2));
    await stop('second');
    await untilStatus(PROJECT, 'second', { phase: 'Stopped', stoppedReason: 'user' });
    expect(await jobs(PROJECT, uid)).toHaveLength(1);
  });

  it('gives way where another start is asked for while it runs', async () => {
    const { uid, release } = await running('restarted');
    const at = new Date().toISOString();
    await annotate(PROJECT, 'restarted', { [STARTED]: at });
    await untilStatus(PROJECT, 'restarted', { phase: 'Stopping' });
    expect(await jobs(PROJECT, uid)).toHaveLength(1);
    await release();
    await cluster.requestFails(PROJECT, 'restarted');
    await eventually(async () => {
      const [job, ...more] = await jobs(PROJECT, uid);
      expect([job?.metadata.annotations[STARTED], more]).toEqual([at, []]);
    });
  });

  it('is ended after its inactivity, which says so', async () => {
    const { uid, release } = await running('inactive', { inactivityTimeout: 3_600 });
    await admin.patch(`${SESSIONS(PROJECT)}/inactive`, { spec: { inactivityTimeout: 3 } });
    await untilStatus(PROJECT, 'inactive', { phase: 'Stopping', stoppedReason: 'inactivity' });
    await release();
    await untilStatus(PROJECT, 'inactive', { phase: 'Stopped', stoppedReason: 'inactivity' });
    const { metadata } = await session(PROJECT, 'inactive');
    expect(metadata.annotations[DESIRED]).toBe('Stopped');
    expect(await jobs(PROJECT, uid)).toEqual([]);
  });

  it('is ended after the inactivity that its project allows, where it says nothing itself', async () => {
    await running('unspecified');
    await running('patient', { inactivityTimeout: 0 });
    await admin.create(SETTINGS(PROJECT), projectSettings({ inactivityTimeoutSeconds: 3 }));
    await untilStatus(PROJECT, 'unspecified', { phase: 'Stopping', stoppedReason: 'inactivity' });
    await admin.delete(`${SETTINGS(PROJECT)}/projectsettings`);
    expect((await session(PROJECT, 'patient')).status).toMatchObject({ phase: 'Running' });
  });

  it('is not inactive while its runner says that it works, nor where it may be idle for ever', async () => {
    await running('idle', { inactivityTimeout: 0 }, ago(500));
    const stored = await startedSession(PROJECT, 'works', { spec: { inactivityTimeout: 100 } });
    await setStatus(`${SESSIONS(PROJECT)}/works`, { lastActivityTime: ago(1) });
    const run = await makeRun(stored);
    await setStatus(`${JOBS(PROJECT)}/${run}`, { startTime: ago(500), active: 1, ready: 1 });
    await running('inactive-too', { inactivityTimeout: 3_600 });
    await admin.patch(`${SESSIONS(PROJECT)}/inactive-too`, { spec: { inactivityTimeout: 3 } });
    await untilStatus(PROJECT, 'inactive-too', { phase: 'Stopping' });
    for (const name of ['idle', 'works']) {
      expect((await session(PROJECT, name)).metadata.annotations[DESIRED], name).toBe('Running');
    }
  });
});

describe('a run that has ended by itself', () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, session, jobs, makeRun, setStatus, untilStatus, annotate } = cluster;
  beforeAll(() => cluster.project(PROJECT));

  it('is not started again, neither while its Job is there nor when it is gone', async () => {
    await cluster.startReplica({ timings: PATIENT });
    const stored = await startedSession(PROJECT, 'completed');
    const { uid } = stored.metadata;
    const run = await makeRun(stored);
    await setStatus(`${JOBS(PROJECT)}/${run}`, complete());
    await untilStatus(PROJECT, 'completed', { phase: 'Completed' });
    expect((await session(PROJECT, 'completed')).metadata.annotations[DESIRED]).toBe('Stopped');
    await admin.delete(`${JOBS(PROJECT)}/${run}`);
    const marker = await startedSession(PROJECT, 'marker');
    await cluster.requestFails(PROJECT, 'marker');
    await eventually(async () => expect(await jobs(PROJECT, marker.metadata.uid)).toHaveLength(1));
    expect(await jobs(PROJECT, uid)).toEqual([]);
    expect((await session(PROJECT, 'completed')).status).toMatchObject({ phase: 'Completed' });
  });

  it('gets the next number where its Job is still there', async () => {
    await cluster.startReplica({ timings: PATIENT });
    const stored = await startedSession(PROJECT, 'next');
    const run = await makeRun(stored);
    await setStatus(`${JOBS(PROJECT)}/${run}`, complete());
    await untilStatus(PROJECT, 'next', { phase: 'Completed' });
    await annotate(PROJECT, 'next', { [DESIRED]: 'Running', [STARTED]: new Date().toISOString() });
    await cluster.requestFails(PROJECT, 'next');
    await untilStatus(PROJECT, 'next', { phase: 'Creating' });
    const names = (await jobs(PROJECT, stored.metadata.uid)).map(
      (job: { metadata: { name: string } }) => job.metadata.name,
    );
    expect(names).toEqual([run, run.replace(/1$/, '2')]);
  });

  it('is cleared away when the template\u2019s time is over; its session stays as it ended', async () => {
    await cluster.startReplica({
      runners: { mode: 'job', template: { ...runTemplate, ttlSecondsAfterFinished: 5 } },
    });
    const stored = await startedSession(PROJECT, 'cleared');
    const run = await makeRun(stored);
    await setStatus(`${JOBS(PROJECT)}/${run}`, complete());
    for (const path of Object.values(PATHS)) {
      await eventually(async () => expect((await admin.get(`${path(PROJECT)}/${run}`)).status).toBe(404));
    }
    await untilStatus(PROJECT, 'cleared', { phase: 'Completed' });
  });

  it('is ended by its Job\u2019s own deadline, which every Job has', async () => {
    await cluster.startReplica({ timings: { ...TIMINGS, createAfterMs: 0, repairAfterMs: 0 } });
    const stored = await startedSession(PROJECT, 'bounded', { spec: { timeout: 77 } });
    await untilStatus(PROJECT, 'bounded', { phase: 'Creating' });
    const [job] = await jobs(PROJECT, stored.metadata.uid);
    expect(job.spec.activeDeadlineSeconds).toBe(77);
  });
});
