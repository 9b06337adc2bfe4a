import { BadUserInput } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { scan } from '../../kubernetes/scan.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';
import { phaseOf, type SessionPhase } from '../../sessions/status/session-phase.ts';
import type { Context } from '../context.ts';
import { type ClusterPage, readClusterPage } from '../relay/cluster-page.ts';
import type { PageRequest } from '../relay/page-request.ts';
import { sortedPage } from '../relay/sorted-page.ts';

export type SessionPage = ClusterPage<AgenticSession>;

type Filter = { phase?: SessionPhase[] | null | undefined; search?: string | null | undefined };
type Order = { field: 'NAME' | 'CREATED_AT'; direction: 'ASC' | 'DESC' };

/** Everything that determines the list, normalised. Cursors are bound to it. */
export interface SessionSelection {
  namespace: string;
  labelSelector: string;
  /** Empty: all phases. */
  phases: SessionPhase[];
  /** In lower case. Empty: all sessions. */
  search: string;
  order: Order;
}

/** The selector becomes part of a URL, whose length API servers limit. */
const MAX_SELECTOR_LENGTH = 4_096;

/** The maximum number of calls for one page. It takes several if sessions were created before its cursor. */
const MAX_CALLS = 5;

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

type SessionPageRequest = PageRequest<SessionSelection>;

export async function readSessionPage(context: Context, request: SessionPageRequest): Promise<SessionPage> {
  const { namespace, labelSelector, order } = request.selection;
  const isClusterOrder = order.field === 'NAME' && order.direction === 'ASC';
  try {
    if (!isClusterOrder || hasFilter(request.selection)) return await readScannedPage(context, request);
    return await readClusterPage<AgenticSession>(request, {
      list: (page) => context.reader.list(AGENTIC_SESSIONS, namespace, { labelSelector, ...page }),
      shouldContinue: ({ calls, edges }) => edges === 0 && calls < MAX_CALLS,
    });
  } catch (error) {
    throw withArgument(error, request);
  }
}

/** The cluster responds with 400 to a selector or continue token that it cannot parse, and does not say which it is. */
function withArgument(error: unknown, { position, selection }: SessionPageRequest): unknown {
  if (!(error instanceof KubernetesError && error.statusCode === 400)) return error;
  if (position?.continue)
    return new BadUserInput([
      { path: 'after', message: 'is not a cursor that the cluster accepts: request the first page again' },
    ]);
  if (selection.labelSelector)
    return new BadUserInput([{ path: 'labelSelector', message: 'is not a valid label selector' }]);
  return error;
}

/** Reads the whole selection, up to the limit, and filters and sorts it here. */
async function readScannedPage(
  { reader, scanLimit }: Context,
  request: SessionPageRequest,
): Promise<SessionPage> {
  const { selection } = request;
  const { namespace, labelSelector, order } = selection;
  const scanned = await scan<AgenticSession>(reader, AGENTIC_SESSIONS, namespace, scanLimit, {
    labelSelector,
  });
  if (scanned.truncated) {
    const message = `would read more than ${scanLimit} sessions: narrow the selection with labelSelector`;
    throw new BadUserInput([{ path: hasFilter(selection) ? 'filter' : 'orderBy', message }]);
  }
  const selected = scanned.items
    .filter((session) => matches(session, selection))
    .map((node) => ({ node, key: sortKey(node, order.field) }));
  const { resourceVersion } = scanned;
  return { ...sortedPage(request, selected, order.direction), resourceVersion };
}

function hasFilter({ phases, search }: SessionSelection): boolean {
  return phases.length > 0 || search !== '';
}

function matches(session: AgenticSession, { phases, search }: SessionSelection): boolean {
  if (phases.length > 0 && !phases.includes(phaseOf(session))) return false;
  const texts: unknown[] = [session.metadata.name, session.spec?.displayName, session.spec?.initialPrompt];
  return texts.some((text) => typeof text === 'string' && text.toLowerCase().includes(search));
}

/** With the name at its end the key is unique. */
function sortKey({ metadata }: AgenticSession, field: Order['field']): string[] {
  return field === 'NAME' ? [metadata.name] : [metadata.creationTimestamp, metadata.name];
}
