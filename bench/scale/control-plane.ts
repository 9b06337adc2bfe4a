import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { findBinaries } from '../../test/cluster/binaries.ts';
import { startSeededControlPlane } from '../../test/cluster/seed.ts';
import { kubernetes } from '../live-clients.ts';
import { serve } from '../process.ts';
import { clientOf } from '../soak/client.ts';
import { OPERATIONS } from './operations.ts';
import { forEach, session, sessionsOf } from './population.ts';
import { printTable, say } from './report.ts';

/*
 * What sessions, runs and watches cost a real API server and etcd. Run it with `node bench/scale/control-plane.ts`; the
 * programs are found or built as for the tests on a real cluster.
 */

const PROJECT = 'demo';
const [FEW, MANY] = [1_000, 5_000];
const RUNS = 100;
const WATCHES = 1_000;
const WRITES = 200;

const binaries = await findBinaries(say);
const cluster = await startSeededControlPlane({ binaries, demo: false, policies: false, runner: false });
try {
  const { server, ca } = cluster;
  const { token: admin } = cluster.identities.admin;
  await measure(kubernetes({ server, ca, admin }), admin);
} finally {
  await cluster.close();
}
process.exit();

type Kubernetes = ReturnType<typeof kubernetes>;

async function measure(k8s: Kubernetes, admin: string): Promise<void> {
  const rows: (string | number)[][] = [];
  await k8s.call('POST', `/api/v1/namespaces/${PROJECT}/secrets`, {
    metadata: { name: 'ambient-runner-secrets' },
    stringData: { ANTHROPIC_API_KEY: 'none' },
  });
  const put = (from: number, to: number) =>
    forEach(to, (n) => k8s.call('POST', sessionsOf(PROJECT), session(n)), from);

  await put(0, FEW);
  const few = await serverState(admin);
  await put(FEW, MANY);
  const many = await serverState(admin);
  const created = await k8s.call('GET', `${sessionsOf(PROJECT)}/session-000000`);
  rows.push(
    ['JSON of a new session, bytes', JSON.stringify(created).length],
    ['etcd for a new session, bytes', (many.etcd - few.etcd) / (MANY - FEW)],
    ['memory of the API server for a session, bytes', (many.memory - few.memory) / (MANY - FEW)],
    ['CPU of the API server for a create, ms', (many.cpu - few.cpu) / (MANY - FEW)],
  );

  await forEach(FEW, (n) => putStatus(k8s, n));
  const written = await serverState(admin);
  const stored = await k8s.call('GET', `${sessionsOf(PROJECT)}/session-000000`);
  rows.push(
    ['JSON of a session with its status, bytes', JSON.stringify(stored).length],
    ['etcd for another version of a session, until it is compacted, bytes', (written.etcd - many.etcd) / FEW],
  );

  rows.push(...(await measureRuns(admin, written)));
  rows.push(...(await measureWatches(k8s, admin)));
  printTable([`Kubernetes ${cluster.version}`, ''], rows);
  await printFlows(admin);
}

function putStatus({ call }: Kubernetes, number: number) {
  const condition = (type: string, message: string) => ({
    type,
    status: 'True',
    reason: type,
    message,
    lastTransitionTime: '2026-01-01T00:00:00Z',
    observedGeneration: 1,
  });
  const status = {
    phase: 'Completed',
    observedGeneration: 1,
    startTime: '2026-01-01T00:00:00Z',
    completionTime: '2026-01-01T00:10:00Z',
    conditions: [
      condition('RunCreated', 'All objects of the run were created'),
      condition('RunHealthy', 'The runner ended without an error'),
    ],
  };
  return call('PATCH', `${sessionsOf(PROJECT)}/${session(number).metadata.name}/status`, { status });
}

