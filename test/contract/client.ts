import { Agent, type Dispatcher, request } from 'undici';

// biome-ignore lint/suspicious/noExplicitAny: the tests read answers of many kinds
export type Body = any;

export interface Answer {
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

/** Speaks HTTPS to a Kubernetes API and trusts its certificate alone. */
export class Client {
  readonly #endpoint: Endpoint;
  readonly #dispatcher: Agent;
  readonly #token: string | undefined;

  constructor(endpoint: Endpoint, token?: string, dispatcher?: Agent) {
    this.#endpoint = endpoint;
    this.#token = token;
    // A watch may be silent for as long as it likes.
    this.#dispatcher = dispatcher ?? new Agent({ connect: { ca: endpoint.ca }, bodyTimeout: 0 });
  }

  as(who: { token: string } | string | undefined): Client {
    return new Client(this.#endpoint, typeof who === 'object' ? who.token : who, this.#dispatcher);
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await this.#request(method, path, body, headers);
    const text = await answer.body.text();
    const isJson = String(answer.headers['content-type']).startsWith('application/json');
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  }

  get = (path: string, headers?: Record<string, string>) => this.send('GET', path, undefined, headers);
  post = (path: string, body: unknown) => this.send('POST', path, body);
  put = (path: string, body: unknown) => this.send('PUT', path, body);
  delete = (path: string, body?: unknown) => this.send('DELETE', path, body);

  patch(path: string, body: unknown, type = 'merge'): Promise<Answer> {
    return this.send('PATCH', path, body, { 'content-type': `application/${type}-patch+json` });
  }

  /** Creates the object, or fails with what the server said. */
  async create(path: string, object: unknown): Promise<Body> {
    const { status, body } = await this.post(path, object);
    if (status !== 201) throw new Error(`POST ${path}: ${status} ${body.message ?? body}`);
    return body;
  }

  /** Until the server or the signal ends it. */
  async *watch(
    path: string,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): AsyncGenerator<WatchEvent> {
    const answer = await this.#request('GET', path, undefined, headers, signal);
    let text = '';
    for await (const chunk of answer.body) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as WatchEvent;
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

  close(): Promise<void> {
    return this.#dispatcher.destroy();
  }

  #request(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ) {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    return request(this.#endpoint.server + path, {
      method: method as Dispatcher.HttpMethod,
      dispatcher: this.#dispatcher,
      headers: {
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      ...(text !== undefined && { body: text }),
      ...(signal && { signal }),
    });
  }
}
