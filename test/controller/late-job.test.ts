import { beforeAll, describe, expect, it } from 'vitest';
import { startClusterProxy, status } from '../support/cluster-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE, inTest, started } from '../support/hooks.ts';
import { JOBS, jobEnd } from '../support/objects.ts';
import { ago, PATHS, PATIENT, RUN_KINDS, runOf, startControlledCluster } from './fixture.ts';

const PROJECT = 'late-job';
const QUOTA = status(403, 'Forbidden', { message: 'jobs.batch "x" is forbidden: exceeded quota: q' });

describe("a run's Job whose creation timed out", () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, jobs, conditions } = cluster;
  const proxy = started(
    DESCRIBE,
    () => startClusterProxy(cluster.sandbox),
    (each) => each.close(),
  );
  beforeAll(() => cluster.project(PROJECT));

  /** When the first creation arrives: right before this call of the second attempt, which then gets the reply. */
  const ARRIVALS: [when: string, isDryRun: boolean, reply: typeof QUOTA | undefined][] = [
    ['before the next attempt has checked the Job', true, undefined],
    ['before the next attempt has checked the Job, and leaves nothing of the quota', true, QUOTA],
    ['before the next attempt creates the Job', false, undefined],
  ];

  it.each(ARRIVALS.map((row, index) => [...row, index] as const))(
    'and that arrives %s is the Job of the run, which keeps all its objects',
    async (_, isDryRun, reply, index) => {
      const name = `late-${index}`;
      const { metadata } = await startedSession(PROJECT, name);
      let late: string | undefined;
      let hasArrived = false;
      proxy().set(async ({ method, path, body }, forward) => {
        if (method !== 'POST' || !path.includes('/jobs?') || !body.includes(metadata.uid)) return forward();
        if (late === undefined && !path.includes('dryRun=All')) {
          late = body;
          return status(504, 'Timeout');
        }
        if (late === undefined || hasArrived || path.includes('dryRun=All') !== isDryRun) return forward();
        hasArrived = true;
        await admin.create(JOBS(PROJECT), JSON.parse(late));
        return reply ?? forward();
      });
      const replica = await cluster.startReplica({ timings: PATIENT }, { endpoint: proxy().endpoint });
      await cluster.requestFails(PROJECT, name);
      await eventually(async () =>
        expect(await conditions(PROJECT, name)).toMatchObject({ RunCreated: { status: 'True' } }),
      );
      expect(await jobs(PROJECT, metadata.uid)).toHaveLength(1);
      for (const kind of RUN_KINDS) {
        const { status: found, body } = await admin.get(`${PATHS[kind](PROJECT)}/session-${metadata.uid}-1`);
        expect(found, kind).toBe(200);
        if (kind === 'Secret') expect(Object.keys(body.data)).toEqual(['token']);
      }
      const given = replica.problems.filter(({ reason }) => reason !== undefined);
      expect(given).toEqual([]);
    },
  );
});

it('a session whose Job has the highest number gets a condition that says so, although no request has failed', async () => {
  const cluster = await inTest(startControlledCluster);
  await cluster.project(PROJECT);
  const stored = await cluster.startedSession(PROJECT, 'used-up');
  const { Job } = runOf(stored, 999_999_999);
  Job.metadata.annotations = {};
  await cluster.admin.create(JOBS(PROJECT), Job);
  const ended = { startTime: ago(20), ...jobEnd('Complete', ago(10)) };
  await cluster.setStatus(`${JOBS(PROJECT)}/${Job.metadata.name}`, ended);
  const replica = await cluster.startReplica({ timings: { ...PATIENT, createAfterMs: 0 } });
  await eventually(async () =>
    expect((await cluster.conditions(PROJECT, 'used-up')).RunCreated).toMatchObject({
      status: 'False',
      reason: 'RunNumbersUsedUp',
    }),
  );
  // The condition is stored before the replica has the response.
  await eventually(() =>
    expect(new Set(replica.acts.map(({ act }) => act))).toEqual(new Set(['updateSessionStatus'])),
  );
  expect(replica.problems).toEqual([expect.objectContaining({ reason: 'RunNumbersUsedUp' })]);
});
