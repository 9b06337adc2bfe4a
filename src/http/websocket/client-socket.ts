import type { Duplex } from 'node:stream';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { CpuShares } from '../../budgets/cpu-shares.ts';
import type { MemoryBudget, Reservation } from '../../budgets/memory-budget.ts';
import { TooManyRequests, WritError } from '../../errors.ts';
import { CLIENT_TIMEOUT, closeReason, TOO_MANY, TRY_AGAIN_LATER } from './close-code.ts';

/** Bytes that a client may send before the cluster has accepted its token: more than the longest token. */
const MAX_INIT_BYTES = 32 * 1024;
/** What a part that arrives alone takes of the memory besides its bytes, of which it can have a single one. */
const CHUNK_BYTES = 256;
/** How long the client has to close its side of the connection, in ms. */
const CLOSE_MS = 2_000;

interface ClientSocketOptions {
  /** How long a client may take to read a message, in ms. */
  sendTimeoutMs: number;
  memory: MemoryBudget | undefined;
  cpu: CpuShares | undefined;
}

interface ClientSocketHandlers {
  message(text: string, bytes: number): void;
  /** Writ closes the connection, or it has closed. Called once. */
  closing(): void;
  closed(code: number): void;
}

/**
 * The bytes of a WebSocket: what waits to be read or to be sent is limited, and counts for the user once the user is known.
 */
export class ClientSocket {
  readonly #socket: WebSocket;
  readonly #raw: Duplex;
  readonly #options: ClientSocketOptions;
  readonly #handlers: ClientSocketHandlers;
  readonly #gone = new AbortController();
  #user: string | undefined;
  #bytesBeforeInit = 0;
  /** What has arrived of the next message. */
  #incoming: Reservation | undefined;
  #isPaused = false;
  #isClosing = false;

  constructor(socket: WebSocket, raw: Duplex, options: ClientSocketOptions, handlers: ClientSocketHandlers) {
    this.#socket = socket;
    this.#raw = raw;
    this.#options = options;
    this.#handlers = handlers;
    // Before the listener of `ws`, so that a chunk is counted before the message that it completes.
    raw.prependListener('data', (chunk: Buffer) => this.#count(chunk.length + CHUNK_BYTES));
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('ping', () => this.#pauseWhileBehind());
    // `ws` closes the connection itself, with the code of RFC 6455.
    socket.on('error', () => {});
    socket.once('close', (code: number) => {
      this.#markClosing();
      this.#gone.abort();
      this.#incoming?.release();
      handlers.closed(code);
    });
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Aborts when the connection has closed. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The cluster has accepted the token: from now on what arrives counts for the user. */
  accept(user: string): void {
    this.#user = user;
    this.#incoming = this.#options.memory?.reserve(user, 0);
  }

  /** Resolves when the message has left the process, or the connection has closed. */
  send(text: string): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.disconnect(), this.#options.sendTimeoutMs);
      this.#socket.send(text, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Closes the connection of a client that does not read. */
  disconnect(): void {
    this.close(CLIENT_TIMEOUT, 'The client does not read');
  }

  /** Closes the connection because of a limit of its user, or of all users. */
  closeBeyondLimit(error: unknown): void {
    const message = error instanceof WritError ? error.message : '';
    this.close(error instanceof TooManyRequests ? TOO_MANY : TRY_AGAIN_LATER, message);
  }

  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#markClosing();
    this.#socket.close(code, closeReason(reason));
    const timer = setTimeout(() => this.terminate(), CLOSE_MS);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #markClosing(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#handlers.closing();
  }

  #count(bytes: number): void {
    if (this.#isClosing) return;
    if (this.#user === undefined) {
      this.#bytesBeforeInit += bytes;
      if (this.#bytesBeforeInit <= MAX_INIT_BYTES) return;
      this.close(CloseCode.BadRequest, `More than ${MAX_INIT_BYTES} bytes before connection_ack`);
      // Otherwise `ws` would go on to collect the message.
      this.#socket.pause();
      return;
    }
    try {
      this.#incoming?.grow(bytes);
    } catch (error) {
      this.closeBeyondLimit(error);
      this.#socket.pause();
    }
  }

  #receive(data: Buffer): void {
    // Whatever a client sends after the connection was closed.
    if (this.#isClosing) return;
    this.#incoming?.release();
    const handle = () => this.#handlers.message(data.toString('utf8'), data.length);
    const { memory, cpu } = this.#options;
    if (this.#user === undefined) handle();
    else {
      this.#incoming = memory?.reserve(this.#user, 0);
      if (cpu) cpu.measure(this.#user, handle);
      else handle();
    }
    this.#pauseWhileBehind();
  }

  /** Reads nothing more of a client that does not read, or whose user has to wait for its share of the thread. */
  #pauseWhileBehind(): void {
    if (this.#isPaused || this.#isClosing) return;
    const turn = this.#user === undefined ? undefined : this.#options.cpu?.turn(this.#user, this.gone);
    if (!turn && !this.#raw.writableNeedDrain) return;
    this.#isPaused = true;
    this.#socket.pause();
    void Promise.all([turn, this.#drained()])
      .catch(() => {})
      .then(() => {
        this.#isPaused = false;
        this.#socket.resume();
      });
  }

  async #drained(): Promise<void> {
    while (this.#raw.writableNeedDrain && !this.#raw.destroyed) {
      await new Promise<void>((resolve) => {
        const end = () => {
          this.#raw.off('drain', end).off('close', end);
          resolve();
        };
        this.#raw.once('drain', end).once('close', end);
      });
    }
  }
}
