import { Agent, type Dispatcher, request } from 'undici';
import { vi } from 'vitest';
import type { Sandbox, SandboxIdentity } from '../../src/sandbox/sandbox.ts';

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

export const sessions = '/apis/vteam.ambient-code/v1alpha1/namespaces/demo/agenticsessions';
export const jobs = '/apis/batch/v1/namespaces/demo/jobs';
export const core = (resource: string, namespace = 'demo') => `/api/v1/namespaces/${namespace}/${resource}`;
export const rbac = (resource: string, namespace = 'demo') =>
  `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${resource}`;

/** Speaks HTTPS to the sandbox and trusts its certificate alone. */
export class Client {
  readonly #sandbox: Sandbox;
  readonly #dispatcher: Agent;
  readonly #token: string | undefined;

  constructor(sandbox: Sandbox, token?: string, dispatcher = new Agent({ connect: { ca: sandbox.ca } })) {
    this.#sandbox = sandbox;
    this.#token = token;
    this.#dispatcher = dispatcher;
  }

  as(who: SandboxIdentity | string | undefined): Client {
    return new Client(this.#sandbox, typeof who === 'object' ? who.token : who, this.#dispatcher);
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

  async *watch(path: string, headers: Record<string, string> = {}): AsyncGenerator<WatchEvent> {
    const answer = await this.#request('GET', path, undefined, headers);
    let text = '';
    for await (const chunk of answer.body) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as WatchEvent;
    }
  }

  /** The events of a watch up to the first that satisfies. */
  async until(path: string, satisfied: (event: WatchEvent) => boolean): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    for await (const event of this.watch(path)) {
      events.push(event);
      if (satisfied(event)) break;
    }
    return events;
  }

  #request(method: string, path: string, body: unknown, headers: Record<string, string>) {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    return request(this.#sandbox.server + path, {
      method: method as Dispatcher.HttpMethod,
      dispatcher: this.#dispatcher,
      headers: {
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      ...(text !== undefined && { body: text }),
    });
  }
}

/** Polls until the assertions hold: soon, but a loaded machine may take its time. */
export function eventually<T>(assertions: () => Promise<T>): Promise<T> {
  return vi.waitFor(assertions, { timeout: 10_000, interval: 10 });
}

export function named(name: string, more: Record<string, unknown> = {}) {
  return { metadata: { name }, ...more };
}

export function job(
  name: string,
  spec: Record<string, unknown> = {},
  metadata: Record<string, unknown> = {},
) {
  const containers = [{ name: 'runner', image: 'example/runner' }];
  return {
    metadata: { name, ...metadata },
    spec: { template: { metadata: { labels: { app: 'writ' } }, spec: { containers } }, ...spec },
  };
}
