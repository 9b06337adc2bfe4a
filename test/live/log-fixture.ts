import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import type { Pod } from '../../src/kubernetes/resources.ts';
import { createScope } from '../../src/kubernetes/scope.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import { UserCluster } from '../../src/kubernetes/user-cluster.ts';
import { followLogs, LOG_LIMITS, type LogFollowerOptions } from '../../src/live/log-follower.ts';
import type { LogChunk } from '../../src/live/log-queue.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startClusterProxy } from '../support/cluster-proxy.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { KubernetesClient } from '../support/kubernetes-client.ts';
import { CORE, containerStatuses, POD_SPEC } from '../support/objects.ts';
import { putStatus } from '../support/put-objects.ts';
import { transportTo } from '../support/transport.ts';

export const PODS_PATH = CORE('demo', 'pods');
const TIMINGS = {
  idleMs: 60_000,
  backoff: { baseMs: 1, maxMs: 20 },
  patienceMs: 60_000,
  replacedMs: 60_000,
};

type Options = Omit<Partial<LogFollowerOptions>, 'timings'> & {
  timings?: Partial<LogFollowerOptions['timings']>;
};

/** Sessions' logs from a sandbox behind a proxy. Pods with the label `session` are those of its runs. */
export function startLogs() {
  const fixture = started(
    DESCRIBE,
    async () => {
      const sandbox = await startSandbox({ demo: false, runner: false, gcMs: 1 });
      const proxy = await startClusterProxy(sandbox);
      const transport = transportTo(proxy.endpoint, { callTimeoutMs: 30_000 });
      const admin = new KubernetesClient(sandbox, sandbox.identities.admin.token);
      await admin.must('POST', '/api/v1/namespaces', { metadata: { name: 'demo' } }).catch(() => {});
      return { sandbox, proxy, transport, admin };
    },
    async ({ sandbox, proxy, transport, admin }) => {
      await Promise.all([transport.destroy(), admin.close()]);
      // The proxy waits for the logs that it forwards.
      await sandbox.close();
      await proxy.close();
    },
  );
  const ended = new Set<string>();

  const userOf = (signal: AbortSignal) =>
    new UserCluster(
      fixture().transport,
      new UserToken(fixture().sandbox.identities.admin.token),
      createScope('logs', signal),
    );

  /** Reads the pods again and again. */
  async function* runsOf(session: string, signal: AbortSignal) {
    while (!signal.aborted) {
      const hasEnded = ended.has(session);
      const { body } = await fixture().admin.get(`${PODS_PATH}?labelSelector=session=${session}`);
      const pods = (body.items as Pod[]).sort((a, b) => b.metadata.name.localeCompare(a.metadata.name));
      yield { pods, hasEnded };
      await delay(5, undefined, { signal }).catch(() => {});
    }
  }

  function follow(session: string, { timings, ...options }: Options = {}) {
    const ends = new AbortController();
    const memory = new MemoryBudget(100_000_000);
    const chunks = followLogs({
      runs: (signal) => runsOf(session, signal),
      connect: userOf,
      start: { tailLines: 200 },
      signal: ends.signal,
      memory: memory.reserve('user', 0),
      share: { measure: (step) => step(), turn: () => undefined },
      limits: { ...LOG_LIMITS, waitMs: 1 },
      timings: { ...TIMINGS, ...timings },
      ...options,
    });
    return { ...reading(chunks), ends, memory };
  }

  return {
    get proxy() {
      return fixture().proxy;
    },
    get admin() {
      return fixture().admin;
    },
    follow,
    endSession: (session: string) => void ended.add(session),
    /** A pod of the session; the names of its pods are in the order of their creation. */
    async putPod(session: string, number: number, state: object | null = { running: {} }, spec = {}) {
      const { admin } = fixture();
      const name = `${session}-${number}`;
      const labels = { session };
      const pod = await admin.create(PODS_PATH, {
        metadata: { name, labels },
        spec: { ...POD_SPEC, ...spec, nodeName: 'sandbox' },
      });
      const setState = (next: object) =>
        putStatus(admin, `${PODS_PATH}/${name}`, { phase: 'Running', ...containerStatuses(next as never) });
      if (state) await setState(state);
      return {
        name,
        setState,
        print: (text: string | Uint8Array, time?: string) =>
          fixture().sandbox.logs.append(pod.metadata.uid, 'runner', text, time),
        terminate: () => setState({ terminated: { exitCode: 0, finishedAt: new Date().toISOString() } }),
        delete: () => admin.must('DELETE', `${PODS_PATH}/${name}`),
      };
    },
  };
}

/** What a reader gets, as fast as it comes. */
function reading(chunks: AsyncGenerator<LogChunk>) {
  const texts: string[] = [];
  const lines: LogChunk['lines'] = [];
  const read = { skipped: 0 };
  const done = (async () => {
    for await (const chunk of chunks) {
      lines.push(...chunk.lines);
      texts.push(...chunk.lines.map(({ text }) => text));
      read.skipped += chunk.skipped;
    }
  })();
  done.catch(() => {});
  return { texts, lines, read, done };
}

/** Sends so many bytes of a body, then cuts the connection. */
export async function* cutAfter(body: Readable, bytes: number) {
  let left = bytes;
  for await (const chunk of body) {
    yield (chunk as Buffer).subarray(0, left);
    left -= (chunk as Buffer).length;
    if (left <= 0) throw new Error('cut');
  }
}
