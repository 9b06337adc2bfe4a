import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CallObserver, CallOutcome } from '../../kubernetes/call-observer.ts';
import type { ResourceAttributes } from '../../kubernetes/resource-attributes.ts';
import { CALL_BUCKETS, known } from './labels.ts';

interface KubernetesMetricsOptions {
  registry: Registry;
  /** Plural names, with a subresource such as `pods/log`. */
  resources: ReadonlySet<string>;
}

const VERBS = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']);
const STATES = ['connected', 'free', 'pending', 'queued', 'running'] as const;

/** Requests to the API server, each attempt of a call. */
export function createKubernetesMetrics({ registry, resources }: KubernetesMetricsOptions): CallObserver {
  const registers = [registry];
  const requests = new Counter({
    name: 'writ_kubernetes_requests_total',
    help: 'Requests to the Kubernetes API server, each attempt of a call, by HTTP status; "error" without a whole response, "aborted" if its request ended first.',
    labelNames: ['verb', 'resource', 'code', 'identity'],
    registers,
  });
  const duration = new Histogram({
    name: 'writ_kubernetes_request_duration_seconds',
    help: 'Requests to the Kubernetes API server, with the wait for a connection; watches and logs until their headers.',
    labelNames: ['verb', 'resource', 'identity'],
    buckets: CALL_BUCKETS,
    registers,
  });
  return {
    sent({ attributes, identity }) {
      const labels = { verb: known(VERBS, attributes.verb), resource: resourceOf(attributes), identity };
      return {
        ended(outcome) {
          requests.inc({ ...labels, code: codeOf(outcome) });
          duration.observe(labels, outcome.durationMs / 1_000);
        },
      };
    },
  };

  function resourceOf({ resource, subresource }: ResourceAttributes): string {
    return known(resources, subresource ? `${resource}/${subresource}` : resource);
  }
}

function codeOf({ statusCode, errorType }: CallOutcome): string {
  if (errorType === 'AbortError') return 'aborted';
  if (statusCode === undefined || errorType !== undefined) return 'error';
  return statusCode >= 100 && statusCode < 600 ? String(statusCode) : 'error';
}

type PoolStats = Record<(typeof STATES)[number], number>;

/** The connections of each pool. */
export function exposeConnections(
  registry: Registry,
  pools: Record<string, { readonly stats: PoolStats }>,
): void {
  new Gauge({
    name: 'writ_kubernetes_connections',
    help: 'Connections to the API server (connected, free), and calls on them (pending, queued, running).',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [pool, { stats }] of Object.entries(pools)) {
        for (const state of STATES) this.set({ pool, state }, stats[state]);
      }
    },
  });
}
