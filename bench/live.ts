import { setTimeout as delay } from 'node:timers/promises';
import type { ApolloClient } from '@apollo/client';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createClient } from '../examples/apollo/client.ts';
import { followSessions } from '../examples/apollo/live.ts';
import { LIST_SESSIONS } from '../examples/apollo/operations.ts';
import { connect, follow, type Kubernetes, kubernetes } from './live-clients.ts';
import { type ApiProcess, serve, startCluster } from './process.ts';

const OPERATIONS = 100;
const CHANGES = 40;
const STALLED_MS = 60_000;
const SETTINGS = {
  WRIT_USER_SUBSCRIPTIONS: '2000',
  WRIT_USER_WATCHES: '400',
  WRIT_USER_WEBSOCKETS: '400',
  WRIT_USER_QUEUED_CALLS: '2000',
};

const sessionsOf = (project: string) =>
  `/apis/vteam.ambient-code/v1alpha1/namespaces/${project}/agenticsessions`;
const say = (text: string) => process.stdout.write(`${text}\n`);

const cluster = await startCluster('live-cluster.ts');
const k8s = kubernetes(cluster);
const writ = await serve(cluster.kubeconfig, SETTINGS);
try {
  for (const [project, count] of [
    ['few', 10],
    ['thousand', 1_000],
    ['many', 5_000],
  ] as const) {
    await putProject(k8s, project, count);
  }
  await snapshots(writ);
  // Twice: what the first leaves behind is the heap's own growth if the second adds nothing.
  for (let round = 0; round < 2; round += 1) await oneUser(writ, k8s);
  await manyTokens(writ, k8s);
  await revoked(writ, k8s);
  await idle(writ);
  await stalled(writ, k8s);
} finally {
  await writ.stop();
  await cluster.stop();
}
process.exit();

async function putProject({ call }: Kubernetes, name: string, count: number): Promise<void> {
  await call('POST', '/api/v1/namespaces', {
    metadata: { name, labels: { 'ambient-code.io/managed': 'true' } },
  });
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let n = next++; n < count; n = next++) await call('POST', sessionsOf(name), session(`s${n}`));
    }),
  );
}

function session(name: string) {
  const spec = {
    displayName: name,
    initialPrompt: 'Read the code, find what is slow, and say why. '.repeat(4),
    repos: [{ url: 'https://git.example.com/team/service.git', branch: 'main' }],
  };
  return { apiVersion: 'vteam.ambient-code/v1alpha1', kind: 'AgenticSession', metadata: { name }, spec };
}

/** From the subscription to the complete list in Apollo Client's cache. */
async function snapshots({ url }: ApiProcess): Promise<void> {
  Object.assign(globalThis, { WebSocket });
  for (const [project, count] of [
    ['thousand', 1_000],
    ['thousand', 1_000],
    ['many', 5_000],
  ] as const) {
    const client = createClient({ uri: url, getToken: () => cluster.admin });
    await client.query({ query: LIST_SESSIONS, variables: { project, first: 1 } });
    forgetVersion(client, project);
    const startedAt = performance.now();
    await new Promise<void>((resolve) => {
      const following = followSessions(client, project).subscribe(({ events }) => {
        if (events.at(-1)?.type !== 'SYNCED') return;
        following.unsubscribe();
        resolve();
      });
    });
    const ms = performance.now() - startedAt;
    const data = client.readQuery({ query: LIST_SESSIONS, variables: { project } });
    const shown = data?.project?.sessions?.edges.length;
    say(`a snapshot of ${count} sessions in an Apollo list: ${ms.toFixed(0)} ms (${shown} shown)`);
    client.stop();
  }
}

/** Without it the subscription begins with a snapshot. */
function forgetVersion({ cache }: ApolloClient, project: string): void {
  cache.updateQuery({ query: LIST_SESSIONS, variables: { project } }, (data) => {
    const { project: read } = data ?? {};
    if (!read?.sessions) return undefined;
    return { project: { ...read, sessions: { ...read.sessions, resourceVersion: '' } } };
  });
}

async function oneUser(writ: ApiProcess, k8s: Kubernetes): Promise<void> {
  const clients = Array.from({ length: 10 }, () => connect(writ.url, cluster.admin));
  await fanOut('1,000 subscribers of one user', writ, k8s, clients, OPERATIONS);
}

/** Tokens of service accounts: each has a watch of its own. */
async function manyTokens(writ: ApiProcess, k8s: Kubernetes): Promise<void> {
  const clients: Client[] = [];
  for (let n = 0; n < 200; n += 1) clients.push(connect(writ.url, await tokenOf(k8s, `reader-${n}`)));
  await fanOut('200 tokens with one subscriber each', writ, k8s, clients, 1);
}