/** The objects of runs, which Writ makes: without a pod, which has about the size of the Job. */
async function measureRuns(admin: string, before: State): Promise<(string | number)[][]> {
  const kubeconfig = join(cluster.directory, 'bench.kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
  const writ = await serve(kubeconfig);
  const send = clientOf(writ.url, admin);
  try {
    for (let n = 0; n < RUNS; n += 1) {
      const { code } = await send(OPERATIONS.start, { project: PROJECT });
      if (code !== 'OK') throw new Error(`createSession: ${code}`);
    }
    const after = await serverState(admin);
    return [
      ['etcd for a session with a run, all objects and versions, bytes', (after.etcd - before.etcd) / RUNS],
    ];
  } finally {
    await writ.stop();
  }
}

async function measureWatches(k8s: Kubernetes, admin: string): Promise<(string | number)[][]> {
  const write = async (from: number) => {
    const before = await serverState(admin);
    for (let n = from; n < from + WRITES; n += 1)
      await k8s.call('PATCH', `${sessionsOf(PROJECT)}/session-000001`, { spec: { displayName: `${n}` } });
    return ((await serverState(admin)).cpu - before.cpu) / WRITES;
  };
  const alone = await write(0);
  const before = await serverState(admin);
  const { metadata } = await k8s.call('GET', `${sessionsOf(PROJECT)}?limit=1`);
  const dispatchers: Agent[] = [];
  await forEach(WATCHES, async () => {
    const dispatcher = new Agent({ connect: { ca: cluster.ca } });
    dispatchers.push(dispatcher);
    const url = `${cluster.server}${sessionsOf(PROJECT)}?watch=true&resourceVersion=${metadata.resourceVersion}`;
    const { body } = await request(url, {
      dispatcher,
      headers: { authorization: `Bearer ${admin}` },
      bodyTimeout: 0,
    });
    body.on('error', () => {}).on('data', () => {});
  });
  await delay(2_000);
  const watched = await serverState(admin);
  const each = await write(WRITES);
  for (const dispatcher of dispatchers) void dispatcher.destroy();
  return [
    [
      'memory of the API server for a watch on a connection of its own, bytes',
      (watched.memory - before.memory) / WATCHES,
    ],
    ['CPU of the API server for a write that no one watches, ms', alone],
    [`and for each of ${WATCHES} watches that see it, ms`, (each - alone) / WATCHES],
  ];
}

interface State {
  etcd: number;
  memory: number;
  /** In ms. */
  cpu: number;
}

async function serverState(admin: string): Promise<State> {
  // Until the API server has asked etcd for its size again, and has collected garbage.
  await delay(12_000);
  const page = await metricsPage(admin);
  const read = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(page)?.[1]);
  return {
    etcd: read('apiserver_storage_size_bytes'),
    memory: read('process_resident_memory_bytes'),
    cpu: 1_000 * read('process_cpu_seconds_total'),
  };
}

async function metricsPage(admin: string): Promise<string> {
  const dispatcher = new Agent({ connect: { ca: cluster.ca } });
  const headers = { authorization: `Bearer ${admin}` };
  const { body } = await request(`${cluster.server}/metrics`, { dispatcher, headers });
  const text = await body.text();
  await dispatcher.close();
  return text;
}

/** Which level of API Priority and Fairness a request takes its seat from, by who sends it. */
async function printFlows(admin: string): Promise<void> {
  const dispatched = async () => {
    const lines = (await metricsPage(admin)).matchAll(
      /^apiserver_flowcontrol_dispatched_requests_total\{flow_schema="([^"]*)",priority_level="([^"]*)"\} (\S+)$/gm,
    );
    return new Map([...lines].map(([, schema, level, count]) => [`${schema} | ${level}`, Number(count)]));
  };
  const seats = (await metricsPage(admin)).matchAll(
    /^apiserver_flowcontrol_nominal_limit_seats\{priority_level="([^"]*)"\} (\S+)$/gm,
  );
  printTable(
    ['priority level', 'seats'],
    [...seats].map(([, level = '', count = '']) => [level, count]),
  );
  const { alice, backend, controller } = cluster.identities;
  const rows = [];
  for (const [who, { token }] of Object.entries({
    'a person': alice,
    'the API': backend,
    'the controller': controller,
  })) {
    const before = await dispatched();
    const client = kubernetes({ server: cluster.server, ca: cluster.ca, admin: token });
    for (let n = 0; n < 50; n += 1)
      await client.call('GET', '/apis/vteam.ambient-code/v1alpha1').catch(() => undefined);
    const more = [...(await dispatched())].map(
      ([key, count]) => [key, count - (before.get(key) ?? 0)] as const,
    );
    const [flow = ''] = more.toSorted(([, a], [, b]) => b - a)[0] ?? [];
    rows.push([who, flow]);
  }
  printTable(['requests of', 'flow schema', 'priority level'], rows);
}
