import { describe, expect, it, onTestFinished } from 'vitest';
import type { ControllerActRecord } from '../../src/controller/session/reconcile-client.ts';
import { explain } from '../../src/errors.ts';
import { startClusterProxy } from '../support/cluster-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { untilMay } from '../support/in-force.ts';
import { JOBS } from '../support/objects.ts';
import { CONTROLLER } from '../support/test-cluster.ts';
import { type Replica, startControlledCluster, TIMINGS } from './fixture.ts';

const PROJECT = 'lease';
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/writ-system/leases/writ-controller';
/** With a lease whose end a test can wait for. */
const BRIEF = { ...TIMINGS, lease: { ...TIMINGS.lease, seconds: 5 } };

async function startTwo(timings = TIMINGS) {
  const cluster = await inTest(startControlledCluster);
  await cluster.project(PROJECT);
  const first = await cluster.startReplica({ timings });
  await eventually(async () =>
    expect((await cluster.admin.get(LEASE)).body.spec?.holderIdentity).toBeTruthy(),
  );
  const second = await cluster.startReplica({ timings });
  const holder = async () => (await cluster.admin.get(LEASE)).body.spec.holderIdentity as string;
  const sessions = async (from: number, to: number) => {
    const names = Array.from({ length: to - from }, (_, n) => `session-${from + n}`);
    for (const name of names) await cluster.startedSession(PROJECT, name);
    return names;
  };
  return { cluster, first, second, holder, sessions };
}

/** Acts on the same object that were carried out more than once, where once is right. */
function duplicates(acts: ControllerActRecord[]): string[] {
  const once = acts.filter(
    ({ act, outcome, object }) =>
      outcome === 'done' && (act !== 'updateSessionStatus' || object.name === undefined),
  );
  const said = once.map(({ act, object }) => `${act} ${object.kind}/${object.name}`);
  return said.filter((act, index) => said.indexOf(act) !== index);
}

const actors = (...replicas: Replica[]) => replicas.filter(({ acts }) => acts.length > 0).length;

describe('of two replicas', () => {
  it('one acts, and both are ready', async () => {
    const { cluster, first, second, sessions } = await startTwo();
    for (const name of await sessions(0, 5)) await cluster.untilStatus(PROJECT, name, { phase: 'Creating' });
    expect(actors(first, second)).toBe(1);
    await eventually(() => first.controller.ready());
    await eventually(() => second.controller.ready());
    const watches = cluster.sandbox.requests.filter(
      ({ verb, user }) => verb === 'watch' && user === CONTROLLER,
    );
    expect(new Set(watches.map(({ resource }) => resource))).toEqual(
      new Set(['namespaces', 'projectsettings', 'agenticsessions', 'jobs', 'cronjobs', 'pods']),
    );
  });

  it('the other takes over when the leader is killed, and nothing is done twice', async () => {
    const { cluster, first, second, holder, sessions } = await startTwo(BRIEF);
    const before = await sessions(0, 12);
    const leader = await holder();
    await eventually(() => expect(first.done('createRunObject').length).toBeGreaterThan(10));
    // In the middle of its work, without giving anything back.
    first.gate.shut();
    const after = await sessions(12, 16);
    await eventually(async () => expect(await holder()).not.toBe(leader));
    for (const name of [...before, ...after]) {
      await cluster.untilStatus(PROJECT, name, { phase: 'Creating' });
    }
    const { items } = (await cluster.admin.get(JOBS(PROJECT))).body;
    expect(items).toHaveLength(16);
    const said = duplicates([...first.acts, ...second.acts]).filter((act) => !REPLACED.test(act));
    expect(said).toEqual([]);
    expect(first.acts.length).toBeGreaterThan(0);
    expect(second.acts.length).toBeGreaterThan(0);
    await eventually(() => expect(first.controller.ready()).rejects.toThrow('lease'));
  });

  it('the other takes over at once when the leader is closed', async () => {
    const { cluster, first, second, holder, sessions } = await startTwo();
    const leader = await holder();
    await first.close();
    expect(await holder()).not.toBe(leader);
    for (const name of await sessions(0, 2)) await cluster.untilStatus(PROJECT, name, { phase: 'Creating' });
    expect([first.acts, second.acts.length > 0]).toEqual([[], true]);
  });

  it('a leader whose lease was taken stops to act, and waits for its turn', async () => {
    const { cluster, first, second, sessions } = await startTwo(BRIEF);
    const { body } = await cluster.admin.get(LEASE);
    const renewTime = new Date().toISOString().replace('Z', '000Z');
    const spec = { ...body.spec, holderIdentity: 'somebody-else', renewTime, leaseDurationSeconds: 1 };
    await cluster.admin.patch(LEASE, { spec });
    await eventually(async () =>
      expect((await cluster.admin.get(LEASE)).body.spec.holderIdentity).not.toBe('somebody-else'),
    );
    for (const name of await sessions(0, 3)) await cluster.untilStatus(PROJECT, name, { phase: 'Creating' });
    expect(duplicates([...first.acts, ...second.acts])).toEqual([]);
  });
});

