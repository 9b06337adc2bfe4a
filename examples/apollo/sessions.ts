import type { ApolloCache, ApolloClient, ObservableQuery } from '@apollo/client';
import { hasCode } from './errors.ts';
import type {
  CreateSessionInput,
  ListSessionsQuery,
  ListSessionsQueryVariables,
  SessionRowFragment,
  UpdateSessionInput,
} from './generated/graphql.ts';
import { CREATE_SESSION, DELETE_SESSION, LIST_SESSIONS, UPDATE_SESSION } from './operations.ts';

type SessionList = ObservableQuery<ListSessionsQuery, ListSessionsQueryVariables>;

/** The sessions of a project in the default order, which changes with the cache. */
export function watchSessions(client: ApolloClient, project: string, first = 50): SessionList {
  return client.watchQuery({
    query: LIST_SESSIONS,
    variables: { project, first },
    // A field that fails is null, and what else was read is shown beside its error.
    errorPolicy: 'all',
  });
}

/** Adds the next page to the list. */
export async function readMore(list: SessionList): Promise<void> {
  const after = list.getCurrentResult().data?.project?.sessions?.pageInfo?.endCursor;
  if (!after) return;
  const { error } = await list.fetchMore({ variables: { after }, errorPolicy: 'all' });
  // The cluster no longer has the list that the cursor continues: start again.
  if (hasCode(error, 'EXPIRED')) await list.refetch();
  else if (error) throw error;
}

/** With an `idempotencyKey`, the same input can be sent again if the outcome is not known. */
export function createSession(client: ApolloClient, input: CreateSessionInput) {
  return client.mutate({
    mutation: CREATE_SESSION,
    variables: { input },
    update(cache, { data }) {
      if (data) addToList(cache, input.project, data.createSession.session);
    },
  });
}

/** Changes every list that has the session: the response has its `id`. A field that is null is cleared. */
export function updateSession(client: ApolloClient, input: UpdateSessionInput) {
  return client.mutate({ mutation: UPDATE_SESSION, variables: { input } });
}

export function deleteSession(client: ApolloClient, project: string, name: string) {
  return client.mutate({
    mutation: DELETE_SESSION,
    variables: { project, name },
    update(cache, { data }) {
      if (!data) return;
      const { deletedId } = data.deleteSession;
      changeList(cache, project, ({ edges, totalCount }) => ({
        edges: edges.filter(({ node }) => node.id !== deletedId),
        totalCount: totalCount === null ? null : totalCount - 1,
      }));
      // Every other list leaves out what the cache no longer has.
      cache.evict({ id: `AgenticSession:${deletedId}` });
      cache.gc();
    },
  });
}

function addToList(cache: ApolloCache, project: string, session: SessionRowFragment): void {
  changeList(cache, project, ({ edges, totalCount, pageInfo }) => {
    if (edges.some(({ node }) => node.id === session.id)) return {};
    const following = edges.findIndex(({ node }) => node.name > session.name);
    const edge: Connection['edges'][number] = { __typename: 'AgenticSessionEdge', node: session };
    // Behind the last edge it comes with a page that has yet to be read.
    const isUnread = following === -1 && pageInfo.hasNextPage;
    return {
      ...(!isUnread && { edges: edges.toSpliced(following === -1 ? edges.length : following, 0, edge) }),
      totalCount: totalCount === null ? null : totalCount + 1,
    };
  });
}

type Connection = NonNullable<NonNullable<ListSessionsQuery['project']>['sessions']>;

/** Changes the list in the default order, if it is in the cache. */
function changeList(
  cache: ApolloCache,
  project: string,
  change: (sessions: Connection) => Partial<Connection>,
): void {
  cache.updateQuery({ query: LIST_SESSIONS, variables: { project } }, (data) => {
    if (!data?.project?.sessions) return undefined;
    const { sessions } = data.project;
    return { project: { ...data.project, sessions: { ...sessions, ...change(sessions) } } };
  });
}
