import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Leadership } from '../../src/controller/runtime/leadership.ts';
import { OrphanSweep } from '../../src/controller/session/orphan-sweep.ts';
import { ReconcileClient } from '../../src/controller/session/reconcile-client.ts';
import { Reconciler } from '../../src/controller/session/reconciler.ts';
import { type SessionCache, sessionKey } from '../../src/controller/session/session-cache.ts';
import type { Job } from '../../src/kubernetes/resources.ts';
import type { ClusterTransport } from '../../src/kubernetes/transport.ts';
import type { AgenticSession } from '../../src/model/session.ts';
import { JOBS, jobEnd, SESSIONS } from '../support/objects.ts';
import { putSession } from '../support/put-objects.ts';
import { transportTo } from '../support/transport.ts';
import {
  ago,
  DESIRED,
  leftBehind,
  PATHS,
  runOf,
  runTemplate,
  STARTED,
  startControlledCluster,
  TIMINGS,
} from './fixture.ts';

const PROJECT = 'stale';

describe('what the watches have not told yet', () => {
  const cluster = startControlledCluster();
  const { admin, sandbox } = cluster;
  let leadership: Leadership;
  let transport: ClusterTransport;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    leadership = new Leadership(performance.now() + 3_600_000);
    transport = transportTo(sandbox);
  });
  afterAll(async () => {
    leadership.end();
    await transport.destroy();
  });
  const acts: string[] = [];
  const newClient = () =>
    new ReconcileClient({
      transport,
      credential: async () => `Bearer ${sandbox.identities.controller.token}`,
      leadership,
      identity: 'test',
      audit: ({ act, object }) => {
        if (act !== 'recordEvent') acts.push(`${act} ${object.kind}`);
      },
    });
  const seeing = (seen: Partial<SessionCache>) =>
    ({
      projects: {
        managedNamespaces: () => [PROJECT],
        isManaged: () => true,
        inactivityTimeoutSeconds: () => 86_400,
        runnerSecretsName: () => undefined,
      },
      session: () => undefined,
      runs: () => [],
      pods: () => [],
      deletedJob: () => undefined,
      runsWithoutJob: () => [],
      forgetRunsWithoutJob: () => {},
      update: () => {},
      noteJobDeletion: () => {},
      ...seen,
    }) as unknown as SessionCache;
  const reconcile = (
    seen: AgenticSession,
    more: Partial<SessionCache> = {},
    template: Partial<typeof runTemplate> = {},
  ) => {
    const cache = seeing({ session: () => seen, ...more });
    const reconciler = new Reconciler({
      cache,
      newClient,
      runners: { mode: 'job', template: { ...runTemplate, ...template } },
      timings: { ...TIMINGS, createAfterMs: 0, repairAfterMs: 0 },
    });
    return reconciler.reconcile(sessionKey(PROJECT, seen.metadata.uid));
  };

  it('is no reason to delete: the sweep asks for the session itself', async () => {
    const lives = await putSession(admin, PROJECT, 'lives');
    const gone = await putSession(admin, PROJECT, 'gone');
    const paths = [];
    for (const session of [lives, gone]) {
      await admin.create(PATHS.Role(PROJECT), leftBehind(runOf(session).Role));
      paths.push(`${PATHS.Role(PROJECT)}/session-${session.metadata.uid}-1`);
    }
    await admin.delete(`${SESSIONS(PROJECT)}/gone`);
    const sweep = new OrphanSweep({
      cache: seeing({}),
      newClient,
      graceMs: 0,
      onError: (_, error) => {
        throw error;
      },
    });
    await sweep.run(new AbortController().signal);
    expect(await Promise.all(paths.map(async (path) => (await admin.get(path)).status))).toEqual([200, 404]);
  });

  it('is no reason to stop: a session that was just started is asked for first', async () => {
    const seen = await putSession(admin, PROJECT, 'just-started');
    await cluster.annotate(PROJECT, 'just-started', {
      [DESIRED]: 'Running',
      [STARTED]: '2026-01-01T00:00:00Z',
    });
    const job = await admin.create(JOBS(PROJECT), runOf(seen).Job);
    acts.length = 0;
    await reconcile(seen, { runs: () => [{ number: 1, job }] });
    expect(acts).toEqual([]);
    expect((await admin.get(`${JOBS(PROJECT)}/${job.metadata.name}`)).body.metadata).not.toHaveProperty(
      'deletionTimestamp',
    );
  });

  it('is no reason to run: a session that was just stopped, replaced or served is asked for first', async () => {
    const stopped = await cluster.startedSession(PROJECT, 'just-stopped');
    await cluster.annotate(PROJECT, 'just-stopped', { [DESIRED]: 'Stopped' });
    const replaced = await cluster.startedSession(PROJECT, 'just-replaced');
    await admin.delete(`${SESSIONS(PROJECT)}/just-replaced`);
    await cluster.startedSession(PROJECT, 'just-replaced');
    const served = await cluster.startedSession(PROJECT, 'just-served');
    await cluster.makeRun(served);
    acts.length = 0;
    for (const session of [stopped, replaced, served]) await reconcile(session);
    expect(acts).toEqual([]);
  });

  it('is no reason to run twice: Jobs that were not seen are counted, and one that goes on is waited for', async () => {
    const run = await cluster.makeRun(await cluster.startedSession(PROJECT, 'goes-on'));
    await cluster.annotate(PROJECT, 'goes-on', { [STARTED]: '2027-01-01T00:00:00Z' });
    const restarted = await cluster.session(PROJECT, 'goes-on');
    const runs = async () =>
      (await cluster.jobs(PROJECT, restarted.metadata.uid)).map((job: AgenticSession) => job.metadata.name);
    acts.length = 0;
    await reconcile(restarted);
    expect([acts, await runs()]).toEqual([[], [run]]);
    const ended = { startTime: ago(5), ...jobEnd('Complete', ago(1)) };
    await cluster.setStatus(`${JOBS(PROJECT)}/${run}`, ended);
    await reconcile(restarted);
    const second = run.replace(/1$/, '2');
    expect(await runs()).toEqual([run, second]);
    // This start has had its run.
    await cluster.setStatus(`${JOBS(PROJECT)}/${second}`, ended);
    acts.length = 0;
    await reconcile(restarted);
    expect([acts, await runs()]).toEqual([[], [run, second]]);
  });

  it('is asked for of Jobs that have not been seen finished, and of no others', async () => {
    const run = await cluster.makeRun(await cluster.startedSession(PROJECT, 'finished'));
    await cluster.setStatus(`${JOBS(PROJECT)}/${run}`, { startTime: ago(5), ...jobEnd('Complete', ago(1)) });
    await cluster.annotate(PROJECT, 'finished', { [STARTED]: '2027-01-01T00:00:00Z' });
    const restarted = await cluster.session(PROJECT, 'finished');
    const { body: job } = await admin.get(`${JOBS(PROJECT)}/${run}`);
    const since = sandbox.requests.length;
    await reconcile(restarted, { runs: () => [{ number: 1, job }] });
    expect(await cluster.jobs(PROJECT, restarted.metadata.uid)).toHaveLength(2);
    const wholeJobs = sandbox.requests
      .slice(since)
      .filter(({ verb, resource, user }) => verb === 'list' && resource === 'jobs' && user !== 'admin')
      .filter(({ accept }) => !accept?.includes('as=PartialObjectMetadataList'));
    expect(wholeJobs).toEqual([]);
  });

  it('is no reason to call a new start ended: only the start that was seen is', async () => {
    const seen = await cluster.startedSession(PROJECT, 'just-restarted');
    const stored = await admin.create(JOBS(PROJECT), runOf(seen).Job);
    const ended = { ...stored, status: { conditions: [{ type: 'Complete', status: 'True' }] } };
    await cluster.annotate(PROJECT, 'just-restarted', { [STARTED]: '2027-01-01T00:00:00Z' });
    acts.length = 0;
    await reconcile(seen, { runs: () => [{ number: 1, job: ended }] });
    expect(acts).toEqual([]);
    expect((await cluster.session(PROJECT, 'just-restarted')).metadata.annotations[DESIRED]).toBe('Running');
  });

  it('is no reason to call a session inactive: what its runner has said since counts', async () => {
    const started = await cluster.startedSession(PROJECT, 'just-active', {
      spec: { inactivityTimeout: 100 },
    });
    const stored = await admin.create(JOBS(PROJECT), runOf(started).Job);
    const job = { ...stored, status: { startTime: ago(500), active: 1 } };
    const path = `${SESSIONS(PROJECT)}/just-active`;
    await cluster.setStatus(path, { phase: 'Running', lastActivityTime: ago(300) });
    const seen = await cluster.session(PROJECT, 'just-active');
    await cluster.setStatus(path, { lastActivityTime: ago(1) });
    acts.length = 0;
    await reconcile(seen, { runs: () => [{ number: 1, job }] });
    expect(acts).toEqual([]);
    await cluster.setStatus(path, { lastActivityTime: ago(300) });
    await reconcile(seen, { runs: () => [{ number: 1, job }] });
    expect(acts).toEqual(['setDesiredPhase AgenticSession']);
  });

  it('is no reason to clean up: a run that has the number of an ended one by now is left alone', async () => {
    const seen = await putSession(admin, PROJECT, 'begun-anew', { status: { phase: 'Completed' } });
    const old: Job = { ...runOf(seen).Job, status: jobEnd('Complete', ago(3_600)) };
    old.metadata.uid = randomUUID();
    const run = await cluster.makeRun(seen);
    acts.length = 0;
    const runs = () => [{ number: 1, job: old }];
    await reconcile(seen, { runs, deletedJob: () => undefined }, { ttlSecondsAfterFinished: 1 });
    expect(acts.filter((act) => !act.startsWith('updateSessionStatus'))).toEqual([]);
    for (const path of Object.values(PATHS))
      expect((await admin.get(`${path(PROJECT)}/${run}`)).status).toBe(200);
  });

  it('is acted on by nobody who does not lead any more', async () => {
    const session = await cluster.startedSession(PROJECT, 'too-late');
    const over = new Leadership(performance.now() + 60_000);
    const client = new ReconcileClient({
      transport,
      credential: async () => `Bearer ${sandbox.identities.controller.token}`,
      leadership: over,
      identity: 'test',
      audit: () => {},
    });
    over.end();
    const before = sandbox.requests.length;
    const target = { act: 'createRunObject' as const, type: { ...JOB_TYPE }, namespace: PROJECT };
    await expect(client.create(target, runOf(session).Job)).rejects.toThrow('no longer the leader');
    await expect(client.dryRunCreate(JOB_TYPE, PROJECT, runOf(session).Job)).rejects.toThrow(
      'no longer the leader',
    );
    expect(sandbox.requests.length).toBe(before);
  });
});

const JOB_TYPE = { group: 'batch', version: 'v1', resource: 'jobs', kind: 'Job', namespaced: true };
