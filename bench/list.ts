import { CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { execute, parse } from 'graphql';
import { Agent, request } from 'undici';
import { Authenticator } from '../src/authorization/authenticator.ts';
import { REVIEW_CACHE_DEFAULTS, ReviewCache } from '../src/authorization/review-cache.ts';
import { CpuShares } from '../src/budgets/cpu-shares.ts';
import { FairScheduler } from '../src/budgets/fair-scheduler.ts';
import { MemoryBudget } from '../src/budgets/memory-budget.ts';
import { createContextFactory } from '../src/commands/request-context.ts';
import { readConfig } from '../src/config/config.ts';
import type { Context } from '../src/graphql/context.ts';
import { schema } from '../src/graphql/schema.ts';
import type { ServerContext } from '../src/http/request-state.ts';
import { deriveKeys } from '../src/keys/shared-keys.ts';
import { ClusterTransport } from '../src/kubernetes/transport.ts';
import { AGENTIC_SESSIONS } from '../src/model/session.ts';
import type { Benchmark } from './measure.ts';

interface BenchCluster {
  server: string;
  ca: string;
  token: string;
}

const DOCUMENT = `{
  project(name: "demo") {
    sessions(first: 50, labelSelector: "bench=true") {
      nodes { id name displayName phase createdAt resourceVersion initialPrompt timeoutSeconds llmSettings { model } repos { url } }
    }
  }
}`;

/** The same page of 50 sessions: as a raw list, by the resolvers (with Writ's pool, with client-node), and over HTTP. */
export async function listBenchmarks(cluster: BenchCluster, writUrl: string): Promise<Benchmark[]> {
  const transport = createTransport(cluster);
  const context = await createContext(cluster, transport);
  const document = parse(DOCUMENT);
  const reader = clientNodeReader(cluster);
  const http = new Agent({ connections: 64 });

  const run = async (contextValue: Context) => {
    contextValue.loaders.projects.clearAll();
    const result = await execute({ schema, document, contextValue });
    if (result.errors) throw result.errors[0];
  };
  return [
    {
      name: 'raw list, shared pool',
      call: () => context.user.list(AGENTIC_SESSIONS, 'demo', { limit: 50, labelSelector: 'bench=true' }),
    },
    { name: 'Project.sessions, shared pool', call: () => run(withoutProject(context)) },
    {
      name: 'Project.sessions, client-node',
      call: () => run(withoutProject({ ...context, reader })),
    },
    {
      name: 'Project.sessions over HTTP (with Project)',
      call: async () => {
        const { statusCode, body } = await request(writUrl, {
          method: 'POST',
          dispatcher: http,
          headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ query: DOCUMENT }),
        });
        const text = await body.text();
        if (statusCode !== 200 || text.includes('"errors"')) throw new Error(text.slice(0, 500));
      },
    },
  ];
}

/** Without the read of the project, so that only the list is measured. */
function withoutProject(context: Context): Context {
  const project = {
    kind: 'Namespace',
    metadata: { name: 'demo', labels: { 'ambient-code.io/managed': 'true' } },
  };
  const projects = { load: async () => project, clearAll() {} };
  return { ...context, loaders: { ...context.loaders, projects } } as unknown as Context;
}

function createTransport({ server, ca }: BenchCluster): ClusterTransport {
  return new ClusterTransport({
    endpoint: { server, ca },
    userAgent: 'writ-bench',
    connections: 64,
    callTimeoutMs: 30_000,
    attemptTimeoutMs: 30_000,
    retry: { attempts: 1, baseMs: 1 },
    maxResponseBytes: 64 * 1024 * 1024,
  });
}

function createContext(cluster: BenchCluster, transport: ClusterTransport): Promise<Context> {
  // One context serves all calls of a benchmark: as many as there are requests otherwise.
  const config = readConfig({
    WRIT_REQUEST_TIMEOUT_MS: '600000',
    WRIT_REQUEST_CALLS: '1e9',
    WRIT_REQUEST_BYTES_READ: '1e15',
    WRIT_REQUEST_BYTES_KEPT: '1e15',
  });
  const turns = new FairScheduler({ ...config.limits.user, concurrency: 64 });
  const { createContext } = createContextFactory({
    config,
    runners: config.runners,
    transport,
    memory: new MemoryBudget(Number.MAX_SAFE_INTEGER),
    cpu: new CpuShares(),
    keys: deriveKeys([Buffer.alloc(32)]),
    requests: turns,
    authenticator: new Authenticator({
      transport,
      schedulers: { users: turns, unknown: turns },
      subjectMs: 10_000,
      rejectedMs: 5_000,
      timeoutMs: 10_000,
    }),
    reviews: new ReviewCache(REVIEW_CACHE_DEFAULTS),
    authorize: () => Promise.reject(new Error('this benchmark writes nothing')),
    schedules: {
      identify: () => Promise.reject(new Error('no schedule calls')),
      authorizeOwner: () => Promise.reject(new Error('this benchmark writes nothing')),
    },
    hub: { subscribe: followNothing, followLogs: followNothing },
  });
  return createContext({
    req: { rawHeaders: ['authorization', `Bearer ${cluster.token}`], socket: {} },
    whenEnded() {},
    requestId: 'bench',
    signal: new AbortController().signal,
    state: {},
  } as unknown as ServerContext);
}

/** A reader whose lists go through client-node with its defaults. */
function clientNodeReader({ server, ca, token }: BenchCluster): Context['reader'] {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'bench', server, caData: Buffer.from(ca).toString('base64'), skipTLSVerify: false },
    { name: 'bench', token },
  );
  const api = config.makeApiClient(CustomObjectsApi);
  const { group, version, resource: plural } = AGENTIC_SESSIONS;
  return {
    list: async (
      _type: unknown,
      namespace: string,
      { limit, labelSelector }: { limit: number; labelSelector?: string },
    ) =>
      api.listNamespacedCustomObject({
        group,
        version,
        plural,
        namespace,
        limit,
        ...(labelSelector && { labelSelector }),
      }),
  } as unknown as Context['reader'];
}

function followNothing(): never {
  throw new Error('this benchmark follows nothing');
}
