import type { ApolloClient } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { map } from 'rxjs';
import { resubscribing } from '../apollo/resubscribe.ts';
import {
  FollowSessionDocument,
  type FollowSessionSubscription,
  type SessionDetailFragment,
  SessionPageDocument,
} from '../generated/graphql.ts';

export interface LiveSession {
  /** Undefined until it was read; null if there is none. */
  session: SessionDetailFragment | null | undefined;
  /** It was there while the page was open. */
  wasDeleted: boolean;
  error: unknown;
  /** Why changes are not followed; undefined while they are. */
  lost: unknown;
  readAgain(): void;
}

/** The session, read again with each of its changes, to which the page is subscribed. */
export function useSession(project: string, name: string): LiveSession {
  const client = useApolloClient();
  const { data, error, refetch } = useQuery(SessionPageDocument, {
    variables: { project, name },
    fetchPolicy: 'cache-and-network',
  });
  const [lost, setLost] = useState<unknown>();
  const [attempt, setAttempt] = useState(1);
  const session = data?.session;
  const version = useRef<string>(undefined);
  const wasShown = useRef(false);
  if (session) wasShown.current = true;
  useEffect(() => {
    version.current = session?.resourceVersion;
  }, [session]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: with each attempt
  useEffect(() => {
    const readAgain = oneAtATime(() => refetch());
    const changes = followSession(client, { project, name }).subscribe({
      next({ events }) {
        setLost(undefined);
        const isSnapshot = events.some(({ type }) => type === 'SYNCED');
        const read = events.find(({ session }) => session)?.session?.resourceVersion;
        // What a mutation has returned is less than what the page shows: each change is read.
        if (isSnapshot ? read !== version.current : events.length > 0) readAgain();
      },
      error: setLost,
    });
    return () => changes.unsubscribe();
  }, [client, project, name, refetch, attempt]);

  return {
    session,
    wasDeleted: session === null && wasShown.current,
    error,
    lost,
    readAgain() {
      void refetch();
      // It may be permitted by now.
      if (lost !== undefined) setAttempt(attempt + 1);
    },
  };
}

type Changes = FollowSessionSubscription['session'];

function followSession(client: ApolloClient, session: { project: string; name: string }) {
  let since: string | null = null;
  const subscribe = () =>
    client
      .subscribe({
        query: FollowSessionDocument,
        variables: { ...session, since },
        // Apollo Client would keep each batch in its cache for ever.
        fetchPolicy: 'no-cache',
        errorPolicy: 'all',
      })
      .pipe(
        map(({ data, error }): Changes => {
          if (error || !data) throw error ?? new Error('A batch without data');
          since = data.session.resourceVersion || null;
          return data.session;
        }),
      );
  // That the connection is lost meanwhile is said on each page.
  return resubscribing(subscribe);
}

/** What has changed while it was read is read once more. */
function oneAtATime(read: () => Promise<unknown>): () => void {
  let isReading = false;
  let isStale = false;
  return async () => {
    isStale = true;
    if (isReading) return;
    isReading = true;
    while (isStale) {
      isStale = false;
      // Its error is that of the query.
      await read().catch(() => {});
    }
    isReading = false;
  };
}
