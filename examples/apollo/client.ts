import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { OperationTypeNode } from 'graphql';
import { createCache } from './cache.ts';
import { hasCode } from './errors.ts';
import { createPersistedLink } from './persisted-link.ts';
import { createRetryLink } from './retry.ts';
import { createEventStreamLink, createWebSocketLink } from './subscription-links.ts';

export interface ClientOptions {
  /** The address of Writ, such as https://writ.example.com/graphql. */
  uri: string;
  /** The user's token. After the cluster has refused it, `isRefused` asks for a new one. */
  getToken(isRefused: boolean): string | Promise<string>;
  /** How subscriptions are transported. */
  subscriptions?: 'websocket' | 'event-stream';
  /** Whether hashes are sent in place of documents. */
  persisted?: boolean;
}

export function createClient(options: ClientOptions): ApolloClient {
  const { uri, getToken, subscriptions = 'websocket', persisted = false } = options;
  const authLink = new SetContextLink(async ({ headers, isRefused }) => ({
    headers: { ...headers, authorization: `Bearer ${await getToken(isRefused === true)}` },
  }));
  const renewLink = new ErrorLink(({ error, result, operation, forward }) => {
    const isSecond = operation.getContext().isRefused === true;
    // With data, even null, the operation may have been executed in part.
    if (isSecond || result?.data !== undefined || !hasCode(error, 'UNAUTHENTICATED')) return;
    operation.setContext({ isRefused: true });
    return forward(operation);
  });
  return new ApolloClient({
    link: ApolloLink.from([
      ...(persisted ? [createPersistedLink()] : []),
      ApolloLink.split(
        ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
        subscriptions === 'websocket'
          ? createWebSocketLink(options)
          : ApolloLink.from([renewLink, authLink, createEventStreamLink(options)]),
        ApolloLink.from([renewLink, createRetryLink(), authLink, new HttpLink({ uri })]),
      ),
    ]),
    cache: createCache(),
  });
}
