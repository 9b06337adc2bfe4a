import type { Authenticator } from '../authorization/authenticator.ts';
import type { ReviewCache } from '../authorization/review-cache.ts';
import type { FairScheduler } from '../budgets/fair-scheduler.ts';
import type { MemoryBudget } from '../budgets/memory-budget.ts';
import { VERSION } from '../config/version.ts';
import { ERROR_CODES } from '../errors.ts';
import { TRANSPORT_CODES } from '../http/client-error.ts';
import { PLAYGROUND_OPERATIONS } from '../http/playground-operations.ts';
import type { Server } from '../http/server.ts';
import type { CredentialCheck } from '../kubernetes/credential-check.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import type { Hub } from '../live/hub.ts';
import type { Mirrors } from '../mirror/mirrors.ts';
import { CALLED_RESOURCES } from '../model/called-resources.ts';
import { createActMetrics, createReviewMetrics } from '../telemetry/metrics/guard-metrics.ts';
import { createHttpMetrics } from '../telemetry/metrics/http-metrics.ts';
import { createKubernetesMetrics, exposeConnections } from '../telemetry/metrics/kubernetes-metrics.ts';
import {
  exposeCaches,
  exposeCredential,
  exposeLive,
  exposeMemory,
} from '../telemetry/metrics/process-metrics.ts';
import { createRegistry, metricsPage } from '../telemetry/metrics/registry.ts';
import { createWaitMetrics, exposeSchedulers } from '../telemetry/metrics/scheduler-metrics.ts';

/** What is read when the page is. */
interface Exposed {
  schedulers: Record<'users' | 'backend' | 'requests' | 'unknown', FairScheduler>;
  transports: Record<'users' | 'backend' | 'streams', ClusterTransport>;
  memory: MemoryBudget;
  authenticator: Authenticator;
  reviews: ReviewCache;
  hub: Hub;
  mirrors: Mirrors;
  server: Server;
  credentials: Pick<CredentialCheck, 'isAccepted'>;
}

/** Named operations of the playground, of `examples/`, and of GraphiQL and other tools that read the schema. */
export const KNOWN_OPERATIONS: ReadonlySet<string> = new Set([
  ...PLAYGROUND_OPERATIONS.flatMap(({ query }) => namesIn(query)),
  'ListProjects',
  'ListSessions',
  'ReadSession',
  'CreateSession',
  'UpdateSession',
  'StartSession',
  'StopSession',
  'DeleteSession',
  'SessionEvents',
  'SessionLogs',
  'IntrospectionQuery',
]);

/** The metrics of the API. @param listed further operations that have their name as a label; the others are "other" */
export function createApiMetrics(listed: ReadonlySet<string> = new Set()) {
  const registry = createRegistry(VERSION);
  return {
    requests: createHttpMetrics({
      registry,
      operations: KNOWN_OPERATIONS.union(listed),
      codes: new Set<string>([...ERROR_CODES, ...TRANSPORT_CODES]),
    }),
    calls: createKubernetesMetrics({ registry, resources: CALLED_RESOURCES }),
    reviewed: createReviewMetrics(registry),
    acted: createActMetrics(registry),
    waited: createWaitMetrics(registry),
    page: () => metricsPage(registry),
    expose({
      schedulers,
      transports,
      memory,
      authenticator,
      reviews,
      hub,
      mirrors,
      server,
      credentials,
    }: Exposed): void {
      exposeSchedulers(registry, schedulers);
      exposeConnections(registry, transports);
      exposeMemory(registry, memory);
      exposeCredential(registry, () => credentials.isAccepted);
      exposeCaches(registry, () => ({
        ...authenticator.figures,
        reviews: reviews.figures,
        mirrors: mirrors.figures,
        documents: server.figures.documents,
      }));
      exposeLive(registry, () => ({ ...hub.figures, webSockets: server.figures.webSockets }));
    },
  };
}

export type ApiMetrics = ReturnType<typeof createApiMetrics>;

function namesIn(document: string): string[] {
  return [...document.matchAll(/^(?:query|mutation|subscription) (\w+)/gm)].map(([, name = '']) => name);
}
