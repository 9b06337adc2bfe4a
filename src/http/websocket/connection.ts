import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { CloseCode, type Context, type Server, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { UsageCounter } from '../../budgets/usage-counter.ts';
import { TooManyRequests, Unavailable } from '../../errors.ts';
import { UserToken } from '../../kubernetes/token.ts';
import { isDefect, toClientError } from '../client-error.ts';
import { wrapError } from '../client-results.ts';
import { withDocument } from '../operations/document-id.ts';
import { createSocketContext } from '../request-state.ts';
import { readConnectionToken } from '../request-token.ts';
import { ClientSocket } from './client-socket.ts';
import { closeCodeOf, SERVICE_RESTART } from './close-code.ts';
import { keepAlive } from './keep-alive.ts';
import { Operation } from './operation.ts';
import type { WebSocketsOptions } from './options.ts';

/** The client chooses the id of an operation, and each message about it has it. */
const MAX_ID_LENGTH = 128;

/** What the connections of a process share. */
export interface ConnectionShared {
  protocol: Server<Connection>;
  options: WebSocketsOptions;
  /** Connections whose token was accepted. */
  accepted: UsageCounter;
  /** Connections whose token is not known yet, oldest first. */
  pending: Set<Connection>;
}

type Payload = Readonly<Record<string, unknown>> | undefined;

/** One WebSocket. Its token is that of all its operations, and each of them is authenticated again. */
export class Connection {
  readonly #id = randomUUID();
  readonly #startedAt = performance.now();
  readonly #shared: ConnectionShared;
  readonly #socket: WebSocket;
  readonly #request: IncomingMessage;
  readonly #client: ClientSocket;
  /** Those in progress, by the client's id. */
  readonly #operations = new Map<string, Operation>();
  /** The operation that the message which is being handled has begun, and the size of the message. */
  #begun: Operation | undefined;
  #messageBytes = 0;
  #protocolContext: Context<Payload, Connection> | undefined;
  #handle: (text: string) => Promise<void> = async () => {};
  #token: UserToken | undefined;
  #leave = () => {};
  #username: string | undefined;
  #isDraining = false;

  constructor(shared: ConnectionShared, socket: WebSocket, request: IncomingMessage) {
    const { limits, memory, cpu } = shared.options;
    this.#shared = shared;
    this.#socket = socket;
    this.#request = request;
    this.#client = new ClientSocket(
      socket,
      request.socket,
      { sendTimeoutMs: limits.sendTimeoutMs, memory, cpu },
      {
        message: (text, bytes) => this.#receive(text, bytes),
        closing: () => this.#leaveAll(),
        closed: (code) => this.#end(code),
      },
    );
    keepAlive(socket, limits.keepAliveMs);
  }

  /** Starts the protocol. */
  open(): void {
    this.#shared.pending.add(this);
    const closed = this.#shared.protocol.opened(
      {
        protocol: this.#socket.protocol,
        send: (text) => this.#client.send(text),
        close: (code = 1000, reason = '') => this.#client.close(code, reason),
        onMessage: (handle) => {
          this.#handle = handle;
        },
        // Without its payload, which can be as large as a message.
        onPing: () => this.#client.send('{"type":"pong"}'),
      },
      this,
    );
    this.#socket.once('close', (code: number) => void closed(code));
  }

  /**
   * `connection_init`: whether the cluster accepts the token. If it does not, the connection is closed with the code that
   * docs/errors.md lists.
   */
  async init(protocolContext: Context<Payload, Connection>): Promise<boolean> {
    this.#protocolContext = protocolContext;
    let user: string;
    try {
      const { connectionParams } = protocolContext;
      this.#token = readConnectionToken(this.#request, connectionParams, this.#shared.options);
      user = await this.#identify(this.#token);
    } catch (error) {
      this.#refuse(error);
      return false;
    }
    if (this.#client.isClosing) return false;
    try {
      this.#leave = this.#shared.accepted.enter(user);
    } catch (error) {
      this.#client.closeBeyondLimit(error);
      return false;
    }
    this.#shared.pending.delete(this);
    this.#client.accept(user);
    const endExpiry = UserToken.atExpiry(this.#token, () =>
      this.#client.close(CloseCode.Unauthorized, 'The token has expired'),
    );
    this.#socket.once('close', endExpiry);
    return true;
  }

  /** `subscribe`: the arguments of the execution, or the errors because of which there is none. */
  begin(id: string, payload: SubscribePayload) {
    if (!this.#token) throw new Error('An operation before its connection has a token');
    const { limits } = this.#shared.options;
    let refusal: Error | undefined;
    if (this.#isDraining) refusal = new Unavailable('Writ is shutting down: reconnect');
    if (this.#operations.size >= limits.operations) {
      const message = `More than ${limits.operations} operations in progress on one WebSocket`;
      refusal = new TooManyRequests(message, { retryAfterSeconds: 1 });
    }
    if (id.length > MAX_ID_LENGTH) {
      this.#client.close(CloseCode.BadRequest, `An id is longer than ${MAX_ID_LENGTH} characters`);
      return [];
    }
    if (this.#operations.has(id)) {
      // The client has completed it, but it has not ended yet.
      this.#client.close(CloseCode.SubscriberAlreadyExists, 'An operation with this id is in progress');
      return [];
    }
    const connection = {
      request: this.#request,
      token: this.#token,
      onTaken: (each: Operation) => this.#checkToken(each),
      onEnd: (each: Operation) => this.#onEnd(each),
      disconnect: () => this.#client.disconnect(),
    };
    const operation = new Operation(id, connection, this.#shared.options);
    if (!refusal) this.#operations.set(id, operation);
    this.#begun = operation;
    return operation.prepare(payload, this.#messageBytes, refusal);
  }

  /** The server is stopping: closes the connection when its queries and mutations have ended. */
  drain(): void {
    this.#isDraining = true;
    if ([...this.#operations.values()].every(({ isSubscription }) => isSubscription)) {
      this.#client.close(SERVICE_RESTART, 'Writ is shutting down: reconnect');
    }
  }

  /** Too many connections came after this one, which has not shown a token. */
  giveUp(): void {
    this.#client.close(
      CloseCode.ConnectionInitialisationTimeout,
      'Too many connections wait for connection_init',
    );
  }

  terminate(): void {
    this.#client.terminate();
  }

  async #identify(token: UserToken): Promise<string> {
    const client = { ready: () => undefined, disconnect: () => this.#client.disconnect() };
    const { context, end } = createSocketContext(this.#request, token, client);
    const { gone } = this.#client;
    gone.addEventListener('abort', () => context.state.abort(new Error('The client has disconnected')));
    try {
      await this.#shared.options.identity?.identify(context);
      this.#username = context.state.username;
      return context.state.user ?? '';
    } finally {
      end();
    }
  }

  #refuse(error: unknown): void {
    const { logger } = this.#shared.options;
    const shown = toClientError(wrapError(error), { requestId: this.#id });
    if (isDefect(shown)) logger.error({ requestId: this.#id, err: shown.originalError }, 'internal error');
    this.#client.close(closeCodeOf(shown), shown.message);
  }

  #receive(text: string, bytes: number): void {
    this.#messageBytes = bytes;
    const handled = this.#handle(withDocument(text));
    // graphql-ws begins an operation before it waits for anything.
    const operation = this.#begun;
    this.#begun = undefined;
    void handled
      // It throws for a message that only a server sends.
      .catch(() => this.#client.close(CloseCode.BadRequest, 'Invalid message received'))
      .finally(() => operation?.end());
    this.#leaveCompleted();
  }

  /** graphql-ws forgets an operation that the client completes, but knows no way to end it unless it is a stream. */
  #leaveCompleted(): void {
    const known = this.#protocolContext?.subscriptions ?? {};
    for (const operation of this.#operations.values()) {
      if (!(operation.id in known)) operation.leave();
    }
  }

  #leaveAll(): void {
    for (const operation of this.#operations.values()) operation.leave();
  }

  /** A token that the cluster does not accept any more ends its connection. */
  #checkToken({ isUnauthenticated }: Operation): void {
    if (!isUnauthenticated) return;
    this.#client.close(CloseCode.Unauthorized, 'The cluster did not accept the token');
  }

  #onEnd(operation: Operation): void {
    // Not one that was refused under the id of another.
    if (this.#operations.get(operation.id) === operation) this.#operations.delete(operation.id);
    this.#checkToken(operation);
    if (this.#isDraining) this.drain();
  }

  #end(code: number): void {
    this.#leave();
    this.#shared.pending.delete(this);
    this.#shared.options.logger.info(
      {
        requestId: this.#id,
        code,
        durationMs: Math.round(performance.now() - this.#startedAt),
        ...(this.#username !== undefined && { username: this.#username }),
      },
      'websocket closed',
    );
  }
}
