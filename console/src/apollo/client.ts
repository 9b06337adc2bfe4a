import { ApolloClient, ApolloLink, HttpLink, RefetchEventManager, windowFocusSource } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { OperationTypeNode } from 'graphql';
import { createRetryLink } from '../../../examples/apollo/retry.ts';
import { createActivityLink } from '../activity/activity-link.ts';
import type { ActivityLog } from '../activity/activity-log.ts';
import { createBusyLink } from './busy-link.ts';
import { createCache } from './cache.ts';
import { Connection } from './connection.ts';
import { defaultOptions } from './default-options.ts';
import { hasCode, Unreachable } from './errors.ts';
import { createSubscriptionLink } from './subscription-link.ts';
import type { TokenSource } from './token-source.ts';

export interface ClientOptions {
  endpoint: URL;
  tokenHeader: string;
  getToken: TokenSource;
  /** Whether `getToken` can have another token for one that the cluster has refused. */
  mayRenew(): boolean;
  activity: ActivityLog;
  /** Whose operations these are; undefined before that is known. */
  username(): string | undefined;
}

const fetchFromWrit: typeof fetch = (input, init) =>
  fetch(input, init).catch((error: Error) => {
    throw init?.signal?.aborted ? error : new Unreachable(error.message, { cause: error });
  });

/** The client of one person: another person gets another, with a cache and a connection of their own. */
export function createClient(options: ClientOptions): {
  client: ApolloClient;
  connection: Connection;
  close(): void;
} {
  const { endpoint, tokenHeader, getToken, mayRenew, activity, username } = options;
  const authLink = new SetContextLink(async ({ headers, refused }) => {
    const token = await getToken(refused);
    const value = tokenHeader === 'authorization' ? `Bearer ${token}` : token;
    return {
      sent: token ?? '',
      headers: { ...headers, 'x-writ-csrf': '1', ...(token && { [tokenHeader]: value }) },
    };
  });
  const renewLink = new ErrorLink(({ error, result, operation, forward }) => {
    const { sent, refused } = operation.getContext();
    if (!mayRenew()) return;
    // With data, even null, the operation may have been executed in part.
    if (refused !== undefined || result?.data !== undefined || !hasCode(error, 'UNAUTHENTICATED')) return;
    operation.setContext({ refused: sent ?? '' });
    return forward(operation);
  });
  const connection = new Connection();
  const subscriptions = createSubscriptionLink(endpoint, getToken, connection);
  const client = new ApolloClient({
    link: ApolloLink.from([
      createActivityLink(activity, username),
      ApolloLink.split(
        ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
        subscriptions.link,
        ApolloLink.from([
          renewLink,
          createRetryLink(),
          createBusyLink(connection),
          authLink,
          new HttpLink({ uri: endpoint.href, fetch: fetchFromWrit }),
        ]),
      ),
    ]),
    cache: createCache(),
    // Of the queries that ask for it, when the user returns to the tab.
    refetchEventManager: new RefetchEventManager({ sources: { windowFocus: windowFocusSource } }),
    defaultOptions,
  });
  return {
    client,
    connection,
    close() {
      client.stop();
      void subscriptions.client.dispose();
    },
  };
}
