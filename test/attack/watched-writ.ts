import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request as undiciRequest } from 'undici';
import { DESCRIBE, started } from '../support/hooks.ts';
import type { TestCluster } from '../support/test-cluster.ts';
import { startWritOn, type WritOptions } from '../support/writ.ts';

/** A call on its way from Writ to the cluster, with all that a TLS connection would hide. */
export interface SeenCall {
  /** Whose pool of connections it came by. */
  via: 'users' | 'backend';
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface FakeAnswer {
  status: number;
  body: string;
}

export interface WatchedWritOptions extends Pick<WritOptions, 'environment' | 'reviews'> {
  /** Before a call reaches the cluster; what it returns is answered in the cluster's place. */
  before?: (call: SeenCall) => Promise<FakeAnswer | undefined> | FakeAnswer | undefined;
  /** Changes what the cluster answered. */
  alter?: (call: SeenCall, body: string) => string;
}

/** A second Writ on a sandbox, which sees the cluster through proxies that record, interfere and lie. */
export function startWatchedWrit(
  sandbox: TestCluster,
  { before, alter, ...options }: WatchedWritOptions = {},
  hooks = DESCRIBE,
) {
  const calls: SeenCall[] = [];
  const proxies = started(
    hooks,
    async () => {
      const dispatcher = new Agent({ connect: { ca: sandbox.ca } });
      const [users, backend] = await Promise.all([
        startProxy('users', dispatcher),
        startProxy('backend', dispatcher),
      ]);
      return { dispatcher, users, backend };
    },
    ({ dispatcher, users, backend }) => Promise.all([users.close(), backend.close(), dispatcher.destroy()]),
  );
  const writ = startWritOn(
    sandbox,
    {
      ...options,
      endpoints: () => ({
        endpoint: { server: proxies().users.url },
        backendEndpoint: { server: proxies().backend.url },
      }),
    },
    hooks,
  );
  // What it asked for its start is nobody's operation.
  hooks.beforeAll(() => {
    calls.length = 0;
  });
  return Object.assign(writ, { calls });

  async function startProxy(via: SeenCall['via'], dispatcher: Agent) {
    const http = createServer((req, res) => {
      void pass(req, via, dispatcher).then(
        ({ status, body, type }) => res.writeHead(status, { 'content-type': type }).end(body),
        () => res.destroy(),
      );
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const close = async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    };
    return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, close };
  }

  async function pass(req: IncomingMessage, via: SeenCall['via'], dispatcher: Agent) {
    const { method = '', url: path = '', headers } = req;
    const parts: Buffer[] = [];
    for await (const chunk of req) parts.push(chunk as Buffer);
    const call: SeenCall = { via, method, path, headers, body: Buffer.concat(parts).toString() };
    calls.push(call);
    const fake = await before?.(call);
    if (fake) return { ...fake, type: 'application/json' };
    const { host: _, connection: __, 'content-length': ___, ...forwarded } = headers;
    const answer = await undiciRequest(`${sandbox.server}${path}`, {
      method: method as 'GET',
      dispatcher,
      headers: forwarded,
      body: call.body || null,
    });
    const text = await answer.body.text();
    const type = String(answer.headers['content-type']);
    return { status: answer.statusCode, body: alter?.(call, text) ?? text, type };
  }
}
