import { setTimeout as delay } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';
import { Timeout, Unavailable, WritError } from '../errors.ts';
import { abortable } from './abortable.ts';
import { CallObservation } from './call-observer.ts';
import { type Call, withNewCredential } from './caller.ts';
import { queryString } from './calls.ts';
import { createConnector } from './connection/connector.ts';
import { codeOf, connectionFailure, describeEndpoint } from './connection/failure.ts';
import { sendRead } from './denied-read.ts';
import { sendWrite } from './denied-write.ts';
import { parseJsonObject } from './json.ts';
import { KubernetesError } from './kubernetes-error.ts';
import { observedWrite } from './observed-write.ts';
import type { AnyObject, WatchEvent } from './reader.ts';
import { SECRETS } from './resources.ts';
import { linesOf, readBody, readStatusBody } from './response-body.ts';
import { retryDelayMs } from './retry-delay.ts';
import { parseStatus } from './status.ts';
import type { TransportOptions } from './transport-options.ts';
import { parseWarnings } from './warnings.ts';
import { parseWatchEvent } from './watch-event.ts';

const ABANDONED_READ_MS = 2_000;
/** Connections are not used for longer than this, so that each one's certificates are checked and presented again. */
const CONNECTION_MS = 600_000;

/** A 2xx response whose body has not been read yet. */
interface ObservedBody {
  body: Dispatcher.ResponseData['body'];
  observation: CallObservation;
}

/** A pool of connections to one API server, which calls of different identities share. */
export class ClusterTransport {
  readonly #pool: Pool;
  readonly #options: TransportOptions;
  readonly #prefix: string;
  /** When a connection failed last: `performance.now()`. */
  #failedAt = Number.NEGATIVE_INFINITY;
  /** The URL of the API server. What was read from one cluster must not be used for another. */
  readonly server: string;

