import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { UsageCounter } from '../../budgets/usage-counter.ts';
import { Connection, type ConnectionShared } from './connection.ts';
import type { OperationArgs } from './operation.ts';
import type { WebSocketLimits, WebSocketsOptions } from './options.ts';
import { isAllowedOrigin, refuseUpgrade } from './upgrade.ts';

const DEFAULT_LIMITS: WebSocketLimits = {
  perUser: 64,
  all: 5_000,
  pending: 1_000,
  operations: 100,
  initTimeoutMs: 10_000,
  keepAliveMs: 12_000,
  sendTimeoutMs: 30_000,
};

/** Frames of a message. Each takes some hundred bytes of memory, though it has a single one, before a token is known. */
const MAX_FRAGMENTS = 256;

interface WebSockets {
  /** Connections, also those whose token is not known yet. */
  readonly size: number;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes each connection, once its queries and mutations have ended. */
  close(): void;
  /** Ends what is left of them. */
  terminate(): void;
}

/** GraphQL over WebSocket: the protocol `graphql-transport-ws`, and no other. */
export function createWebSockets(
  options: Omit<WebSocketsOptions, 'limits'> & { limits: Partial<WebSocketLimits> },
): WebSockets {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const connections = new Set<Connection>();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: options.maxMessageBytes,
    maxFragments: MAX_FRAGMENTS,
    perMessageDeflate: false,
    handleProtocols,
  });
  const shared: ConnectionShared = {
    options: { ...options, limits },
    accepted: new UsageCounter({ perUser: limits.perUser, all: limits.all, what: 'WebSockets' }),
    pending: new Set(),
    protocol: makeServer<Record<string, unknown>, Connection>({
      connectionInitWaitTimeout: limits.initTimeoutMs,
      onConnect: (context) => context.extra.init(context),
      onSubscribe: ({ extra }, id, payload) => extra.begin(id, payload),
      execute: (args) => (args as OperationArgs).operation.run(),
      subscribe: (args) => (args as OperationArgs).operation.run(),
    }),
  };
  return {
    get size() {
      return connections.size;
    },
    upgrade,
    close() {
      for (const connection of connections) connection.drain();
    },
    terminate() {
      for (const connection of connections) connection.terminate();
    },
  };

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isAllowedOrigin(request, options)) {
      refuseUpgrade(socket, 403, 'FORBIDDEN', 'Pages of this origin may not connect');
      return;
    }
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new Connection(shared, webSocket, request);
      connections.add(connection);
      webSocket.once('close', () => connections.delete(connection));
      connection.open();
      const [oldest] = shared.pending;
      if (shared.pending.size > limits.pending) oldest?.giveUp();
    });
  }
}
