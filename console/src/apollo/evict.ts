import type { ApolloCache } from '@apollo/client';

/** Removes an object that was deleted, also in an optimistic update; lists that have it go on without it. */
export function evict(cache: ApolloCache, typename: string, id: string | undefined): void {
  const key = id === undefined ? undefined : cache.identify({ __typename: typename, id });
  if (key === undefined) return;
  // `cache.evict` removes nothing in the layer of an optimistic update.
  cache.modify({ id: key, fields: (_value, { DELETE }) => DELETE });
  cache.gc();
}
