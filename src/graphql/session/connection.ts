import { BadUserInput } from '../../errors.ts';
import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../kubernetes/resources.ts';
import { listFrom, scan } from '../../kubernetes/scan.ts';
import { type SessionPhase as Phase, phaseOf } from '../../sessions/session-phase.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { clampFirst, decodeCursor, encodeCursor, type Position, parseFirst } from '../cursor.ts';
import { type Edge, type Page, PageInfo, pageOf } from '../page-info.ts';
import { Project } from '../project/type.ts';
import { AgenticSession, SessionPhase } from './type.ts';

type SessionPage = Page<Shape> & { totalCount: number | null; resourceVersion: string };

const SessionFilter = builder.inputType('SessionFilter', {
  description: 'Phases, and a case-insensitive text match on name, display name and prompt.',
  fields: (t) => ({
    phase: t.field({ type: [SessionPhase], description: 'Any of these.' }),
    search: t.string({ description: 'Part of the name, display name or prompt.' }),
  }),
});

const SessionOrderField = builder.enumType('SessionOrderField', {
  description: 'What sessions can be ordered by.',
  values: ['NAME', 'CREATED_AT'] as const,
});
const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Ascending or descending.',
  values: ['ASC', 'DESC'] as const,
});
const SessionOrder = builder.inputType('SessionOrder', {
  description:
    'By name ascending is what the cluster pages itself; any other order reads the whole selection.',
  fields: (t) => ({
    field: t.field({ type: SessionOrderField, required: true, description: 'What to compare.' }),
    direction: t.field({ type: OrderDirection, required: true, description: 'Which comes first.' }),
  }),
});

const AgenticSessionEdge = builder.objectRef<Edge<Shape>>('AgenticSessionEdge').implement({
  description: 'A session in its place in the list.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Give it as after to go on behind this session.' }),
    node: t.field({ type: AgenticSession, description: 'The session.', resolve: ({ node }) => node }),
  }),
});

const AgenticSessionConnection = builder.objectRef<SessionPage>('AgenticSessionConnection').implement({
  description: 'A page of sessions. Paginated lists select edges; nodes is for reading one page.',
  fields: (t) => ({
    edges: t.field({
      type: [AgenticSessionEdge],
      description: 'May be fewer than were asked for, with more behind them.',
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ edges }) => edges,
    }),
    nodes: t.field({
      type: [AgenticSession],
      description: 'The sessions of the edges.',
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ edges }) => edges.map(({ node }) => node),
    }),
    pageInfo: t.expose('pageInfo', { type: PageInfo, description: 'How to go on.' }),
    totalCount: t.exposeInt('totalCount', {
      nullable: true,
      description: 'Of the whole selection; null where counting would mean reading it all.',
    }),
    resourceVersion: t.exposeString('resourceVersion', {
      description: 'The version of the list, from which a watch misses nothing.',
    }),
  }),
});

interface Selection {
  namespace: string;
  labelSelector: string | undefined;
  filter: { phase?: Phase[] | null | undefined; search?: string | null | undefined } | null | undefined;
  orderBy: { field: 'NAME' | 'CREATED_AT'; direction: 'ASC' | 'DESC' };
}

const BY_NAME = { field: 'NAME', direction: 'ASC' } as const;

