import { NetworkStatus } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { tap } from 'rxjs';
import { hasCode, type Problem, problemsAt, problemsOf } from '../apollo/errors.ts';
import { resubscribing } from '../apollo/resubscribe.ts';
import { SessionChangesDocument, type SessionRowFragment, SessionsDocument } from '../generated/graphql.ts';
import { LiveSessions } from './live-sessions.ts';
import { compareIn, type Selection, variablesOf } from './selection.ts';

const PAGE_SIZE = 200;

export interface SessionList {
  /** In order; undefined until the first page was read. */
  sessions: readonly SessionRowFragment[] | undefined;
  totalCount: number | null;
  /** Whether sessions of another selection are shown until those of this one are there. */
  isStale: boolean;
  isLoadingMore: boolean;
  /** Whether there is no such project. */
  isMissing: boolean;
  problems: Problem[];
  /** Undefined if all was read. */
  readMore: (() => void) | undefined;
  readAgain(): void;
}

/**
 * The sessions of a project, which stay current for as long as they are shown.
 *
 * @param selection the same object for as long as it is the same
 */
export function useSessionList(project: string, selection: Selection): SessionList {
  const client = useApolloClient();
  const { order } = selection;
  const variables = useMemo(() => variablesOf(project, selection), [project, selection]);
  const list = useQuery(SessionsDocument, {
    variables: { ...variables, first: PAGE_SIZE },
    fetchPolicy: 'cache-and-network',
    // From then on the subscription keeps it current.
    nextFetchPolicy: 'cache-first',
  });
  const { networkStatus, loading, refetch, fetchMore, error } = list;
  const found = list.data?.project;
  const shown = (list.data ?? list.previousData)?.project?.sessions;
  // Also if a field of it has failed.
  const isRead = !loading || networkStatus === NetworkStatus.fetchMore;
  const projectId = isRead && found?.sessions ? found.id : undefined;
  const [liveError, setLiveError] = useState<unknown>();
  const [moreError, setMoreError] = useState<unknown>();
  const live = useRef<LiveSessions>(undefined);

  useEffect(() => {
    if (projectId === undefined) return;
    const page = client.readQuery({
      query: SessionsDocument,
      variables: { ...variables, first: PAGE_SIZE },
    })?.project?.sessions;
    if (!page) return;
    const followed = new LiveSessions(client.cache, projectId, variables, order);
    followed.pageRead(page);
    live.current = followed;
    setLiveError(undefined);
    setMoreError(undefined);
    let since = page.resourceVersion;
    const { project: name, filter } = variables;
    const subscribe = () =>
      client
        .subscribe({
          query: SessionChangesDocument,
          variables: { project: name, filter, since: since || null },
          // The cache would keep each batch for ever.
          fetchPolicy: 'no-cache',
          errorPolicy: 'all',
        })
        .pipe(
          tap(({ data, error: failure }) => {
            if (!data) throw failure ?? new Error('A batch without data');
            followed.apply(data.sessions);
            since = data.sessions.resourceVersion;
          }),
        );
    const subscription = resubscribing(subscribe).subscribe({ error: setLiveError });
    return () => subscription.unsubscribe();
  }, [client, projectId, variables, order]);

  const endCursor = found?.sessions?.pageInfo.hasNextPage ? found.sessions.pageInfo.endCursor : undefined;
  /** Of which list a page is being read. */
  const reading = useRef<{ list: LiveSessions | undefined }>(undefined);
  const readMore = useCallback(async () => {
    const followed = live.current;
    if (!endCursor || (reading.current && reading.current.list === followed)) return;
    const started = { list: followed };
    reading.current = started;
    // The list that is shown by then can be another one.
    const isCurrent = () => live.current === followed;
    try {
      const { data, error: failure } = await fetchMore({
        variables: { after: endCursor },
        errorPolicy: 'all',
      });
      if (!isCurrent()) return;
      const page = data?.project?.sessions;
      if (page) followed?.pageRead(page);
      // Its first page begins it anew.
      else if (hasCode(failure, 'EXPIRED')) await refetch();
      else setMoreError(failure);
    } catch (failure) {
      if (isCurrent()) setMoreError(failure);
    } finally {
      if (reading.current === started) reading.current = undefined;
    }
  }, [endCursor, fetchMore, refetch]);

  const sessions = useMemo(() => {
    if (!shown) return undefined;
    // A session that moves while pages are read can be on two of them.
    const distinct = new Map(shown.edges.map(({ node }) => [node.id, node]));
    return [...distinct.values()].sort(compareIn(order));
  }, [shown, order]);

  return {
    sessions,
    totalCount: shown ? (shown.pageInfo.hasNextPage ? shown.totalCount : (sessions?.length ?? 0)) : null,
    isStale: list.data === undefined,
    isLoadingMore: networkStatus === NetworkStatus.fetchMore,
    isMissing: list.data?.project === null && error === undefined,
    problems: [...problemsAt(error, 'project'), ...problemsOf(liveError), ...problemsOf(moreError)],
    readMore: endCursor && moreError === undefined ? () => void readMore() : undefined,
    readAgain: () => void refetch().catch(() => {}),
  };
}
