import { delimiter } from 'node:path';
import { z } from 'zod';
import type { SchedulerLimits } from '../budgets/fair-scheduler.ts';
import { defaultMemoryBudget } from '../budgets/heap.ts';
import type { RequestLimits } from '../budgets/request-budget.ts';
import type { HubLimits } from '../live/hub.ts';
import type { MirrorLimits } from '../mirror/kept-mirrors.ts';
import { GROUP_ACCESS_OWNERS, type GroupAccessOwner } from '../model/project.ts';
import { PROJECT_ROLE_PREFIXES, type ProjectRolePrefix } from '../model/project-role.ts';
import type { Runners } from '../model/run-template.ts';
import type { TriggerSettings } from '../model/schedule.ts';
import type { TracingSettings } from '../telemetry/tracing/tracing.ts';
import { mirrorSettings, mirrorVariables } from './mirror-settings.ts';
import { type OperationSettings, operationSettings, operationVariables } from './operation-settings.ts';
import { readRunTemplate } from './runners-file.ts';
import { type TokenSettings, tokenSettings, tokenVariables } from './token-settings.ts';
import { readTracing } from './tracing-config.ts';
import { basePath, flag, list, port, positive } from './values.ts';

const MIB = 1024 * 1024;
const ORIGIN_RULE =
  'must be origins with scheme and host, such as https://ui.example.com: a wildcard (*) is not supported';

const variables = z.object({
  WRIT_HOST: z.string().min(1).default('127.0.0.1'),
  WRIT_PORT: port.default(4000),
  WRIT_BASE_PATH: basePath.default(''),
  WRIT_ADMIN_PORT: port.optional(),
  WRIT_SANDBOX_PORT: port.default(4002),
  WRIT_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  WRIT_CORS_ORIGINS: list.pipe(z.array(z.url({ protocol: /^https?$/, error: ORIGIN_RULE }))).default([]),
  WRIT_CORS_HEADERS: list.pipe(z.array(z.string().regex(/^[\w-]+$/, 'must be names of headers'))).default([]),
  ...tokenVariables,
  WRIT_PLAYGROUND: flag.default(true),
  WRIT_CONSOLE: flag.default(true),
  WRIT_DEVELOPER_TRACE: flag.default(false),
  ...operationVariables,
  ...mirrorVariables,
  WRIT_SCAN_LIMIT: positive.max(100_000).default(10_000),
  WRIT_REQUEST_TIMEOUT_MS: positive.default(30_000),
  WRIT_CALL_TIMEOUT_MS: positive.default(10_000),
  WRIT_SHUTDOWN_GRACE_MS: z.coerce.number().int().nonnegative().default(10_000),
  WRIT_SHUTDOWN_DRAIN_MS: z.coerce.number().int().nonnegative().default(5_000),
  WRIT_CLUSTER_CONNECTIONS: positive.max(10_000).default(64),
  WRIT_MAX_COMPLEXITY: positive.default(12_000),
  WRIT_REQUEST_CALLS: positive.default(300),
  WRIT_REQUEST_CONCURRENT_CALLS: positive.default(8),
  WRIT_REQUEST_BYTES_READ: positive.default(256 * MIB),
  WRIT_REQUEST_BYTES_KEPT: positive.default(16 * MIB),
  WRIT_USER_CONCURRENT_REQUESTS: positive.default(16),
  WRIT_USER_WEBSOCKETS: positive.default(64),
  WRIT_WEBSOCKETS: positive.default(5_000),
  WRIT_WEBSOCKET_OPERATIONS: positive.default(100),
  WRIT_USER_CONCURRENT_CALLS: positive.default(8),
  WRIT_USER_QUEUED_CALLS: positive.default(500),
  WRIT_QUEUED_CALLS: positive.default(5_000),
  WRIT_UNKNOWN_CONCURRENT_CALLS: positive.default(4),
  WRIT_USER_SUBSCRIPTIONS: positive.default(100),
  WRIT_SUBSCRIPTIONS: positive.default(2_000),
  WRIT_USER_WATCHES: positive.default(20),
  WRIT_WATCHES: positive.max(10_000).default(500),
  WRIT_MEMORY_BYTES: positive.optional(),
  WRIT_RESPONSE_BYTES: positive.default(16 * MIB),
  WRIT_RESPONSE_TIMEOUT_MS: positive.default(30_000),
  WRIT_NAMESPACE: z.string().min(1).default('writ-system'),
  WRIT_KEY_FILE: z.string().min(1).optional(),
  WRIT_RUNNER: z.enum(['job', 'operator']).default('job'),
  WRIT_RUNNERS_FILE: z.string().min(1).optional(),
  WRIT_BACKEND_CONTEXT: z.string().min(1).optional(),
  WRIT_ORIGIN_POLICY_IN_FORCE: flag.default(false),
  WRIT_PROJECT_ROLE_PREFIX: z.enum(PROJECT_ROLE_PREFIXES).default('ambient-project-'),
  WRIT_ADMIN_ACCESS_KEYS: flag.default(false),
  WRIT_RESERVED_PROJECT_NAMES: list
    .pipe(
      z.array(
        z
          .string()
          .regex(/^[a-z0-9*-]+$/, 'must be names of namespaces, in which * stands for any characters'),
      ),
    )
    .default([]),
  WRIT_GROUP_ACCESS: z.enum(GROUP_ACCESS_OWNERS).default('writ'),
  WRIT_SCHEDULE_IMAGE: z.string().min(1).optional(),
  WRIT_SCHEDULE_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  WRIT_SCHEDULE_OWNER_MAX_AGE_DAYS: positive.max(3_650).default(90),
  KUBECONFIG: z.string().min(1).optional(),
  /** Kubernetes sets both in every pod. */
  KUBERNETES_SERVICE_HOST: z.string().min(1).optional(),
  KUBERNETES_SERVICE_PORT: z.string().regex(/^\d+$/).default('443'),
  /** As other programs read them. The names in lower case are for the same. */
  HTTPS_PROXY: z.string().optional(),
  https_proxy: z.string().optional(),
  HTTP_PROXY: z.string().optional(),
  http_proxy: z.string().optional(),
  NO_PROXY: z.string().optional(),
  no_proxy: z.string().optional(),
});