builder.objectField(Project, 'sessions', (t) =>
  t.field({
    type: AgenticSessionConnection,
    nullable: true,
    description: 'The sessions of the project.',
    args: {
      first: t.arg.int({ defaultValue: 50, description: 'From 1 to 500.' }),
      after: t.arg.string({ description: 'A cursor of the same list with the same arguments.' }),
      labelSelector: t.arg.string({ description: 'As kubectl takes it: team=red,tier!=test.' }),
      filter: t.arg({
        type: SessionFilter,
        description: 'Phases, and a case-insensitive text match on name, display name and prompt.',
      }),
      orderBy: t.arg({
        type: SessionOrder,
        description:
          'Default: by name, which the cluster pages itself. Filter and CREATED_AT read the whole selection, up to a stated limit.',
      }),
    },
    complexity: ({ first }) => ({ field: 5, multiplier: clampFirst(first) }),
    resolve: (project, { first, after, labelSelector, filter, orderBy }, context) => {
      const selection: Selection = {
        namespace: project.metadata.name,
        labelSelector: labelSelector ?? undefined,
        filter: filter?.phase || filter?.search ? filter : undefined,
        orderBy: orderBy ?? BY_NAME,
      };
      const position = after == null ? undefined : decodeCursor(after, selection);
      const isClusterOrder = selection.orderBy.field === 'NAME' && selection.orderBy.direction === 'ASC';
      const readPage = isClusterOrder && !selection.filter ? readClusterPage : readScannedPage;
      return readPage(context, selection, parseFirst(first), position, after);
    },
  }),
);

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
  const from = position?.continue || undefined;
  const skipped = position ? position.index + 1 : 0;
  const page = await listFrom<Shape>(user, AGENTIC_SESSIONS, namespace, {
    labelSelector,
    limit: skipped + first,
    continue: from,
  });
  const last = position?.key[0];
  const behind = page.items
    .map((node, index) => ({ node, index }))
    .filter(({ node }) => last === undefined || node.metadata.name > last);
  const next = page.metadata.continue;
  const shown = behind.slice(0, first);
  const edges = shown.map(({ node, index }) => {
    // Behind the last object of a cluster page, its own continue token goes on without reading the page again.
    const isEndOfPage = next && index === page.items.length - 1;
    const place = isEndOfPage ? { continue: next, index: -1 } : { continue: from ?? '', index };
    return { node, cursor: encodeCursor({ ...place, key: [node.metadata.name] }, selection) };
  });
  const { remainingItemCount, resourceVersion } = page.metadata;
  const isWhole = !from && (!next || remainingItemCount !== undefined);
  return {
    ...pageOf(edges, Boolean(next) || behind.length > shown.length, after),
    totalCount: isWhole ? page.items.length + (remainingItemCount ?? 0) : null,
    resourceVersion,
  };
}

/** A page of the whole selection, read, filtered and sorted here, up to the limit. */
async function readScannedPage(
  { user, scanLimit }: Context,
  selection: Selection,
  first: number,
  position: Position | undefined,
  after: string | null | undefined,
): Promise<SessionPage> {
  const { namespace, labelSelector, filter, orderBy } = selection;
  const { items, truncated, resourceVersion } = await scan<Shape>(
    user,
    AGENTIC_SESSIONS,
    namespace,
    scanLimit,
    {
      labelSelector,
    },
  );
  if (truncated) {
    const message = `would read more than ${scanLimit} sessions: narrow the selection with labelSelector`;
    throw new BadUserInput([{ path: selection.filter ? 'filter' : 'orderBy', message }]);
  }
  const sign = orderBy.direction === 'ASC' ? 1 : -1;
  const selected = items
    .filter((session) => matches(session, filter))
    .map((node) => ({ node, key: sortKey(node, orderBy.field) }))
    .sort((a, b) => sign * compareKeys(a.key, b.key));
  const behind = position
    ? selected.filter(({ key }) => sign * compareKeys(key, position.key) > 0)
    : selected;
  const edges = behind.slice(0, first).map(({ node, key }, index) => ({
    node,
    cursor: encodeCursor({ continue: '', index, key }, selection),
  }));
  return {
    ...pageOf(edges, behind.length > edges.length, after),
    totalCount: selected.length,
    resourceVersion,
  };
}

function matches(session: Shape, filter: Selection['filter']): boolean {
  if (filter?.phase && !filter.phase.includes(phaseOf(session))) return false;
  const wanted = filter?.search?.toLowerCase();
  if (!wanted) return true;
  const texts: unknown[] = [session.metadata.name, session.spec?.displayName, session.spec?.initialPrompt];
  return texts.some((text) => typeof text === 'string' && text.toLowerCase().includes(wanted));
}

/** The name comes last, so that no two sessions are equal. */
function sortKey({ metadata }: Shape, field: 'NAME' | 'CREATED_AT'): string[] {
  return field === 'NAME' ? [metadata.name] : [metadata.creationTimestamp, metadata.name];
}

function compareKeys(a: string[], b: string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
