import { setTimeout as delay } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';
import { AnswerTooLarge, Timeout, Unavailable, WritError } from '../errors.ts';
import type { ApiCall } from './calls.ts';
import { KubernetesError } from './kubernetes-error.ts';
import type { AnyObject, WatchEvent } from './reader.ts';
import type { CallScope } from './scope.ts';
import { parseStatus } from './status.ts';
import type { CallIdentity } from './status-mapping.ts';
import { parseWatchEvent } from './watch-event.ts';

/** Where a cluster is and how to trust it. Nobody's credentials are in here. */
export interface ClusterEndpoint {
  /** Origin, and a path prefix where a proxy needs one: `https://10.0.0.1:6443`. */
  server: string;
  ca?: string | undefined;
  tlsServerName?: string | undefined;
  skipTlsVerify?: boolean | undefined;
  /** A client certificate: only ever the backend's, on a pool of its own. */
  clientCertificate?: { cert: string; key: string } | undefined;
}

export interface TransportOptions {
  endpoint: ClusterEndpoint;
  userAgent: string;
  /** Connections to the API server at the most. */
  connections: number;
  /** Deadline of one call, its retries included. */
  callTimeoutMs: number;
  /** Longest that one attempt may wait for response headers, and between two chunks of a body. */
  attemptTimeoutMs: number;
  retry: { attempts: number; baseMs: number };
  /** Longest response that is read into memory, in bytes; a longer one is AnswerTooLarge. */
  maxResponseBytes: number;
}

/** Returns Writ's own Authorization header; undefined where a client certificate is its identity. Asked before each call. */
export type Credential = () => Promise<string | undefined>;

/** Who makes a call, and the scope that ends it. */
export interface Caller {
  /** The whole header: `Bearer …`. Undefined only for a client certificate. */
  authorization: string | undefined;
  identity: CallIdentity;
  scope: CallScope;
}

/** The caller of Writ's own calls. Unavailable if its credentials cannot be read. */
export async function backendCaller(credential: Credential, scope: CallScope): Promise<Caller> {
  return { authorization: await credential(), identity: 'backend', scope };
}

/** A request to the API server under an identity. */
export type Call = ApiCall & Caller;