async function fanOut(
  name: string,
  writ: ApiProcess,
  k8s: Kubernetes,
  clients: Client[],
  operations: number,
): Promise<void> {
  const memoryBefore = writ.residentMb();
  const { watches: watchesBefore } = await cluster.counts();
  let sentAt = 0;
  const [throughWrit, direct]: [number[], number[]] = [[], []];
  const subscribe = (client: Client) =>
    Promise.all(
      Array.from({ length: operations }, () =>
        follow(client, 'few', ({ session }) => {
          if (session?.displayName?.startsWith('changed')) throughWrit.push(performance.now() - sentAt);
        }),
      ),
    );
  await Promise.all(clients.map(subscribe));
  const subscribers = clients.length * operations;
  await delay(1_000);
  const memory = writ.residentMb() - memoryBefore;
  const { watches } = await cluster.counts();
  const { metadata } = await k8s.call('GET', `${sessionsOf('few')}?limit=1`);
  const unwatch = await k8s.watch(sessionsOf('few'), metadata.resourceVersion, () =>
    direct.push(performance.now() - sentAt),
  );
  for (let n = 0; n < CHANGES; n += 1) {
    sentAt = performance.now();
    await k8s.call('PATCH', `${sessionsOf('few')}/s0`, { spec: { displayName: `changed ${n}` } });
    while (throughWrit.length < subscribers * (n + 1)) await delay(5);
  }
  unwatch();
  say(
    `${name}: ${watches - watchesBefore} watches, ${((memory * 1024) / subscribers).toFixed(0)} KiB per subscriber; ` +
      `from write to receipt p50 ${percentile(throughWrit, 0.5)}, p99 ${percentile(throughWrit, 0.99)}, ` +
      `of a watch without Writ p50 ${percentile(direct, 0.5)} (ratio ${ratio(throughWrit, direct)})`,
  );
  for (const client of clients) client.terminate();
  await k8s.call('PATCH', `${sessionsOf('few')}/s0`, { spec: { displayName: 's0' } });
  await delay(3_000);
  say(`  afterwards: ${(writ.residentMb() - memoryBefore).toFixed(0)} MB more than before`);
}

function percentile(values: number[], fraction: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length * fraction)]?.toFixed(0)} ms`;
}

function ratio(values: number[], base: number[]): string {
  const median = (of: number[]) => of.toSorted((a, b) => a - b)[of.length >> 1] ?? Number.NaN;
  return (median(values) / median(base)).toFixed(1);
}

async function tokenOf({ call }: Kubernetes, name: string): Promise<string> {
  await call('POST', '/api/v1/namespaces/few/serviceaccounts', { metadata: { name } });
  const apiGroup = 'rbac.authorization.k8s.io';
  await call('POST', `/apis/${apiGroup}/v1/namespaces/few/rolebindings`, {
    metadata: { name },
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'ambient-project-view' },
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'few' }],
  });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  return (await call('POST', `/api/v1/namespaces/few/serviceaccounts/${name}/token`, request)).status.token;
}

/** From the deletion of the RoleBinding to the last event, and to the end. */
async function revoked({ url }: ApiProcess, k8s: Kubernetes): Promise<void> {
  const client = connect(url, await tokenOf(k8s, 'revoked'));
  let [deletedAt, lastAt, n] = [0, 0, 0];
  const ended = new Promise<void>((resolve) => {
    client.subscribe(
      { query: 'subscription { sessions(project: "few") { events { type } } }' },
      {
        next({ errors }) {
          if (errors) resolve();
          else lastAt = performance.now();
        },
        error: () => resolve(),
        complete: () => resolve(),
      },
    );
  });
  await delay(1_500);
  const writing = setInterval(() => {
    n += 1;
    void k8s.call('PATCH', `${sessionsOf('few')}/s1`, { spec: { displayName: `${n}` } }).catch(() => {});
  }, 50);
  await delay(1_000);
  deletedAt = performance.now();
  await k8s.call('DELETE', '/apis/rbac.authorization.k8s.io/v1/namespaces/few/rolebindings/revoked');
  await ended;
  const endedMs = performance.now() - deletedAt;
  clearInterval(writing);
  await client.dispose();
  say(
    `a RoleBinding is deleted: the last event after ${((lastAt - deletedAt) / 1_000).toFixed(1)} s, ` +
      `the end after ${(endedMs / 1_000).toFixed(1)} s`,
  );
}

async function idle({ url }: ApiProcess): Promise<void> {
  const client = connect(url, cluster.admin);
  await follow(client, 'thousand', () => {});
  await delay(1_000);
  const before = await cluster.counts();
  await delay(30_000);
  const { requests } = await cluster.counts();
  say(`an idle subscription: ${2 * (requests - before.requests)} requests to the cluster a minute`);
  client.terminate();
}

/** Large sessions change for a minute while one subscriber reads nothing. */
async function stalled({ url, residentMb }: ApiProcess, k8s: Kubernetes): Promise<void> {
  await putProject(k8s, 'large', 0);
  for (const name of ['a', 'b', 'c']) await k8s.call('POST', sessionsOf('large'), largeSession(name));
  const socket = new WebSocket(url.replace('http', 'ws'), ['graphql-transport-ws']);
  await new Promise((resolve) => socket.once('open', resolve));
  const authorization = `Bearer ${cluster.admin}`;
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
  await new Promise((resolve) => socket.once('message', resolve));
  const query = 'subscription { sessions(project: "large") { events { session { name raw } } } }';
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  socket.pause();
  const code = new Promise<number>((resolve) => socket.once('close', resolve));
  const before = residentMb();
  let [changes, peak] = [0, 0];
  for (const endsAt = performance.now() + STALLED_MS; performance.now() < endsAt; changes += 1) {
    const name = ['a', 'b', 'c'][changes % 3];
    await k8s.call('PATCH', `${sessionsOf('large')}/${name}`, { spec: { displayName: `${changes}` } });
    peak = Math.max(peak, residentMb());
  }
  socket.resume();
  say(
    `a subscriber that reads nothing during ${changes} changes of 1 MB sessions in ${STALLED_MS / 1_000} s: ` +
      `peak ${peak.toFixed(0)} MB, ${(peak - before).toFixed(0)} MB more than before; closed with ${await code}`,
  );
}

/** About 1 MB. */
function largeSession(name: string) {
  const made = session(name);
  const value = 'x'.repeat(30_000);
  const environmentVariables = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`V${n}`, value]));
  const annotations = { large: 'x'.repeat(250_000) };
  const spec = { ...made.spec, initialPrompt: 'x'.repeat(130_000), environmentVariables };
  return { ...made, metadata: { name, annotations }, spec };
}
