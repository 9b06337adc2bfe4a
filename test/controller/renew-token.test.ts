import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ReconcileClient } from '../../src/controller/session/reconcile-client.ts';
import { TokenRenewal } from '../../src/controller/session/token-renewal.ts';
import type { Job } from '../../src/kubernetes/resources.ts';
import { eventually } from '../support/eventually.ts';
import { JOBS, jobEnd } from '../support/objects.ts';
import { ago, EXPIRES, PATHS, PATIENT, type Replica, SECRET_UID, startControlledCluster } from './fixture.ts';

const PROJECT = 'renewal';
const FOREIGN_UID = '5e551000-0000-4000-8000-0000000000cc';
const at = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

describe("a run's token", () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, makeRun, setStatus, untilStatus } = cluster;
  beforeAll(() => cluster.project(PROJECT));
  const startReplica = () => cluster.startReplica({ timings: PATIENT });

  /** A run that was made just now, with a token that expires in so many seconds. */
  async function runWithToken(name: string, seconds: number) {
    const stored = await startedSession(PROJECT, name, { spec: { timeout: 3_600 } });
    const run = await makeRun(stored, { data: { token: 'b2xk' } }, 1, { [EXPIRES]: at(seconds) });
    const secret = `${PATHS.Secret(PROJECT)}/${run}`;
    const account = `${PATHS.ServiceAccount(PROJECT)}/${run}`;
    const job = `${JOBS(PROJECT)}/${run}`;
    await setStatus(job, { startTime: ago(10), active: 1, ready: 1 });
    return { stored, run, secret, account, job, read: async () => (await admin.get(secret)).body };
  }
  const renewalsOf = (replica: Replica, run: string) =>
    replica.done('storeRunToken').filter(({ object }) => object.name === run).length;

  it('is minted anew, for the same Secret, when most of its life is over, and once', async () => {
    const replica = await startReplica();
    const { secret, read, stored, run } = await runWithToken('due', -1);
    const { uid } = (await admin.get(secret)).body.metadata;
    await eventually(async () => expect((await read()).data.token).not.toBe('b2xk'));
    const { metadata, data } = await read();
    expect(metadata.uid).toBe(uid);
    const reviews = '/apis/authentication.k8s.io/v1/tokenreviews';
    const review = async () =>
      (await admin.post(reviews, { spec: { token: Buffer.from(data.token, 'base64').toString() } })).body
        .status;
    expect(await review()).toMatchObject({
      authenticated: true,
      user: { username: `system:serviceaccount:${PROJECT}:session-${stored.metadata.uid}-1` },
    });
    // For what is left of the run, and some more: so it is not due again, though the Job tells of the old one.
    await admin.delete(secret);
    await eventually(async () => expect((await review()).authenticated ?? false).toBe(false));
    expect(renewalsOf(replica, run)).toBe(1);
  });

  it('is left alone while it is young, where it outlives the run, and where the run has ended', async () => {
    const young = await runWithToken('young', 900);
    const long = await runWithToken('long', 5_000);
    await startReplica();
    const ended = await runWithToken('ended', 900);
    await setStatus(ended.job, jobEnd('Complete', ago(5)));
    await untilStatus(PROJECT, 'ended', { phase: 'Completed' });
    await admin.patch(ended.job, { metadata: { annotations: { [EXPIRES]: at(-1) } } });
    const due = await runWithToken('due-too', -1);
    await eventually(async () => expect((await due.read()).data.token).not.toBe('b2xk'));
    for (const { read } of [young, long, ended]) expect((await read()).data.token).toBe('b2xk');
  });

  it('is minted anew once by a leader that does not know when it expires', async () => {
    const replica = await startReplica();
    const { read, job, run } = await runWithToken('unknown', 900);
    await admin.patch(job, { metadata: { annotations: { [EXPIRES]: null } } });
    await eventually(async () => expect((await read()).data.token).not.toBe('b2xk'));
    const other = await runWithToken('later', -1);
    await eventually(async () => expect((await other.read()).data.token).not.toBe('b2xk'));
    expect(renewalsOf(replica, run)).toBe(1);
  });

  it.each([
    ['whose Secret is another one by now', { [SECRET_UID]: FOREIGN_UID }],
    ['that an earlier version of Writ made, which did not note the Secret', { [SECRET_UID]: null }],
  ])('is not stored for a run %s', async (_, annotations) => {
    const replica = await startReplica();
    const suffix = annotations[SECRET_UID] === null ? 'old' : 'foreign';
    const { account, job, read, run } = await runWithToken(`not-${suffix}`, 900);
    await admin.patch(account, { metadata: { annotations } });
    await admin.patch(job, { metadata: { annotations: { [EXPIRES]: at(-1) } } });
    const due = await runWithToken(`after-${suffix}`, -1);
    await eventually(async () => expect((await due.read()).data.token).not.toBe('b2xk'));
    expect((await read()).data.token).toBe('b2xk');
    expect(renewalsOf(replica, run)).toBe(0);
    // Nor is another one minted every time.
    const minted = replica.acts.filter(({ act, object }) => act === 'mintRunToken' && object.name === run);
    expect(minted.length).toBeLessThanOrEqual(1);
  });
});

describe('the token of a Job that has not started', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('is left alone where it outlives the run, however slow the check is', async () => {
    let now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now++);
    const spacingMs = 60_000;
    const renewal = new TokenRenewal({ renewAtFraction: 0.8, spacingMs, giveUpMs: 600_000 });
    const job = {
      metadata: {
        uid: 'u-1',
        creationTimestamp: new Date(now - 30_000).toISOString(),
        annotations: { [EXPIRES]: new Date(now + 5_000_000).toISOString() },
      },
      spec: { activeDeadlineSeconds: 3_600 },
    } as unknown as Job;
    // Any use of the client throws.
    const client = undefined as unknown as ReconcileClient;
    expect(await renewal.reconcile(client, 'demo/one', job)).toEqual({ requeueAfterMs: spacingMs });
  });
});
