import { Agent, type Dispatcher, request } from 'undici';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  body: any;
}

export interface Endpoint {
  server: string;
  /** PEM */
  ca: string;
}

/** The Kubernetes API over plain HTTPS with one token. */
export class ClusterClient {
  readonly #server: string;
  readonly #dispatcher: Agent;
  readonly #token: string;

  constructor({ server, ca }: Endpoint, token: string) {
    this.#server = server;
    // A watch may be silent for as long as it likes.
    this.#dispatcher = new Agent({ connect: { ca }, bodyTimeout: 0 });
    this.#token = token;
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await this.#request(method, path, body, headers);
    const text = await answer.body.text();
    return { status: answer.statusCode, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  get = (path: string) => this.send('GET', path);
  create = (path: string, body: unknown) => this.send('POST', path, body);
  delete = (path: string, body?: unknown) => this.send('DELETE', path, body);

  /** As `send`, where any answer but success is an error that says what the server said. */
  async must(...args: Parameters<ClusterClient['send']>): Promise<Answer['body']> {
    const { status, body } = await this.send(...args);
    if (status < 300) return body;
    throw new Error(`${args[0]} ${args[1]}: ${status} ${body.message ?? body}`);
  }

  /** The objects of a watch's events until the server or the signal ends it. */
  async *watch(path: string, signal: AbortSignal): AsyncGenerator<{ type: string; object: Answer['body'] }> {
    const answer = await this.#request('GET', path, undefined, {}, signal);
    let text = '';
    for await (const chunk of answer.body) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line);
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  #request(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ) {
    return request(this.#server + path, {
      method: method as Dispatcher.HttpMethod,
      dispatcher: this.#dispatcher,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  }
}
