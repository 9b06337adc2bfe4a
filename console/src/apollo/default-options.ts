import type { ApolloClient } from '@apollo/client';

declare module '@apollo/client' {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: 'all';
      }
    }
  }
}

export const defaultOptions: ApolloClient.DefaultOptions.Input = {
  // A field that fails is null, and what else was read is shown beside its error. A query asks itself to be read again when the
  // user returns to the tab.
  watchQuery: { errorPolicy: 'all', refetchOn: false },
};
