import type { ApolloClient, ObservableQuery } from '@apollo/client';
import { hasCode } from './errors.ts';
import type {
  CreateSessionInput,
  ListSessionsQuery,
  ListSessionsQueryVariables,
  UpdateSessionInput,
} from './generated/graphql.ts';
import { addSession, removeSession } from './list.ts';
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
      if (!data?.createSession) return;
      const { session } = data.createSession;
      addSession(cache, input.project, session);
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
      if (!data?.deleteSession) return;
      const { deletedId } = data.deleteSession;
      removeSession(cache, project, deletedId);
    },
  });
}
