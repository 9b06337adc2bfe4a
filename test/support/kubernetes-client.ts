import { Agent, type Dispatcher, request } from 'undici';

// biome-ignore lint/suspicious/noExplicitAny: a test reads the fields that it asked for
export type Body = any;

export interface KubernetesResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Body;
}

export interface WatchEvent {
  type: string;
  object: Body;
}

export interface Endpoint {
  server: string;
  /** PEM */
  ca: string;
}

/** A token, or how to find it once the cluster has started. */
type Token = string | (() => string) | undefined;

/** The Kubernetes API over HTTPS as one identity. It trusts the endpoint's certificate alone. */
export class KubernetesClient {
  readonly #endpoint: Endpoint;
  readonly #token: Token;
  /** Shared by all identities of one client. */
  readonly #connections: { agent?: Agent };

  /** The endpoint is read at the first request. */
  constructor(endpoint: Endpoint, token?: Token, connections: { agent?: Agent } = {}) {
    this.#endpoint = endpoint;
    this.#token = token;
    this.#connections = connections;
  }

  /** Over the same connections. */
  as(who: { token: string } | Token): KubernetesClient {
    const token = typeof who === 'object' ? who.token : who;
    return new KubernetesClient(this.#endpoint, token, this.#connections);
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<KubernetesResponse> {
    const response = await this.#request(method, path, body, headers);
    const text = await response.body.text();
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    return { status: response.statusCode, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  get = (path: string, headers?: Record<string, string>) => this.send('GET', path, undefined, headers);
  post = (path: string, body: unknown) => this.send('POST', path, body);
  put = (path: string, body: unknown) => this.send('PUT', path, body);
  delete = (path: string, body?: unknown) => this.send('DELETE', path, body);

  patch(path: string, body: unknown, type = 'merge'): Promise<KubernetesResponse> {
    return this.send('PATCH', path, body, { 'content-type': `application/${type}-patch+json` });
  }

  /** As `send`: the body of a success; anything else is an error with the server's message. */
  async must(...[method, path, ...rest]: Parameters<KubernetesClient['send']>): Promise<Body> {
    const { status, body } = await this.send(method, path, ...rest);
    if (status < 300) return body;
    throw new Error(`${method} ${path}: ${status} ${body.message ?? body}`);
  }

  /** Creates the object and returns what is stored, or fails. */
  create(path: string, object: unknown): Promise<Body> {
    return this.must('POST', path, object);
  }

  /** Until the server or the signal ends it. */
  async *watch(
    path: string,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): AsyncGenerator<WatchEvent> {
    for await (const line of this.lines(path, signal, headers)) yield JSON.parse(line) as WatchEvent;
  }

  /** The lines of a response, until the server or the signal ends it. */
  async *lines(
    path: string,
    signal?: AbortSignal,
    headers: Record<string, string> = {},
  ): AsyncGenerator<string> {
    const response = await this.#request('GET', path, undefined, headers, signal);
    let text = '';
    for await (const chunk of response.body) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      yield* lines;
    }
  }

  /** The events of a watch up to the first that satisfies, or to its end. */
  async until(path: string, satisfied: (event: WatchEvent) => boolean): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    for await (const event of this.watch(path)) {
      events.push(event);
      if (satisfied(event)) break;
    }
    return events;
  }

  /** Ends the connections of all identities. */
  async close(): Promise<void> {
    await this.#connections.agent?.destroy();
  }

  #request(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ) {
    // A watch may be silent for as long as it likes.
    this.#connections.agent ??= new Agent({ connect: { ca: this.#endpoint.ca }, bodyTimeout: 0 });
    const token = typeof this.#token === 'function' ? this.#token() : this.#token;
    const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
    const text = isRaw ? body : JSON.stringify(body);
    return request(this.#endpoint.server + path, {
      method: method as Dispatcher.HttpMethod,
      dispatcher: this.#connections.agent,
      headers: {
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(text !== undefined && { body: text }),
      ...(signal && { signal }),
    });
  }
}
