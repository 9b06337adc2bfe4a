import { BadUserInput, KubernetesError } from '../../errors.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../kubernetes/resources.ts';
import { listFrom, scan } from '../../kubernetes/scan.ts';
import { phaseOf, type SessionPhase } from '../../sessions/session-phase.ts';
import type { Context } from '../context.ts';
import { encodeCursor, lengthToRead, type Position } from '../cursor.ts';
import { edgeOf, type Page, pageOf } from '../page-info.ts';

export type SessionPage = Page<AgenticSession> & { totalCount: number | null; resourceVersion: string };

type Filter = { phase?: SessionPhase[] | null | undefined; search?: string | null | undefined };
type Order = { field: 'NAME' | 'CREATED_AT'; direction: 'ASC' | 'DESC' };

/** All that shapes the list, in one form for all ways to say it: a cursor is bound to it. */
export interface Selection {
  namespace: string;
  labelSelector: string;
  /** Empty: any. */
  phases: SessionPhase[];
  /** Lower-case; empty: any. */
  search: string;
  order: Order;
}

/** It stands in a URL, and API servers limit that. */
const MAX_SELECTOR_LENGTH = 4_096;

/** Calls that one page may cost where sessions were made in front of its cursor. */
const MAX_CALLS = 5;

export function selectionOf(
  namespace: string,
  labelSelector: string | null | undefined,
  filter: Filter | null | undefined,
  order: Order | null | undefined,
): Selection {
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

export async function readSessionPage(
  context: Context,
  selection: Selection,
  first: number,
  position: Position | undefined,
  after: string | null | undefined,
): Promise<SessionPage> {
  const isClusterOrder = selection.order.field === 'NAME' && selection.order.direction === 'ASC';
  const readPage = isClusterOrder && !hasFilter(selection) ? readClusterPage : readScannedPage;
  try {
    return await readPage(context, selection, first, position, after);
  } catch (error) {
    throw refusedArgument(error, selection, position);
  }
}

/** The cluster says 400 to a selector or continue token that it can't read; its message would not say whose it was. */
function refusedArgument(
  error: unknown,
  { labelSelector }: Selection,
  position: Position | undefined,
): unknown {
  if (!(error instanceof KubernetesError && error.statusCode === 400)) return error;
  if (position?.continue)
    return new BadUserInput([
      { path: 'after', message: 'is not a cursor that the cluster takes: read again from the start' },
    ]);
  if (labelSelector) return new BadUserInput([{ path: 'labelSelector', message: 'is not a label selector' }]);
  return error;
}

/**
 * A page as the cluster pages: by name. A cursor fetches its page again and skips what is not behind its name, so it
 * is right also where the list has changed under it.
 */
async function readClusterPage(
  { user }: Context,
  selection: Selection,
  first: number,
  position: Position | undefined,
  after: string | null | undefined,
): Promise<SessionPage> {
  const { namespace, labelSelector } = selection;
  const last = position?.key[0] ?? '';
  let from = position?.continue || undefined;
  let limit = lengthToRead(position, first);
  for (let calls = 1; ; calls += 1) {
    const { items, metadata } = await listFrom<AgenticSession>(user, AGENTIC_SESSIONS, namespace, {
      labelSelector,
      limit,
      continue: from,
    });
    const { continue: next, remainingItemCount, resourceVersion } = metadata;
    const behind = items
      .map((node, index) => ({ node, index }))
      .filter(({ node }) => node.metadata.name > last);
    const mustGoOn = behind.length === 0 && next;
    if (mustGoOn && calls < MAX_CALLS) {
      from = next;
      limit = first;
      continue;
    }
    const shown = behind.slice(0, first);
    const edges = shown.map(({ node, index }) => {
      // Behind the last object of a cluster page, its own continue token goes on without reading the page again.
      const isEndOfPage = next && index === items.length - 1;
      const place = isEndOfPage ? { continue: next, index: -1 } : { continue: from ?? '', index };
      return edgeOf(node, { ...place, key: [node.metadata.name] }, selection);
    });
    const endCursor = mustGoOn
      ? encodeCursor({ continue: next, index: -1, key: [last] }, selection)
      : undefined;
    const isWhole = !from && (!next || remainingItemCount !== undefined);
    return {
      ...pageOf(edges, Boolean(next) || behind.length > shown.length, after, endCursor),
      totalCount: isWhole ? items.length + (remainingItemCount ?? 0) : null,
      resourceVersion,
    };
  }
}

/** A page of the whole selection, read, filtered and sorted here, up to the limit. */
async function readScannedPage(
  { user, scanLimit }: Context,
  selection: Selection,
  first: number,
  position: Position | undefined,
  after: string | null | undefined,
): Promise<SessionPage> {
  const { namespace, labelSelector, order } = selection;
  const options = { labelSelector };
  const read = await scan<AgenticSession>(user, AGENTIC_SESSIONS, namespace, scanLimit, options);
  if (read.truncated) {
    const message = `would read more than ${scanLimit} sessions: narrow the selection with labelSelector`;
    throw new BadUserInput([{ path: hasFilter(selection) ? 'filter' : 'orderBy', message }]);
  }
  const sign = order.direction === 'ASC' ? 1 : -1;
  const selected = read.items
    .filter((session) => matches(session, selection))
    .map((node) => ({ node, key: sortKey(node, order.field) }))
    .sort((a, b) => sign * compareKeys(a.key, b.key));
  const behind = position
    ? selected.filter(({ key }) => sign * compareKeys(key, position.key) > 0)
    : selected;
  const edges = behind
    .slice(0, first)
    .map(({ node, key }, index) => edgeOf(node, { continue: '', index, key }, selection));
  return {
    ...pageOf(edges, behind.length > edges.length, after),
    totalCount: selected.length,
    resourceVersion: read.resourceVersion,
  };
}

function hasFilter({ phases, search }: Selection): boolean {
  return phases.length > 0 || search !== '';
}

function matches(session: AgenticSession, { phases, search }: Selection): boolean {
  if (phases.length > 0 && !phases.includes(phaseOf(session))) return false;
  const texts: unknown[] = [session.metadata.name, session.spec?.displayName, session.spec?.initialPrompt];
  return texts.some((text) => typeof text === 'string' && text.toLowerCase().includes(search));
}

/** The name comes last, so that no two sessions are equal. */
function sortKey({ metadata }: AgenticSession, field: Order['field']): string[] {
  return field === 'NAME' ? [metadata.name] : [metadata.creationTimestamp, metadata.name];
}

function compareKeys(a: string[], b: string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