/** The connections to one API server: one pool for all callers, whose calls differ in their identity alone. */
export class ClusterTransport {
  readonly #pool: Pool;
  readonly #options: TransportOptions;
  readonly #prefix: string;
  /** Which cluster this is: nothing learned from one may be used for another. */
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
      connect: {
        timeout: options.attemptTimeoutMs,
        rejectUnauthorized: endpoint.skipTlsVerify !== true,
        ...(endpoint.ca && { ca: endpoint.ca }),
        ...(endpoint.tlsServerName && { servername: endpoint.tlsServerName }),
        ...endpoint.clientCertificate,
      },
    });
  }

  /** The parsed JSON of a 2xx answer. Errors: KubernetesError, Unavailable, Timeout, AnswerTooLarge. */
  async json<T>(call: Call): Promise<T> {
    const text = await this.text(call);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new Unavailable('The cluster answered with something that is not JSON');
    }
  }

  /** The body of a 2xx answer as text. Errors: KubernetesError, Unavailable, Timeout, AnswerTooLarge. */
  async text(call: Call): Promise<string> {
    const { scope, identity, idempotent } = call;
    const outer = identity === 'user' && idempotent ? scope.signal : scope.deadline;
    const ends = new AbortController();
    const end = () => ends.abort();
    if (outer.aborted) end();
    outer.addEventListener('abort', end);
    const timer = setTimeout(end, this.#options.callTimeoutMs);
    try {
      return await this.#attempts(call, ends.signal);
    } finally {
      clearTimeout(timer);
      outer.removeEventListener('abort', end);
    }
  }

  /**
   * The events of a watch, until the server, the scope's signal or `idleMs` of silence ends it. It occupies a connection
   * of the pool as long. Errors: KubernetesError (also in the middle of the watch), Unavailable, Timeout, AnswerTooLarge.
   */
  async *watch<T extends AnyObject>(call: Call, idleMs: number): AsyncGenerator<WatchEvent<T>> {
    const { signal } = call.scope;
    try {
      const { body } = await this.#send(call, signal, idleMs);
      for await (const line of linesOf(body, this.#options.maxResponseBytes)) {
        if (line !== '') yield parseWatchEvent<T>(line, call);
      }
    } catch (error) {
      throw asCallError(error, signal);
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  destroy(): Promise<void> {
    return this.#pool.destroy();
  }

  async #attempts(call: Call, signal: AbortSignal): Promise<string> {
    const attempts = call.idempotent ? this.#options.retry.attempts : 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(call, signal);
      } catch (error) {
        const failure = asCallError(error, signal);
        const wait = attempt < attempts ? this.#retryAfterMs(failure, attempt) : undefined;
        if (wait === undefined) throw failure;
        await delay(wait, undefined, { signal }).catch(() => {
          throw failure;
        });
      }
    }
  }

  async #attempt(call: Call, signal: AbortSignal): Promise<string> {
    const { maxResponseBytes } = this.#options;
    const { body } = await this.#send(call, signal);
    return readBody(body, Math.min(call.maxBytes ?? maxResponseBytes, maxResponseBytes));
  }

  /** A 2xx answer, its body not read yet. */
  async #send(call: Call, signal: AbortSignal, bodyTimeout?: number): Promise<Dispatcher.ResponseData> {
    const response = await this.#pool.request({
      method: call.method,
      path: this.#prefix + call.path + queryString(call.query),
      headers: this.#headers(call),
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal,
      ...(bodyTimeout !== undefined && { bodyTimeout }),
    });
    if (response.statusCode >= 200 && response.statusCode < 300) return response;
    const text = await readBody(response.body, this.#options.maxResponseBytes);
    throw new KubernetesError(
      response.statusCode,
      parseStatus(text, response.headers['retry-after']),
      call.attributes,
      call.identity,
    );
  }

  #headers(call: Call): Record<string, string> {
    return {
      accept: call.accept ?? 'application/json',
      'user-agent': this.#options.userAgent,
      'audit-id': call.scope.nextAuditId(),
      ...(call.authorization !== undefined && { authorization: call.authorization }),
      ...(call.body !== undefined && { 'content-type': call.contentType ?? 'application/json' }),
    };
  }

  /** How long to wait before the next attempt; undefined where another attempt would be no use. */
  #retryAfterMs(error: Error, attempt: number): number | undefined {
    const backoff = this.#options.retry.baseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
    if (error instanceof Unavailable) return backoff;
    if (!(error instanceof KubernetesError)) return undefined;
    const asked = error.status.details?.retryAfterSeconds;
    if (error.statusCode === 429 || error.statusCode === 503) {
      return asked === undefined ? backoff : Math.max(asked * 1000, backoff);
    }
    return error.statusCode >= 500 && error.statusCode !== 501 ? backoff : undefined;
  }
}

function queryString(query: Call['query'] = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(key, String(value));
  }
  return params.size === 0 ? '' : `?${params}`;
}

async function readBody(body: Dispatcher.ResponseData['body'], limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new AnswerTooLarge(`The cluster's answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Without the line ends; what comes after the last one is no line. */
async function* linesOf(body: AsyncIterable<Buffer>, limit: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (let chunk of body) {
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10)) {
      yield Buffer.concat([...parts, chunk.subarray(0, end)]).toString('utf8');
      chunk = chunk.subarray(end + 1);
      parts = [];
      size = 0;
    }
    size += chunk.length;
    if (size > limit)
      throw new AnswerTooLarge(`A line of the cluster's answer is larger than ${limit} bytes`);
    if (chunk.length > 0) parts.push(chunk);
  }
}

/** Never the library's own text: it may carry hosts, headers and bodies. */
function asCallError(error: unknown, signal: AbortSignal): Error {
  if (error instanceof KubernetesError || error instanceof WritError) return error;
  if (signal.aborted) return new Timeout('The request was given up before the cluster answered');
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new Timeout('The cluster did not answer in time');
  }
  return new Unavailable('The cluster cannot be reached', typeof code === 'string' ? { reason: code } : {});
}
