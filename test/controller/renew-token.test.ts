import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { JOBS, jobEnd } from '../support/objects.ts';
import { ago, PATHS, PATIENT, startControlledCluster } from './fixture.ts';

const PROJECT = 'renewal';
const EXPIRES = 'ambient-code.io/token-expires-at';
const MINTED = 'ambient-code.io/token-minted-at';
const at = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

describe("a run's token", () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, makeRun, setStatus, untilStatus } = cluster;
  beforeAll(() => cluster.project(PROJECT));
  const startReplica = () => cluster.startReplica({ timings: PATIENT });

  /** A run with a token of which a part of its life is over. */
  async function runWithToken(name: string, minted: number, expires: number) {
    const stored = await startedSession(PROJECT, name, { spec: { timeout: 3_600 } });
    const run = await makeRun(stored, tokenFrom(minted, expires));
    const secret = `${PATHS.Secret(PROJECT)}/${run}`;
    const job = `${JOBS(PROJECT)}/${run}`;
    await setStatus(job, { startTime: ago(10), active: 1, ready: 1 });
    return { stored, secret, job, read: async () => (await admin.get(secret)).body };
  }
  const tokenFrom = (minted: number, expires: number) => ({
    metadata: { annotations: { [MINTED]: at(minted), [EXPIRES]: at(expires) } },
    data: { token: 'b2xk' },
  });

  it('is minted anew, for the same Secret, when most of its life is over', async () => {
    await startReplica();
    const { secret, read, stored } = await runWithToken('due', -900, 100);
    const { uid } = (await admin.get(secret)).body.metadata;
    await eventually(async () => expect((await read()).data.token).not.toBe('b2xk'));
    const { metadata, data } = await read();
    expect(metadata.uid).toBe(uid);
    // For what is left of the run, and some more.
    expect(Date.parse(metadata.annotations[EXPIRES])).toBeGreaterThan(Date.now() + 3_590_000);
    const reviews = '/apis/authentication.k8s.io/v1/tokenreviews';
    const review = async () =>
      (await admin.post(reviews, { spec: { token: Buffer.from(data.token, 'base64').toString() } })).body
        .status;
    expect(await review()).toMatchObject({
      authenticated: true,
      user: { username: `system:serviceaccount:${PROJECT}:session-${stored.metadata.uid}-1` },
    });
    await admin.delete(secret);
    await eventually(async () => expect((await review()).authenticated ?? false).toBe(false));
  });

  it('is left alone while it is young, where it outlives the run, and where the run has ended', async () => {
    const young = await runWithToken('young', -100, 900);
    const long = await runWithToken('long', -100_000, 5_000);
    // Of a Job that has not started yet it could not be told whether the token outlives it.
    await startReplica();
    const ended = await runWithToken('ended', -100, 900);
    await setStatus(ended.job, jobEnd('Complete', ago(5)));
    await untilStatus(PROJECT, 'ended', { phase: 'Completed' });
    await admin.patch(ended.secret, tokenFrom(-900, 100));
    const due = await runWithToken('due-too', -900, 100);
    await eventually(async () => expect((await due.read()).data.token).not.toBe('b2xk'));
    for (const { stored, read } of [young, long, ended])
      expect((await read()).data.token, stored.metadata.name).toBe('b2xk');
  });

  it('is not put into a Secret that is not the run\u2019s', async () => {
    const replica = await startReplica();
    const { secret, read } = await runWithToken('foreign', -100, 900);
    await admin.patch(secret, {
      metadata: { ownerReferences: null, annotations: { [MINTED]: at(-900), [EXPIRES]: at(1) } },
    });
    const due = await runWithToken('due-later', -900, 100);
    await eventually(async () => expect((await due.read()).data.token).not.toBe('b2xk'));
    expect((await read()).data.token).toBe('b2xk');
    const name = secret.split('/').at(-1);
    expect(replica.acts.filter((record) => record.object.name === name)).toEqual([]);
  });
});
