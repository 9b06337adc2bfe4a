import { ApolloLink } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { print } from 'graphql';
import { createClient as createSseClient, NetworkError } from 'graphql-sse';
import { CloseCode, createClient as createWsClient } from 'graphql-ws';
import { Observable } from 'rxjs';
import type { ClientOptions } from './client.ts';

/** All subscriptions over one WebSocket, which is open while there are any. */
export function createWebSocketLink({ uri, getToken }: ClientOptions): ApolloLink {
  let isRefused = false;
  const client = createWsClient({
    url: uri.replace(/^http/, 'ws'),
    connectionParams: async () => ({ authorization: `Bearer ${await getToken(isRefused)}` }),
    // A new attempt needs the version to continue from, which only the subscriber has.
    retryAttempts: 0,
    jsonMessageReplacer: (key, value) => (key === 'payload' ? withoutText(value) : value),
    on: {
      connected: () => {
        isRefused = false;
      },
      closed: (event) => {
        isRefused = (event as CloseEvent).code === CloseCode.Unauthorized;
      },
    },
  });
  return new GraphQLWsLink(client);
}

/** Each subscription as a request of its own, whose response does not end. */
export function createEventStreamLink({ uri }: Pick<ClientOptions, 'uri'>): ApolloLink {
  return new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        const { query, variables, operationName, extensions } = operation;
        const { headers } = operation.getContext();
        const client = createSseClient({ url: uri, headers, retryAttempts: 0 });
        return client.subscribe<Record<string, unknown>>(
          withoutText({
            query: print(query),
            variables,
            extensions,
            ...(operationName && { operationName }),
          }),
          {
            next: (result) => observer.next(result as ApolloLink.Result),
            complete: () => observer.complete(),
            error: (error) => {
              responseErrors(error).then((cause) => observer.error(cause));
            },
          },
        );
      }),
  );
}

/** A document whose hash is sent need not be sent too. */
function withoutText<T extends { extensions?: Record<string, unknown> | null }>(payload: T): T {
  return payload?.extensions?.persistedQuery ? { ...payload, query: '' } : payload;
}

/** The errors of a response that is no stream, such as that to a refused token. */
async function responseErrors(error: unknown): Promise<unknown> {
  const response = error instanceof NetworkError ? (error.response as Response | undefined) : undefined;
  const result = await response?.json().catch(() => ({}));
  return Array.isArray(result?.errors) ? new CombinedGraphQLErrors(result) : error;
}
