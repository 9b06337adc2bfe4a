import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { type Client, CloseCode, createClient } from 'graphql-ws';
import type { TokenSource } from './token-source.ts';

/**
 * All subscriptions over one WebSocket: over HTTP/1.1 a browser has six connections for each origin, and each event stream would
 * occupy one. It is open while there are subscriptions.
 */
export function createSubscriptionLink(
  endpoint: URL,
  getToken: TokenSource,
): { link: GraphQLWsLink; client: Client } {
  let isRefused = false;
  const url = new URL(endpoint);
  url.protocol = url.protocol.replace('http', 'ws');
  const client = createClient({
    url: url.href,
    connectionParams: async () => {
      const token = await getToken(isRefused);
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    // A new attempt needs the version to continue from, which only the subscriber has.
    retryAttempts: 0,
    on: {
      connected: () => {
        isRefused = false;
      },
      closed: (event) => {
        isRefused = (event as CloseEvent).code === CloseCode.Unauthorized;
      },
    },
  });
  return { link: new GraphQLWsLink(client), client };
}