export interface Config {
  logLevel: z.infer<typeof variables>['WRIT_LOG_LEVEL'];
  api: TokenSettings & {
    host: string;
    port: number;
    /** What the path of each URL begins with: empty, or such as `/writ`. */
    basePath: string;
    /** Exact origins. Empty: no CORS headers. */
    corsOrigins: string[];
    /** Headers that pages may send, besides those that they always may. */
    corsHeaders: string[];
    playground: boolean;
    console: boolean;
    /** Whether results list the calls to the cluster that were made for them. */
    developerTrace: boolean;
    /** The file of the key that all replicas share; see SharedKeys. */
    keyFile: string | undefined;
    /** How long running requests may take when the process is stopping, in ms. */
    shutdownGraceMs: number;
    shutdownDrainMs: number;
  };
  operations: OperationSettings;
  /** The address for probes: of the API, and the port of the controller, so that both can run on one machine. */
  admin: { host: string; port: number; controllerPort: number };
  cluster: {
    /** The files of KUBECONFIG. */
    kubeconfigs: string[];
    /** The API server's address for pods; undefined outside of a pod. */
    inCluster: { host: string; port: string } | undefined;
    /** The proxies by which the API server may have to be reached. */
    proxies: { https: string | undefined; http: string | undefined; except: string | undefined };
    /** What credential plugins inherit. */
    environment: Record<string, string | undefined>;
    backendContext: string | undefined;
    /** The maximum number of connections to the API server in each pool. */
    connections: number;
    /** Deadline of a call to the cluster, including its retries, in ms. */
    callTimeoutMs: number;
    /** Writ's own namespace, which has the controller's Lease and the Secret `writ-key`. */
    namespace: string;
    /** Whether the admission policy `writ-origin` is installed: only then is `createdBy` verified. */
    originPolicyInForce: boolean;
    /** Of the ClusterRoles that Writ binds for members of a project. */
    projectRolePrefix: ProjectRolePrefix;
    /** Whether an access key can have the role of an admin. */
    adminAccessKeys: boolean;
    /** Names that no new project may have; `*` stands for any characters. */
    reservedProjectNames: string[];
    /** Who creates the RoleBindings of `groupAccess`. */
    groupAccess: GroupAccessOwner;
    /** How long a schedule runs after its last edit, which made the editor its owner. */
    scheduleOwnerMaxAgeDays: number;
  };
  limits: {
    /** The maximum cost of an operation. */
    complexity: number;
    /** The maximum number of objects that a field reads to filter, sort or group them, such as sessions for `children`. */
    scannedObjects: number;
    /** Deadline of a query or mutation, in ms from the start of its request: waiting for a turn counts. */
    requestTimeoutMs: number;
    /** What one request may take; see RequestBudget. */
    request: RequestLimits;
    /** Turns of users' calls to the cluster; concurrency is that of the connections. */
    user: Omit<SchedulerLimits, 'concurrency'>;
    /** Requests of one user that are executed at once; more of them wait. */
    concurrentRequestsPerUser: number;
    /** WebSockets of one user, and operations in progress on one of them. */
    webSockets: { perUser: number; all: number; operations: number };
    /** Reviews of tokens that are not known yet, in flight at once. */
    unknownConcurrentCalls: number;
    /** Subscriptions at once, and the watches of the cluster that they share. */
    subscriptions: HubLimits;
    /** Copies of collections that users read again and again. */
    mirrors: MirrorLimits;
    /** The memory that requests may hold together, in bytes. */
    memoryBytes: number;
    /** The maximum size of a response, and how long a client may take to read it. */
    response: { maxBytes: number; timeoutMs: number };
  };
  runners: Runners;
  /** Where they are from. Absent: config/runners.yaml, which does not change. */
  runnersFile: string | undefined;
  /** How the pods of scheduled sessions run. Undefined: sessions cannot be scheduled. */
  triggers: TriggerSettings | undefined;
  /** Undefined: no traces. */
  tracing: TracingSettings | undefined;
  sandbox: { port: number };
}

