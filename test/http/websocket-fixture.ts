import { once } from 'node:events';
import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { type ClientOptions as SocketOptions, WebSocket } from 'ws';
import { Unauthenticated } from '../../src/errors.ts';
import type { ServerContext } from '../../src/http/request-state.ts';
import type { Identity } from '../../src/http/websocket/operation.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import type { GraphQLBody } from './fixture.ts';

export const PROTOCOL = 'graphql-transport-ws';
export const TOKEN = 'token-of-alice';
export const INIT = { type: 'connection_init', payload: { Authorization: `Bearer ${TOKEN}` } };

/** An identity that accepts these tokens of alice. The set can change. */
export function identityOf(accepted: Set<string>, onContext: (server: ServerContext) => void = () => {}) {
  const identify = async ({ state }: ServerContext) => {
    const bearer = state.token && UserToken.authorizationOf(state.token).replace('Bearer ', '');
    if (!bearer || !accepted.has(bearer)) throw new Unauthenticated('The cluster did not accept the token');
    state.username = 'alice';
    state.user = 'alice';
  };
  return {
    identify,
    async createContext(server) {
      await identify(server);
      onContext(server);
      return {};
    },
  } satisfies Identity;
}

export const alice = () => identityOf(new Set([TOKEN]));

export interface Message {
  type: string;
  id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  payload?: any;
}

export interface RawSocket {
  socket: WebSocket;
  /** Objects are sent as JSON. */
  send(...messages: (object | string)[]): void;
  /** The next message that was not read yet. */
  next(): Promise<Message>;
  closed: Promise<{ code: number; reason: string }>;
}

export const socketUrl = (url: string) => url.replace('http:', 'ws:');

/** A WebSocket that follows no protocol. */
export async function openSocket(
  url: string,
  { protocols = [PROTOCOL], ...options }: SocketOptions & { protocols?: string[] } = {},
): Promise<RawSocket> {
  const socket = new WebSocket(socketUrl(url), protocols, options);
  onTestFinished(() => socket.terminate());
  const received: Message[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  await once(socket, 'open');
  socket.on('error', () => {});
  return {
    socket,
    send(...messages) {
      for (const message of messages)
        socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    async next() {
      while (received.length === 0) {
        if (socket.readyState === WebSocket.CLOSED) throw new Error('The connection has closed');
        await Promise.race([once(socket, 'message'), closed]);
      }
      return received.shift() as Message;
    },
    closed,
  };
}

/** A raw WebSocket whose token was accepted. */
export async function openAccepted(url: string, init: object = INIT): Promise<RawSocket> {
  const socket = await openSocket(url);
  socket.send(init);
  const ack = await socket.next();
  if (ack.type !== 'connection_ack') throw new Error(`got ${ack.type} in place of connection_ack`);
  return socket;
}

export const subscribe = (id: string, query: string, payload: object = {}) => ({
  id,
  type: 'subscribe',
  payload: { query, ...payload },
});

/** The client that frontends use. */
export function openClient(url: string, options: Partial<ClientOptions> = {}): Client {
  const client = createClient({
    url: socketUrl(url),
    webSocketImpl: WebSocket,
    connectionParams: INIT.payload,
    retryAttempts: 0,
    ...options,
  });
  onTestFinished(() => void client.dispose());
  return client;
}

/** All results of an operation. Errors before its execution count as a result, as over an event stream. */
export async function resultsOf(
  client: Client,
  operation: { query: string; variables?: Record<string, unknown>; operationName?: string },
): Promise<GraphQLBody[]> {
  const results: GraphQLBody[] = [];
  try {
    for await (const result of client.iterate(operation)) results.push(result as GraphQLBody);
  } catch (error) {
    if (!Array.isArray(error)) throw error;
    results.push({ errors: error as NonNullable<GraphQLBody['errors']> });
  }
  return results;
}