/** A half-made run's Secret is replaced, and with it the token and the service account that names the Secret's UID. */
const REPLACED = /(Secret|ServiceAccount)\/|mintRunToken/;

describe('a replica', () => {
  it('keeps the lead where a connection falls silent', async () => {
    const cluster = await inTest(startControlledCluster);
    const { gate } = await cluster.startReplica({ timings: BRIEF });
    const lease = async () => (await cluster.admin.get(LEASE)).body.spec;
    await eventually(async () => expect((await lease())?.holderIdentity).toBeTruthy());
    const before = await lease();
    gate.silence();
    const silentAt = Date.now();
    await eventually(async () =>
      expect(Date.parse((await lease()).renewTime)).toBeGreaterThan(silentAt + BRIEF.lease.seconds * 1_000),
    );
    const { holderIdentity, leaseTransitions, acquireTime } = before;
    expect(await lease()).toMatchObject({ holderIdentity, leaseTransitions, acquireTime });
    // Otherwise its end waits for the calls on the silent connections.
    gate.shut();
  });

  it('goes on when the API server comes back', async () => {
    const cluster = await inTest(startControlledCluster);
    await cluster.project(PROJECT);
    const replica = await cluster.startReplica({ timings: BRIEF });
    await cluster.startedSession(PROJECT, 'before');
    await cluster.untilStatus(PROJECT, 'before', { phase: 'Creating' });
    replica.gate.shut();
    await eventually(() => expect(replica.controller.ready()).rejects.toThrow());
    await cluster.startedSession(PROJECT, 'meanwhile');
    const { metadata } = await cluster.session(PROJECT, 'before');
    await cluster.admin.delete(`${JOBS(PROJECT)}/session-${metadata.uid}-1`, {
      propagationPolicy: 'Background',
    });
    await cluster.annotate(PROJECT, 'before', { 'ambient-code.io/desired-phase': 'Stopped' });
    replica.gate.open();
    await cluster.untilStatus(PROJECT, 'meanwhile', { phase: 'Creating' });
    await cluster.untilStatus(PROJECT, 'before', { phase: 'Stopped' });
    await eventually(() => replica.controller.ready());
  });

  it('that is closed while it acquires the lease watches nothing, and is ready to the end', async () => {
    const cluster = await inTest(startControlledCluster);
    const proxy = await startClusterProxy(cluster.sandbox);
    onTestFinished(() => proxy.close());
    const asked = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    proxy.set(async ({ method, path }, forward) => {
      if (method === 'POST' && path.includes('/leases')) {
        asked.resolve();
        await closed.promise;
      }
      return forward();
    });
    const replica = await cluster.startReplica({}, { endpoint: proxy.endpoint });
    await asked.promise;
    const closing = replica.controller.close();
    closed.resolve();
    await closing;
    await replica.controller.ready();
    expect(proxy.seen.filter(({ path }) => path.includes('agenticsessions'))).toEqual([]);
  });

  it('is not ready while the cluster refuses it a watch, and goes on when it has the right', async () => {
    const cluster = await inTest(startControlledCluster);
    await cluster.project(PROJECT);
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
    const { body } = await cluster.admin.get(`${path}/writ-controller`);
    await cluster.admin.delete(`${path}/writ-controller`);
    const watch = { apiGroups: [''], resources: ['namespaces'], verbs: ['watch'] };
    await untilMay(cluster.sandbox.as('controller'), '', watch, false);
    const replica = await cluster.startReplica();
    await eventually(() => expect(replica.problems.length).toBeGreaterThan(0));
    await eventually(() =>
      expect(replica.controller.ready().catch(explain)).resolves.toMatch(
        /^The cluster cannot be watched: .*namespaces.*: 403 Forbidden$/,
      ),
    );
    const { roleRef, subjects } = body;
    await cluster.admin.post(path, { metadata: { name: 'writ-controller' }, roleRef, subjects });
    await eventually(() => replica.controller.ready());
    await cluster.startedSession(PROJECT, 'late');
    await cluster.untilStatus(PROJECT, 'late', { phase: 'Creating' });
  });
});