  constructor(options: TransportOptions) {
    const { endpoint } = options;
    const url = new URL(endpoint.server);
    this.#options = options;
    this.server = endpoint.server;
    this.#prefix = url.pathname.replace(/\/$/, '');
    this.#pool = new Pool(url.origin, {
      connections: options.connections,
      allowH2: false,
      headersTimeout: options.attemptTimeoutMs,
      bodyTimeout: options.attemptTimeoutMs,
      connect: createConnector(endpoint, options.attemptTimeoutMs),
      clientTtl: CONNECTION_MS,
    });
  }

  /** The server, and the proxy if there is one, for the administrator. */
  get where(): string {
    return describeEndpoint(this.#options.endpoint);
  }

  /** How many connections there are, and calls on them. */
  get stats(): Pool['stats'] {
    return this.#pool.stats;
  }

  /** The parsed JSON of a 2xx response. Errors: KubernetesError, Unavailable, Timeout, ResponseTooLarge. */
  async json<T>(call: Call): Promise<T> {
    return (await this.measured<T>(call)).value;
  }

  /** As `json`, with the length of the response. */
  async measured<T>(call: Call): Promise<{ value: T; length: number }> {
    const text = await this.text(call);
    const { budget } = call.scope;
    const parse = () => parseJsonObject(text) as T;
    try {
      return { value: budget ? budget.measure(parse) : parse(), length: text.length };
    } catch {
      const cause = new Error(
        `${this.where} answers with something else than a JSON object: is there a proxy?`,
      );
      throw new Unavailable("The cluster's response is not a JSON object", {}, { cause });
    }
  }

  /** The body of a 2xx response as text. Errors: KubernetesError, Unavailable, Timeout, ResponseTooLarge. */
  text(call: Call): Promise<string> {
    const send = (sent: Call) => this.#text(sent);
    return call.idempotent
      ? sendRead(call, send, () => performance.now() - this.#failedAt)
      : observedWrite(call, () => sendWrite(call, send));
  }

  #text(call: Call): Promise<string> {
    const { scope, identity, idempotent } = call;
    const isRead = identity === 'user' && idempotent;
    const signal = isRead ? scope.signal : scope.deadline;
    const { budget } = scope;
    const scheduler = budget && this.#options.scheduler;
    const perform = () => this.#withDeadline(call, signal, isRead);
    const inTurn = scheduler ? () => scheduler.run(budget.user, signal, perform) : perform;
    return abortable(signal, budget ? budget.call(signal, inTurn) : inTurn());
  }

  /**
   * Aborting a request destroys its connection. So a read whose client has disconnected is finished, for a moment; its
   * place in the schedule stays taken as long, so that broken-off requests gain nothing.
   */
  async #withDeadline(call: Call, signal: AbortSignal, isRead: boolean): Promise<string> {
    const { callTimeoutMs, abandonedReadMs = ABANDONED_READ_MS } = this.#options;
    const controller = new AbortController();
    const end = () => controller.abort();
    const timers = [setTimeout(() => controller.abort(timedOut()), callTimeoutMs)];
    const abandon = isRead ? () => timers.push(setTimeout(end, abandonedReadMs)) : end;
    if (signal.aborted) end();
    signal.addEventListener('abort', abandon);
    try {
      return await this.#attempts(call, controller.signal);
    } finally {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', abandon);
    }
  }

  /**
   * The events of a watch; each is parsed in its user's turn. Errors: those of {@link stream}, and KubernetesError in the
   * middle of the watch.
   */
  async *watch<T extends AnyObject>(call: Call, idleMs: number): AsyncGenerator<WatchEvent<T>> {
    const body = await this.stream(call, idleMs);
    const { budget, signal } = call.scope;
    for await (const line of linesOf(body, this.#options.maxResponseBytes)) {
      if (line === '') continue;
      const parse = () => parseWatchEvent<T>(line, call);
      await budget?.turn(signal);
      yield budget ? budget.measure(parse) : parse();
    }
  }

  /**
   * Resolves when the headers of a 2xx response have arrived, with its body: until the server or the scope's signal ends it,
   * or until nothing has arrived for `idleMs`. It occupies a connection of the pool meanwhile. The deadline of a call is for
   * the wait for a connection and for the headers. Errors, also of the body: KubernetesError, Unavailable, Timeout.
   */
  async stream(call: Call, idleMs: number): Promise<AsyncIterable<Buffer>> {
    const { signal } = call.scope;
    const waiting = new AbortController();
    const end = () => waiting.abort();
    const timer = setTimeout(() => waiting.abort(timedOut()), this.#options.callTimeoutMs);
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
    try {
      // The HTTP client does not reject a request that waits for a connection before it has one.
      const { body, observation } = await abortable(waiting.signal, this.#send(call, waiting.signal, idleMs));
      observation.ended();
      body.once('close', () => signal.removeEventListener('abort', end));
      return this.#chunksOf(body, signal);
    } catch (error) {
      signal.removeEventListener('abort', end);
      throw this.#asCallError(error, waiting.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  destroy(): Promise<void> {
    return this.#pool.destroy();
  }

  async #attempts(call: Call, signal: AbortSignal): Promise<string> {
    const { scope, sendUntil = Number.POSITIVE_INFINITY } = call;
    const endsAt = performance.now() + this.#options.callTimeoutMs;
    const lastSend = Math.min(endsAt, scope.endsAt ?? endsAt, sendUntil);
    for (let attempt = 1; ; attempt += 1) {
      call.beforeSend?.();
      try {
        return await this.#attempt(call, signal);
      } catch (error) {
        const failure = this.#asCallError(error, signal);
        const wait = retryDelayMs(this.#options.retry, call, failure, attempt);
        const isInTime = wait !== undefined && performance.now() + wait < lastSend;
        const isAwaited = !(call.idempotent && scope.signal.aborted);
        if (!isInTime || !isAwaited || scope.budget?.retry() === false) throw failure;
        await delay(wait, undefined, { signal }).catch(() => {
          throw failure;
        });
      }
    }
  }

  async #attempt(call: Call, signal: AbortSignal): Promise<string> {
    const { maxResponseBytes } = this.#options;
    const { body, observation } = await this.#send(call, signal);
    const limit = Math.min(call.maxBytes ?? maxResponseBytes, maxResponseBytes);
    try {
      // What a write has done must not be reported as refused: its response is one object.
      const { text, bytes } = await readBody(body, limit, call.idempotent ? call.scope.budget : undefined);
      observation.ended({ responseBytes: bytes });
      return text;
    } catch (error) {
      observation.failed(error);
      throw error;
    }
  }

  async #send(call: Call, signal: AbortSignal, bodyTimeout?: number): Promise<ObservedBody> {
    const { response, observation } = await this.#request(call, signal, bodyTimeout);
    const { statusCode } = response;
    // What a webhook warns about in a Secret could be what it contains, and warnings are logged.
    if (!call.idempotent && call.attributes.resource !== SECRETS.resource) {
      for (const text of parseWarnings(response.headers.warning)) call.scope.onWarning?.(text);
    }
    if (statusCode >= 200 && statusCode < 300) return { body: response.body, observation };
    const budget = call.idempotent ? call.scope.budget : undefined;
    const text = await readStatusBody(response.body, budget).finally(() => observation.ended());
    const renewed = statusCode === 401 ? await withNewCredential(call) : undefined;
    if (renewed) {
      // Time has passed, and what is checked right before a call is sent may not hold any more.
      call.beforeSend?.();
      return this.#send(renewed, signal, bodyTimeout);
    }
    throw new KubernetesError(
      statusCode,
      parseStatus(text, response.headers['retry-after']),
      call.attributes,
      call.identity,
    );
  }

  async #request(call: Call, signal: AbortSignal, bodyTimeout?: number) {
    const { method, identity, attributes, body, scope } = call;
    const path = call.path + queryString(call.query);
    const auditId = scope.nextAuditId();
    const observers = [...(this.#options.observers ?? []), ...(scope.observers ?? [])];
    const observation = new CallObservation(observers, { auditId, identity, method, path, attributes, body });
    try {
      const response = await this.#pool.request({
        method,
        path: this.#prefix + path,
        headers: { ...observation.headers, ...this.#headers(call, auditId) },
        body: body === undefined ? null : JSON.stringify(body),
        signal,
        ...(bodyTimeout !== undefined && { bodyTimeout }),
      });
      observation.statusCode = response.statusCode;
      return { response, observation };
    } catch (error) {
      observation.failed(error);
      throw error;
    }
  }

  #headers(call: Call, auditId: string): Record<string, string | string[]> {
    return {
      accept: call.accept ?? 'application/json',
      'user-agent': this.#options.userAgent,
      'audit-id': auditId,
      ...(call.authorization !== undefined && { authorization: call.authorization }),
      ...(call.identity === 'backend' && this.#options.endpoint.impersonation),
      ...(call.body !== undefined && { 'content-type': call.contentType ?? 'application/json' }),
    };
  }

  async *#chunksOf(body: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      yield* body;
    } catch (error) {
      throw this.#asCallError(error, signal);
    }
  }

  #asCallError(error: unknown, signal: AbortSignal): Error {
    if (error instanceof KubernetesError || error instanceof WritError) return error;
    if (signal.aborted) return new Timeout('The request ended before the cluster responded');
    const code = codeOf(error);
    if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
      return new Timeout('The cluster did not respond in time');
    }
    this.#failedAt = performance.now();
    const cause = connectionFailure(this.#options.endpoint, error);
    return new Unavailable('The cluster cannot be reached', code === undefined ? {} : { reason: code }, {
      cause,
    });
  }
}

/** Tells observers that the cluster was too slow: without a reason, the request that the call belongs to has ended. */
function timedOut(): DOMException {
  return new DOMException('The call took too long', 'TimeoutError');
}
