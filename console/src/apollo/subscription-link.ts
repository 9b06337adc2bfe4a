import { ApolloLink } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { type Client, CloseCode, createClient } from 'graphql-ws';
import { catchError, defer, finalize } from 'rxjs';
import type { Connection } from './connection.ts';
import { Unreachable } from './errors.ts';
import type { TokenSource } from './token-source.ts';

const PING_MS = 15_000;
const PONG_MS = 10_000;
const NORMAL_CLOSURE = 1000;

/**
 * All subscriptions over one WebSocket: over HTTP/1.1 a browser has six connections for each origin, and each event stream would
 * occupy one. It is open while there are subscriptions.
 */
export function createSubscriptionLink(
  endpoint: URL,
  getToken: TokenSource,
  connection: Connection,
): { link: ApolloLink; client: Client } {
  let sent: string | undefined;
  let refused: string | undefined;
  let active = 0;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  const url = new URL(endpoint);
  url.protocol = url.protocol.replace('http', 'ws');
  const client = createClient({
    // Before it connects: Writ waits only some seconds for the token of an open connection, and a person takes longer.
    url: async () => {
      sent = await getToken(refused);
      return url.href;
    },
    connectionParams: () => (sent === undefined ? {} : { authorization: `Bearer ${sent}` }),
    // A new attempt needs the version to continue from, which only the subscriber has.
    retryAttempts: 0,
    keepAlive: PING_MS,
    on: {
      connected: () => connection.found(),
      ping: (isReceived) => {
        // A network that has gone away does not close a connection.
        if (!isReceived) pongTimer = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(pongTimer);
      },
      closed: (event) => {
        clearTimeout(pongTimer);
        const { code } = event as CloseEvent;
        if (code === CloseCode.Unauthorized) refused = sent ?? '';
        // Of a network that has gone away the browser tells late: maybe when nothing is subscribed to any more.
        else if (code !== NORMAL_CLOSURE && active > 0) connection.lost();
      },
    },
  });
  const subscriptions = new GraphQLWsLink(client);
  const link = new ApolloLink((operation) =>
    defer(() => {
      active += 1;
      return subscriptions.request(operation);
    }).pipe(
      catchError((error: Error) => {
        throw CombinedGraphQLErrors.is(error) ? error : new Unreachable(error.message, { cause: error });
      }),
      finalize(() => {
        active -= 1;
      }),
    ),
  );
  return { link, client };
}
