import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgenticSession } from '../../src/model/session.ts';
import { type Rule, startClusterProxy, status } from '../support/cluster-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { SESSIONS } from '../support/objects.ts';
import {
  ofSecret,
  PATHS,
  PATIENT,
  type Replica,
  RUN_KINDS,
  runOf,
  STARTED,
  startControlledCluster,
} from './fixture.ts';

const PROJECT = 'give-up';
const FORBIDDEN = 'jobs.batch "a" is forbidden';
const isJob = (path: string) => path.includes('/jobs?');
const isDryRun = (path: string) => path.includes('dryRun=All');

describe('a run that the cluster will not accept', () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, requestFails, conditions } = cluster;
  const proxy = started(
    DESCRIBE,
    () => startClusterProxy(cluster.sandbox),
    (each) => each.close(),
  );
  beforeAll(() => cluster.project(PROJECT));
  beforeEach(async () => {
    proxy().clear();
    // A replica would attempt the runs of the test before it again.
    const { items } = (await admin.get(SESSIONS(PROJECT))).body;
    for (const { metadata } of items) await admin.delete(`${SESSIONS(PROJECT)}/${metadata.name}`);
  });

  async function startReplica(giveUpMs = PATIENT.giveUpMs): Promise<Replica> {
    const { endpoint } = proxy();
    return cluster.startReplica({ timings: { ...PATIENT, giveUpMs } }, { endpoint });
  }

  /** The POSTs of Jobs for the session so far: attempts to create its run. */
  const attempts = (uid: string) =>
    proxy().seen.filter(({ method, path, body }) => method === 'POST' && isJob(path) && body.includes(uid))
      .length;
  const refuseJobs =
    (reply: ReturnType<typeof status>): Rule =>
    ({ method, path }, forward) =>
      method === 'POST' && isJob(path) ? reply : forward();

  async function left(uid: string) {
    const found = [];
    for (const kind of RUN_KINDS) {
      const { body } = await admin.get(PATHS[kind](PROJECT));
      const own = body.items.filter(({ metadata }: { metadata: { name: string } }) =>
        metadata.name.includes(uid),
      );
      found.push(...own.map(() => kind));
    }
    return found;
  }
  /** Passes over the session, in which nothing has changed that an attempt depends on. */
  async function passOver(name: string) {
    for (const lastActivityTime of [1, 2, 3]) {
      await admin.patch(`${SESSIONS(PROJECT)}/${name}/status`, {
        status: { phase: 'Failed', lastActivityTime: new Date(lastActivityTime * 1_000).toISOString() },
      });
      await cluster.untilStatus(PROJECT, name, { phase: 'Pending' });
    }
  }

  const quota = status(403, 'Forbidden', {
    message: `${FORBIDDEN}: exceeded quota: OF ADMISSION, requested: 1`,
  });
  const policy = {
    message: `${FORBIDDEN}: ValidatingAdmissionPolicy 'a' with binding 'a' denied request: OF ADMISSION`,
    details: { causes: [{ message: 's3cret' }] },
  };
  const REFUSALS: [string, string, ReturnType<typeof status>][] = [
    ['of a quota', 'QuotaExceeded', quota],
    ['of a policy', 'AdmissionDenied', status(403, 'Forbidden', policy)],
    [
      'of a webhook',
      'AdmissionDenied',
      status(400, 'BadRequest', { message: 'admission webhook "a" denied the request: OF ADMISSION' }),
    ],
    ['of a policy, by default', 'AdmissionDenied', status(422, 'Invalid', policy)],
    ['of its form', 'RunInvalid', status(422, 'Invalid', { message: 's3cret' })],
    ['of its size', 'RunTooLarge', status(413, 'RequestEntityTooLarge', { message: 's3cret' })],
    [
      'of its size on the way to etcd',
      'RunTooLarge',
      status(500, '', {
        message:
          'rpc error: code = ResourceExhausted desc = trying to send message larger than max (3 vs. 2)',
      }),
    ],
    [
      'of its size in etcd',
      'RunTooLarge',
      status(500, 'InternalError', { message: 'etcdserver: request is too large' }),
    ],
  ];

  it.each(REFUSALS.map((row, index) => [...row, index] as const))(
    'because %s: says so, leaves nothing and makes no act while nothing changes',
    async (_, reason, reply, index) => {
      proxy().set(refuseJobs(reply));
      const replica = await startReplica();
      const name = `refused-${index}`;
      const { metadata } = await startedSession(PROJECT, name);
      await requestFails(PROJECT, name);
      await eventually(async () =>
        expect((await conditions(PROJECT, name)).RunCreated).toMatchObject({ status: 'False', reason }),
      );
      const said = JSON.stringify(await conditions(PROJECT, name));
      expect(said).not.toContain('s3cret');
      expect(said.includes('OF ADMISSION')).toBe(['QuotaExceeded', 'AdmissionDenied'].includes(reason));
      // After a 403 that the authorizer is not the reason of, it is sent once more.
      const sent = reply.status === 403 ? 2 : 1;
      expect(attempts(metadata.uid)).toBe(sent);
      await passOver(name);
      expect(attempts(metadata.uid)).toBe(sent);
      expect(await left(metadata.uid)).toEqual([]);
      expect(new Set(replica.acts.map(({ act }) => act))).toEqual(new Set(['updateSessionStatus']));
      expect(replica.problems).toEqual([expect.objectContaining({ reason })]);
    },
  );

  it('is attempted again when its session is started again or changed, and then runs', async () => {
    proxy().set(refuseJobs(quota));
    await startReplica();
    const { metadata } = await startedSession(PROJECT, 'changed');
    await requestFails(PROJECT, 'changed');
    await eventually(() => expect(attempts(metadata.uid)).toBe(2));
    await cluster.annotate(PROJECT, 'changed', { [STARTED]: new Date().toISOString() });
    await requestFails(PROJECT, 'changed');
    await eventually(() => expect(attempts(metadata.uid)).toBe(4));
    proxy().clear();
    await admin.patch(`${SESSIONS(PROJECT)}/changed`, { spec: { timeout: 77 } });
    await cluster.untilStatus(PROJECT, 'changed', { phase: 'Creating' });
  });

  it('is attempted again after a long time, as quotas change too', async () => {
    proxy().set(refuseJobs(quota));
    await startReplica(200);
    const { metadata } = await startedSession(PROJECT, 'later');
    await requestFails(PROJECT, 'later');
    await eventually(() => expect(attempts(metadata.uid)).toBeGreaterThan(2));
    proxy().clear();
    await cluster.untilStatus(PROJECT, 'later', { phase: 'Creating' });
  });

  const long = Object.fromEntries(Array.from({ length: 24 }, (_, n) => [`DOLLARS_${n}`, '$'.repeat(32_000)]));
  /** As a request leaves a run of which the cluster does not accept the Job. */
  async function leaveHalf(stored: AgenticSession) {
    const { Secret, ServiceAccount, Role, RoleBinding } = runOf(stored);
    const { metadata } = await admin.create(PATHS.Secret(PROJECT), Secret);
    await admin.create(PATHS.ServiceAccount(PROJECT), ofSecret(ServiceAccount, metadata.uid));
    await admin.create(PATHS.Role(PROJECT), Role);
    await admin.create(PATHS.RoleBinding(PROJECT), RoleBinding);
  }

  const LEFT: [string, string, Record<string, unknown>][] = [
    ['of a quota', 'QuotaExceeded', {}],
    ['of its session, which is not valid', 'InvalidSession', { timeout: 604_800 }],
    ['of its length', 'RunTooLarge', { environmentVariables: long }],
  ];
  it.each(LEFT)(
    'because %s: takes with it what its request has left, the token first',
    async (_, reason, spec) => {
      proxy().set(refuseJobs(quota));
      const name = `half-${reason.toLowerCase()}`;
      const stored = await startedSession(PROJECT, name);
      await leaveHalf(stored);
      expect((await admin.patch(`${SESSIONS(PROJECT)}/${name}`, { spec })).status).toBe(200);
      await requestFails(PROJECT, name);
      const replica = await startReplica();
      await eventually(async () => expect(await left(stored.metadata.uid)).toEqual([]));
      await eventually(async () =>
        expect((await conditions(PROJECT, name)).RunCreated).toMatchObject({ status: 'False', reason }),
      );
      expect(replica.done('deleteRunObject')[0]?.object.kind).toBe('Secret');
      expect(replica.done('mintRunToken')).toEqual([]);
    },
  );

  it('because another Job has its name: takes with it what its request has left, but not that Job', async () => {
    const stored = await startedSession(PROJECT, 'squatted');
    const { metadata, ...job } = runOf(stored).Job;
    await admin.create(PATHS.Job(PROJECT), { ...job, metadata: { name: metadata.name } });
    await leaveHalf(stored);
    await requestFails(PROJECT, 'squatted');
    const replica = await startReplica();
    await eventually(async () =>
      expect((await conditions(PROJECT, 'squatted')).RunCreated).toMatchObject({ reason: 'NotOwned' }),
    );
    expect(await left(stored.metadata.uid)).toEqual(['Job']);
    expect(replica.done('mintRunToken')).toEqual([]);
  });

  it('that only the storage refuses is undone, and not made anew', async () => {
    proxy().set(({ method, path }, forward) =>
      method === 'POST' && isJob(path) && !isDryRun(path)
        ? status(500, 'InternalError', { message: 'etcdserver: request is too large' })
        : forward(),
    );
    const replica = await startReplica();
    const { metadata } = await startedSession(PROJECT, 'stored');
    await requestFails(PROJECT, 'stored');
    await eventually(async () =>
      expect((await conditions(PROJECT, 'stored')).RunCreated).toMatchObject({ reason: 'RunTooLarge' }),
    );
    await passOver('stored');
    expect(await left(metadata.uid)).toEqual([]);
    expect(replica.done('mintRunToken')).toHaveLength(1);
  });

  it('whose objects the cluster does not let be deleted: makes no token and no act while nothing changes', async () => {
    const denied = 'admission webhook "s3cret" denied the request: s3cret';
    proxy().set(({ method, path }, forward) => {
      if (method === 'DELETE' && path.includes('/secrets/'))
        return status(400, 'BadRequest', { message: denied });
      if (method === 'POST' && isJob(path) && !isDryRun(path))
        return status(500, 'InternalError', { message: 'etcdserver: request is too large' });
      return forward();
    });
    const replica = await startReplica();
    await startedSession(PROJECT, 'kept');
    await requestFails(PROJECT, 'kept');
    await eventually(() => expect(replica.problems.length).toBeGreaterThan(1));
    await eventually(async () =>
      expect((await conditions(PROJECT, 'kept')).RunCreated).toMatchObject({ reason: 'RunTooLarge' }),
    );
    const before = replica.acts.length;
    await passOver('kept');
    const later = new Set(replica.acts.slice(before).map(({ act }) => act));
    expect(later).toEqual(new Set(['updateSessionStatus']));
    expect(replica.done('mintRunToken')).toHaveLength(1);
  });

  it('because of its length, which every run of it would have: nobody is asked', async () => {
    const replica = await startReplica();
    const { metadata } = await startedSession(PROJECT, 'long', { spec: { environmentVariables: long } });
    await requestFails(PROJECT, 'long');
    await eventually(async () =>
      expect((await conditions(PROJECT, 'long')).RunCreated).toMatchObject({ reason: 'RunTooLarge' }),
    );
    expect(attempts(metadata.uid)).toBe(0);
    expect(replica.done('createRunObject')).toEqual([]);
  });

  it('for want of a right is attempted soon again: the right of a new project may be on its way', async () => {
    const denied = status(403, 'Forbidden', { message: `${FORBIDDEN}: User "x" cannot create resource` });
    const review = { status: 201, body: { status: { allowed: false } } };
    proxy().set((request, forward) =>
      request.path.includes('/selfsubjectaccessreviews') ? review : refuseJobs(denied)(request, forward),
    );
    await startReplica();
    const { metadata } = await startedSession(PROJECT, 'rights');
    await requestFails(PROJECT, 'rights');
    await eventually(() => expect(attempts(metadata.uid)).toBeGreaterThan(2));
  });
});
