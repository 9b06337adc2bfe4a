import { type Body, Client, type Endpoint, type WatchEvent } from '../contract/client.ts';

export type { Endpoint };

export interface Answer {
  status: number;
  body: Body;
}

/** The Kubernetes API over plain HTTPS with one token. */
export class ClusterClient {
  readonly #client: Client;

  constructor(endpoint: Endpoint, token: string) {
    this.#client = new Client(endpoint, token);
  }

  send = async (...request: Parameters<Client['send']>): Promise<Answer> => {
    const { status, body } = await this.#client.send(...request);
    return { status, body };
  };
  get = (path: string) => this.send('GET', path);
  create = (path: string, body: unknown) => this.send('POST', path, body);
  delete = (path: string, body?: unknown) => this.send('DELETE', path, body);

  /** As `send`, where any answer but success is an error that says what the server said. */
  async must(...request: Parameters<Client['send']>): Promise<Body> {
    const { status, body } = await this.send(...request);
    if (status < 300) return body;
    throw new Error(`${request[0]} ${request[1]}: ${status} ${body.message ?? body}`);
  }

  watch(path: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    return this.#client.watch(path, {}, signal);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
