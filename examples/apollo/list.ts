import type { ApolloCache } from '@apollo/client';
import type { ListSessionsQuery, SessionRowFragment } from './generated/graphql.ts';
import { LIST_SESSIONS } from './operations.ts';

export type SessionConnection = NonNullable<NonNullable<ListSessionsQuery['project']>['sessions']>;

/** The list in the default order; undefined if it was not read. */
export function readList(cache: ApolloCache, project: string): SessionConnection | undefined {
  const data = cache.readQuery({ query: LIST_SESSIONS, variables: { project } });
  return data?.project?.sessions ?? undefined;
}

/** Changes the list in the default order, if it is in the cache. */
export function changeList(
  cache: ApolloCache,
  project: string,
  change: (sessions: SessionConnection) => SessionConnection,
): void {
  cache.updateQuery({ query: LIST_SESSIONS, variables: { project } }, (data) => {
    if (!data?.project?.sessions) return undefined;
    return { project: { ...data.project, sessions: change(data.project.sessions) } };
  });
}

export function edgeOf(node: SessionRowFragment): SessionConnection['edges'][number] {
  return { __typename: 'AgenticSessionEdge', node };
}

/** Adds a session at its place. Behind the last edge it comes with a page that has yet to be read. */
export function addSession(cache: ApolloCache, project: string, session: SessionRowFragment): void {
  const difference = isFirst(cache, `created ${session.id}`) ? 1 : 0;
  changeList(cache, project, (sessions) => {
    const { edges, pageInfo } = sessions;
    if (edges.some(({ node }) => node.id === session.id)) return sessions;
    const following = edges.findIndex(({ node }) => node.name > session.name);
    if (following === -1 && pageInfo.hasNextPage) return withEdges(sessions, edges, difference);
    const place = following === -1 ? edges.length : following;
    return withEdges(sessions, edges.toSpliced(place, 0, edgeOf(session)), difference);
  });
}

/** Removes a session. Every list leaves out what the cache no longer has. */
export function removeSession(cache: ApolloCache, project: string, id: string): void {
  const difference = isFirst(cache, `deleted ${id}`) ? -1 : 0;
  changeList(cache, project, (sessions) =>
    withEdges(
      sessions,
      sessions.edges.filter(({ node }) => node.id !== id),
      difference,
    ),
  );
  cache.evict({ id: `AgenticSession:${id}` });
  cache.gc();
}

/** The number of a list that was read to its end is known. */
function withEdges(
  sessions: SessionConnection,
  edges: SessionConnection['edges'],
  difference: number,
): SessionConnection {
  const { pageInfo, totalCount } = sessions;
  const estimate = totalCount === null ? null : totalCount + difference;
  return { ...sessions, edges, totalCount: pageInfo.hasNextPage ? estimate : edges.length };
}

const counted = new WeakMap<ApolloCache, Set<string>>();

/** Whether a change was not counted yet: the result of a mutation and the event about it come in any order. */
function isFirst(cache: ApolloCache, change: string): boolean {
  const changes = counted.get(cache) ?? new Set();
  counted.set(cache, changes);
  const isKnown = changes.has(change);
  changes.add(change);
  return !isKnown;
}
