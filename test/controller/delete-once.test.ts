import { beforeAll, describe, expect, it } from 'vitest';
import { type Rule, startClusterProxy, status } from '../support/cluster-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { JOBS, jobEnd, SESSIONS } from '../support/objects.ts';
import {
  ago,
  DESIRED,
  PATIENT,
  type Replica,
  runTemplate,
  STOPPED,
  startControlledCluster,
} from './fixture.ts';

const PROJECT = 'delete-once';
const isJobWatch = (path: string) => path.includes('/jobs?') && path.includes('watch=true');

/** The Jobs are listed, and nothing that happens to them afterwards is seen. */
const withoutJobEvents: Rule = ({ path }, forward) => (isJobWatch(path) ? new Promise(() => {}) : forward());

describe('a Job whose deletion the watch has not shown yet', () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, makeRun, setStatus, untilStatus, annotate } = cluster;
  const proxy = started(
    DESCRIBE,
    () => startClusterProxy(cluster.sandbox),
    (each) => each.close(),
  );
  beforeAll(() => cluster.project(PROJECT));

  function startReplica(ttlSecondsAfterFinished = runTemplate.ttlSecondsAfterFinished) {
    const runners = { mode: 'job' as const, template: { ...runTemplate, ttlSecondsAfterFinished } };
    const { endpoint } = proxy();
    return cluster.startReplica({ runners, timings: PATIENT }, { endpoint });
  }
  /** Passes over the session, each of which has a status to correct. */
  async function passOver(name: string, phase: string) {
    for (let pass = 0; pass < 3; pass += 1) {
      await setStatus(`${SESSIONS(PROJECT)}/${name}`, { phase: 'Running' });
      await untilStatus(PROJECT, name, { phase });
    }
  }
  const deletions = ({ acts }: Replica, run: string) =>
    acts
      .filter(({ act, object }) => act === 'deleteJob' && object.name === run)
      .map(({ outcome }) => outcome);
  const stop = (name: string) =>
    annotate(PROJECT, name, { [DESIRED]: 'Stopped', [STOPPED]: new Date().toISOString() });

  it('is deleted once, however many passes there are', async () => {
    proxy().set(withoutJobEvents);
    const run = await makeRun(await startedSession(PROJECT, 'stopped'));
    const replica = await startReplica();
    await untilStatus(PROJECT, 'stopped', { phase: 'Creating' });
    await stop('stopped');
    await untilStatus(PROJECT, 'stopped', { phase: 'Stopping' });
    await passOver('stopped', 'Stopping');
    expect(deletions(replica, run)).toEqual(['done']);
  });

  it('is deleted again if the deletion failed', async () => {
    let failures = 2;
    proxy().set((request, forward) => {
      if (request.method !== 'DELETE' || !request.path.includes('/jobs/'))
        return withoutJobEvents(request, forward);
      failures -= 1;
      return failures >= 0 ? status(500, 'InternalError') : forward();
    });
    const run = await makeRun(await startedSession(PROJECT, 'failing'));
    const replica = await startReplica();
    await untilStatus(PROJECT, 'failing', { phase: 'Creating' });
    await stop('failing');
    await eventually(async () => expect((await admin.get(`${JOBS(PROJECT)}/${run}`)).status).toBe(404));
    await eventually(() => expect(deletions(replica, run)).toEqual(['failed', 'failed', 'done']));
  });

  it('is deleted once when its time to live is over', async () => {
    proxy().set(withoutJobEvents);
    const run = await makeRun(await startedSession(PROJECT, 'ended'));
    await setStatus(`${JOBS(PROJECT)}/${run}`, { startTime: ago(20), ...jobEnd('Complete', ago(10)) });
    // Its deletion is accepted, and not complete.
    await admin.patch(`${JOBS(PROJECT)}/${run}`, { metadata: { finalizers: ['test/hold'] } });
    const replica = await startReplica(1);
    await eventually(() => expect(deletions(replica, run)).toEqual(['done']));
    await passOver('ended', 'Completed');
    expect(deletions(replica, run)).toEqual(['done']);
    await admin.patch(`${JOBS(PROJECT)}/${run}`, { metadata: { finalizers: null } });
  });
});
