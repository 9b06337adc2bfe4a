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

/** With the session at its place. Behind the last edge it comes with a page that has yet to be read. */
export function withSession(sessions: SessionConnection, session: SessionRowFragment): SessionConnection {
  const { edges, pageInfo } = sessions;
  if (edges.some(({ node }) => node.id === session.id)) return sessions;
  const following = edges.findIndex(({ node }) => node.name > session.name);
  if (following === -1 && pageInfo.hasNextPage) return withEdges(sessions, edges, +1);
  const place = following === -1 ? edges.length : following;
  return withEdges(sessions, edges.toSpliced(place, 0, edgeOf(session)), +1);
}

export function withoutSession(sessions: SessionConnection, id: string): SessionConnection {
  const left = sessions.edges.filter(({ node }) => node.id !== id);
  return withEdges(sessions, left, -1);
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

/** Every list leaves out what the cache no longer has. */
export function forget(cache: ApolloCache, id: string): void {
  cache.evict({ id: `AgenticSession:${id}` });
  cache.gc();
}
