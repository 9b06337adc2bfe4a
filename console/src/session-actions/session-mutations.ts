import type { ApolloClient } from '@apollo/client';
import { evict } from '../apollo/evict.ts';
import {
  DeleteSessionDocument,
  RenameSessionDocument,
  type SessionActionsFragment,
  StartSessionDocument,
  StopSessionDocument,
} from '../generated/graphql.ts';

/** Each is shown at once, and is undone if it fails. */
export function startSession(client: ApolloClient, session: SessionActionsFragment) {
  return client.mutate({
    mutation: StartSessionDocument,
    variables: variablesOf(session),
    optimisticResponse: {
      startSession: {
        __typename: 'StartSessionPayload',
        session: { ...session, phase: 'CREATING', availableActions: [] },
        receipt: null,
      },
    },
  });
}

export function stopSession(client: ApolloClient, session: SessionActionsFragment) {
  return client.mutate({
    mutation: StopSessionDocument,
    variables: variablesOf(session),
    optimisticResponse: {
      stopSession: {
        __typename: 'StopSessionPayload',
        session: { ...session, phase: 'STOPPING', availableActions: [] },
        receipt: null,
      },
    },
  });
}

export function renameSession(
  client: ApolloClient,
  session: SessionActionsFragment,
  displayName: string | null,
) {
  return client.mutate({
    mutation: RenameSessionDocument,
    variables: { input: { project: session.projectName, name: session.name, displayName } },
    optimisticResponse: {
      updateSession: {
        __typename: 'UpdateSessionPayload',
        session: { ...session, displayName },
        receipt: null,
      },
    },
  });
}

export function deleteSession(client: ApolloClient, session: SessionActionsFragment) {
  return client.mutate({
    mutation: DeleteSessionDocument,
    variables: variablesOf(session),
    optimisticResponse: {
      deleteSession: { __typename: 'DeleteSessionPayload', deletedId: session.id, receipt: null },
    },
    update: (cache, { data }) => evict(cache, 'AgenticSession', data?.deleteSession?.deletedId),
  });
}

function variablesOf({ projectName: project, name }: SessionActionsFragment) {
  return { project, name };
}
