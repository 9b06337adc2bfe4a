import { type OperationVariables, type TypedDocumentNode, windowFocusSource } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { hasCode } from './errors.ts';

/** Of one request, by docs/limits.md. */
const MAX_FIRST = 500;

interface Connection {
  edges?: readonly unknown[] | null;
  pageInfo?: { hasNextPage: boolean; endCursor: string | null } | null;
}

interface LongListOptions<Data, Variables> {
  variables: Omit<Variables, 'first' | 'after'>;
  /** How many are read at first, and with each further page. */
  pageSize: number;
  connectionOf(data: Data): Connection | null | undefined;
}

/**
 * A list of which the user loads page after page. It is read when its page is opened and when the user returns to the tab: all of
 * it that was loaded, up to what one request can have.
 */
export function useLongList<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  { variables, pageSize, connectionOf }: LongListOptions<Data, Variables>,
) {
  const query = document as TypedDocumentNode<Data, OperationVariables>;
  const client = useApolloClient();
  const selection = JSON.stringify(variables);
  const sizeOf = (found: Data | null | undefined) => {
    const loaded = found ? connectionOf(found)?.edges?.length : undefined;
    return Math.min(MAX_FIRST, Math.max(pageSize, loaded ?? 0));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: as many as are known when it is opened
  const first = useMemo(
    () => sizeOf(client.readQuery({ query, variables: { ...variables, first: pageSize } }) as Data | null),
    [client, query, selection],
  );
  const opened: OperationVariables = { ...variables, first };
  const list = useQuery(query, { variables: opened, fetchPolicy: 'cache-and-network' });
  const data = (list.data ?? list.previousData) as Data | undefined;
  const { loading: isLoading, refetch, fetchMore } = list;
  const [failure, setFailure] = useState<{ selection: string; error: unknown }>();

  const readAgain = () => {
    setFailure(undefined);
    // Its error is that of the query.
    refetch({ first: sizeOf(data) }).catch(() => {});
  };
  const onFocus = useEffectEvent(() => {
    if (!isLoading) readAgain();
  });
  useEffect(() => {
    const focus = windowFocusSource().subscribe(() => onFocus());
    return () => focus.unsubscribe();
  }, []);

  const pageInfo = data && connectionOf(data)?.pageInfo;
  const endCursor = pageInfo?.hasNextPage ? pageInfo.endCursor : null;
  const readMore = async () => {
    setFailure(undefined);
    const { error } = await fetchMore({
      variables: { first: pageSize, after: endCursor },
      errorPolicy: 'all',
    }).catch((thrown: unknown) => ({ error: thrown }));
    if (hasCode(error, 'EXPIRED')) readAgain();
    else if (error) setFailure({ selection, error });
  };
  return {
    data,
    error: list.error ?? (failure?.selection === selection ? failure.error : undefined),
    isLoading,
    readAgain,
    /** Undefined if all was loaded. */
    readMore: endCursor === null ? undefined : () => void readMore(),
  };
}
