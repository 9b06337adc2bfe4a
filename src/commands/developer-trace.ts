import type { Config } from '../config/config.ts';
import type { UpstreamCalls } from '../http/request-state.ts';
import type { CallObserver } from '../kubernetes/call-observer.ts';
import { CallTrace } from '../kubernetes/call-trace.ts';
import { BUILT_IN_TYPES } from '../kubernetes/resources.ts';
import { PROJECT_SETTINGS } from '../model/project.ts';
import { AGENTIC_SESSIONS } from '../model/session.ts';

/** What a trace needs to know of its operation. */
interface TracedOperation {
  /** `performance.now()` */
  readonly startedAt: number;
  /** Once the cluster has named the caller. */
  username?: string;
}

/** Creates the trace of an operation. */
export type NewTrace = (operation: TracedOperation) => CallObserver & UpstreamCalls;

/** Of the sandbox, for which alone there are contexts. */
const SANDBOX_ADMINISTRATOR = 'admin';
const TYPES = [...BUILT_IN_TYPES, AGENTIC_SESSIONS, PROJECT_SETTINGS];

/**
 * The traces of operations; undefined if they are off.
 *
 * @param contexts of the kubeconfig that developers have, by username; absent: kubectl runs as whoever its user is
 */
export function createTraces(config: Config, contexts?: ReadonlyMap<string, string>): NewTrace | undefined {
  if (!config.api.developerTrace) return undefined;
  const backend = backendUsername(config);
  return (operation) =>
    new CallTrace({
      types: TYPES,
      ofCallers: [AGENTIC_SESSIONS],
      startedAt: operation.startedAt,
      flagsOf(identity) {
        const { username: caller } = operation;
        const username = { user: caller, backend, administrator: SANDBOX_ADMINISTRATOR }[identity];
        const context = username === undefined ? undefined : contexts?.get(username);
        if (context !== undefined) return [`--context=${context}`];
        // Whoever runs the command needs the right to impersonate.
        return identity === 'backend' && backend !== undefined ? [`--as=${backend}`] : [];
      },
    });
}

/** As deploy/ names it. With a kubeconfig it can be anybody. */
function backendUsername({ cluster }: Config): string | undefined {
  return cluster.kubeconfigs.length > 0 && cluster.inCluster === undefined
    ? undefined
    : `system:serviceaccount:${cluster.namespace}:writ-api`;
}
