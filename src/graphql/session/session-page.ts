import { BadUserInput } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';
import type { SessionPhase } from '../../sessions/status/session-phase.ts';
import type { Context } from '../context.ts';
import { type ClusterPage, readClusterPage } from '../relay/cluster-page.ts';
import type { PageRequest } from '../relay/page-request.ts';

export type SessionPage = ClusterPage<AgenticSession>;

type Filter = { phase?: SessionPhase[] | null | undefined; search?: string | null | undefined };
type Order = { field: 'NAME' | 'CREATED_AT'; direction: 'ASC' | 'DESC' };

/** Everything that determines the list, normalised: cursors are bound to it. */
export interface SessionSelection {
  namespace: string;
  labelSelector: string;
  /** Empty: all. */
  phases: SessionPhase[];
  /** In lower case; empty: all. */
  search: string;
  order: Order;
}

/** It becomes part of a URL, whose length API servers limit. */
const MAX_SELECTOR_LENGTH = 4_096;

/** The maximum number of calls for one page. */
const MAX_CALLS = 20;

export function selectionOf(
  namespace: string,
  labelSelector: string | null | undefined,
  filter: Filter | null | undefined,
  order: Order | null | undefined,
): SessionSelection {
  if (labelSelector && labelSelector.length > MAX_SELECTOR_LENGTH) {
    const message = `must have at most ${MAX_SELECTOR_LENGTH} characters`;
    throw new BadUserInput([{ path: 'labelSelector', message }]);
  }
  return {
    namespace,
    labelSelector: labelSelector ?? '',
    phases: [...new Set(filter?.phase)].sort(),
    search: filter?.search?.toLowerCase() ?? '',
    order: { field: order?.field ?? 'NAME', direction: order?.direction ?? 'ASC' },
  };
}

export type SessionPageRequest = PageRequest<SessionSelection>;

export async function readSessionPage(
  { reader, loaders }: Context,
  request: SessionPageRequest,
): Promise<SessionPage> {
  const { namespace, labelSelector, order } = request.selection;
  const isClusterOrder = order.field === 'NAME' && order.direction === 'ASC';
  try {
    if (!isClusterOrder || hasFilter(request.selection)) return await loaders.scannedSessions.load(request);
    return await readClusterPage<AgenticSession>(request, {
      list: (page) => reader.list(AGENTIC_SESSIONS, namespace, { labelSelector, ...page }),
      goOn: ({ calls }) => calls < MAX_CALLS,
    });
  } catch (error) {
    throw refusedArgument(error, request);
  }
}

/** The cluster answers 400 to a selector or continue token that it cannot read, without saying which. */
function refusedArgument(error: unknown, { position, selection }: SessionPageRequest): unknown {
  if (!(error instanceof KubernetesError && error.statusCode === 400)) return error;
  if (position?.continue)
    return new BadUserInput([
      { path: 'after', message: 'is not a cursor that the cluster accepts: start again without it' },
    ]);
  if (selection.labelSelector)
    return new BadUserInput([{ path: 'labelSelector', message: 'is not a label selector' }]);
  return error;
}

export function hasFilter({ phases, search }: SessionSelection): boolean {
  return phases.length > 0 || search !== '';
}
