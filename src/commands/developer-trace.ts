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
export type NewDeveloperTrace = (operation: TracedOperation) => CallObserver & UpstreamCalls;

/** Of the sandbox, for which alone there are contexts. */
const SANDBOX_ADMINISTRATOR = 'admin';
const TYPES = [...BUILT_IN_TYPES, AGENTIC_SESSIONS, PROJECT_SETTINGS];

/**
 * The traces of operations; undefined if they are off.
 *
 * @param contexts of the kubeconfig that developers have, by username; absent: kubectl runs as whoever its user is
 */
export function createDeveloperTraces(
  config: Config,
  contexts?: ReadonlyMap<string, string>,
): NewDeveloperTrace | undefined {
  if (!config.api.developerTrace) return undefined;
  const backend = backendUsername(config, contexts);
  return (operation) =>
    new CallTrace({
      types: TYPES,
      ofCallers: [AGENTIC_SESSIONS],
      startedAt: operation.startedAt,
      flagsOf(identity) {
        const { username: caller } = operation;
        const administrator = contexts && SANDBOX_ADMINISTRATOR;
        const username = { user: caller, backend, administrator }[identity];
        if (username === undefined) return [];
        const context = contexts?.get(username);
        if (context !== undefined) return [`--context=${context}`];
        // Whoever runs the command needs the right to impersonate.
        if (contexts) return [`--context=${contexts.get(SANDBOX_ADMINISTRATOR)}`, `--as=${username}`];
        return identity === 'backend' ? [`--as=${username}`] : [];
      },
    });
}

/** As deploy/ names it. With a kubeconfig it can be anybody, but in the sandbox. */
function backendUsername(
  { cluster }: Config,
  contexts: ReadonlyMap<string, string> | undefined,
): string | undefined {
  const isOfPod = cluster.inCluster !== undefined && cluster.kubeconfigs.length === 0;
  return isOfPod || contexts ? `system:serviceaccount:${cluster.namespace}:writ-api` : undefined;
}
