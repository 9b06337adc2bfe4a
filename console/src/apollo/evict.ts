import type { ApolloCache } from '@apollo/client';

/** Removes an object that was deleted; lists that have it go on without it. */
export function evict(cache: ApolloCache, typename: string, id: string | undefined): void {
  const key = id === undefined ? undefined : cache.identify({ __typename: typename, id });
  if (key === undefined) return;
  cache.evict({ id: key });
  cache.gc();
}