/**
 * Reads and validates all settings. Throws an Error whose message is for the administrator: each invalid variable, its
 * value, and what is accepted.
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const names = Object.keys(variables.shape);
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith('WRIT_') && !names.includes(name),
  );
  if (unknown.length > 0)
    throw new Error(`Unknown settings: ${unknown.join(', ')}. The settings are: ${names.join(', ')}`);
  const values = Object.fromEntries(
    names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
  const result = variables.safeParse(values);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `${name}: invalid value ${JSON.stringify(values[name])}: ${issue.message}`;
    });
    throw new Error(problems.join('\n'));
  }
  const { data } = result;
  const { WRIT_HOST: host, KUBERNETES_SERVICE_HOST: serviceHost } = data;
  return {
    logLevel: data.WRIT_LOG_LEVEL,
    api: {
      host,
      port: data.WRIT_PORT,
      basePath: data.WRIT_BASE_PATH,
      corsOrigins: data.WRIT_CORS_ORIGINS,
      corsHeaders: data.WRIT_CORS_HEADERS,
      ...tokenSettings(data),
      playground: data.WRIT_PLAYGROUND,
      console: data.WRIT_CONSOLE,
      developerTrace: data.WRIT_DEVELOPER_TRACE,
      keyFile: data.WRIT_KEY_FILE,
      shutdownGraceMs: data.WRIT_SHUTDOWN_GRACE_MS,
      shutdownDrainMs: data.WRIT_SHUTDOWN_DRAIN_MS,
    },
    operations: operationSettings(data),
    admin: { host, port: data.WRIT_ADMIN_PORT ?? 4001, controllerPort: data.WRIT_ADMIN_PORT ?? 4003 },
    cluster: {
      kubeconfigs: data.KUBECONFIG?.split(delimiter).filter(Boolean) ?? [],
      inCluster: serviceHost ? { host: serviceHost, port: data.KUBERNETES_SERVICE_PORT } : undefined,
      proxies: {
        https: data.HTTPS_PROXY ?? data.https_proxy,
        http: data.HTTP_PROXY ?? data.http_proxy,
        except: data.NO_PROXY ?? data.no_proxy,
      },
      environment,
      backendContext: data.WRIT_BACKEND_CONTEXT,
      connections: data.WRIT_CLUSTER_CONNECTIONS,
      callTimeoutMs: data.WRIT_CALL_TIMEOUT_MS,
      namespace: data.WRIT_NAMESPACE,
      originPolicyInForce: data.WRIT_ORIGIN_POLICY_IN_FORCE,
      projectRolePrefix: data.WRIT_PROJECT_ROLE_PREFIX,
      adminAccessKeys: data.WRIT_ADMIN_ACCESS_KEYS,
      reservedProjectNames: data.WRIT_RESERVED_PROJECT_NAMES,
      groupAccess: data.WRIT_GROUP_ACCESS,
      scheduleOwnerMaxAgeDays: data.WRIT_SCHEDULE_OWNER_MAX_AGE_DAYS,
    },
    limits: {
      complexity: data.WRIT_MAX_COMPLEXITY,
      scannedObjects: data.WRIT_SCAN_LIMIT,
      requestTimeoutMs: data.WRIT_REQUEST_TIMEOUT_MS,
      request: {
        calls: data.WRIT_REQUEST_CALLS,
        concurrentCalls: data.WRIT_REQUEST_CONCURRENT_CALLS,
        bytesRead: data.WRIT_REQUEST_BYTES_READ,
        bytesKept: data.WRIT_REQUEST_BYTES_KEPT,
      },
      user: {
        concurrencyPerUser: data.WRIT_USER_CONCURRENT_CALLS,
        queuedPerUser: data.WRIT_USER_QUEUED_CALLS,
        queued: data.WRIT_QUEUED_CALLS,
      },
      concurrentRequestsPerUser: data.WRIT_USER_CONCURRENT_REQUESTS,
      webSockets: {
        perUser: data.WRIT_USER_WEBSOCKETS,
        all: data.WRIT_WEBSOCKETS,
        operations: data.WRIT_WEBSOCKET_OPERATIONS,
      },
      unknownConcurrentCalls: data.WRIT_UNKNOWN_CONCURRENT_CALLS,
      subscriptions: {
        subscriptionsPerUser: data.WRIT_USER_SUBSCRIPTIONS,
        subscriptions: data.WRIT_SUBSCRIPTIONS,
        watchesPerUser: data.WRIT_USER_WATCHES,
        watches: data.WRIT_WATCHES,
      },
      mirrors: mirrorSettings(data),
      memoryBytes: data.WRIT_MEMORY_BYTES ?? defaultMemoryBudget(),
      response: { maxBytes: data.WRIT_RESPONSE_BYTES, timeoutMs: data.WRIT_RESPONSE_TIMEOUT_MS },
    },
    runners: { mode: data.WRIT_RUNNER, template: readRunTemplate(data.WRIT_RUNNERS_FILE) },
    runnersFile: data.WRIT_RUNNERS_FILE,
    triggers: triggersOf(data),
    tracing: readTracing(environment),
    sandbox: { port: data.WRIT_SANDBOX_PORT },
  };
}

/** Both settings, or none. */
function triggersOf({
  WRIT_SCHEDULE_IMAGE: image,
  WRIT_SCHEDULE_URL: url,
  WRIT_TOKEN_HEADER: tokenHeader,
}: z.infer<typeof variables>): TriggerSettings | undefined {
  if (image !== undefined && url !== undefined) return { image, url, tokenHeader };
  if (image === undefined && url === undefined) return undefined;
  throw new Error('WRIT_SCHEDULE_IMAGE and WRIT_SCHEDULE_URL are set together, or not at all');
}
