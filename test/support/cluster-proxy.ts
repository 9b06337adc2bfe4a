import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Agent, request as undiciRequest } from 'undici';
import { parseJson } from '../../src/kubernetes/json.ts';
import { makeCertificate } from '../../src/sandbox/certificates.ts';

export interface ProxiedRequest {
  method: string;
  /** With the query. */
  path: string;
  authorization: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status: number;
  headers?: Record<string, string | string[]>;
  /** A string goes out as it is, what is told in a watch or a followed log as it comes, anything else as JSON. */
  body: unknown;
}

/** Answers in the cluster's place, or changes what the cluster answers. A promise that never settles: no answer. */
export type Rule = (request: ProxiedRequest, forward: () => Promise<Reply>) => Reply | Promise<Reply>;

/** Of the connection, and what would make an answer that can't be read here. */
const NOT_FORWARDED = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'];

/** A way to the cluster on which a test puts what the sandbox does not do: failures, silence, odd objects. */
export async function startClusterProxy(cluster: { server: string; ca: string }) {
  const certificate = await makeCertificate();
  const dispatcher = new Agent({ connect: { ca: cluster.ca } });
  const seen: ProxiedRequest[] = [];
  const forwardAll: Rule = (_, forward) => forward();
  const proxy = { rule: forwardAll };

  // As the API server, whose limit is 1 MiB.
  const options = { ...certificate, maxHeaderSize: 1024 * 1024 };
  const https = createServer(options, async (request, response) => {
    const body = await text(request);
    const { method = 'GET', url: path = '/', headers } = request;
    const proxied = { method, path, authorization: headers.authorization ?? '', headers, body };
    seen.push(proxied);
    const reply = await (async () => proxy.rule(proxied, () => forward(request, body)))().catch(
      () => undefined,
    );
    // What answers in the cluster's place may be closed, as the last requests of a test come.
    if (!reply) return void response.destroy();
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    if (reply.body instanceof Readable) {
      if (response.destroyed) return void reply.body.on('error', () => {}).destroy();
      response.flushHeaders();
      return void pipeline(reply.body, response, () => {});
    }
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  });
  // Node's 5 s would end idle connections that clients of a real API server may reuse.
  https.keepAliveTimeout = 90_000;
  let connections = 0;
  https.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));

  async function forward({ method, url, headers }: IncomingMessage, body: string): Promise<Reply> {
    const answer = await undiciRequest(`${cluster.server}${url}`, {
      method: method as 'GET',
      dispatcher,
      headers: Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) =>
          typeof value === 'string' && !NOT_FORWARDED.includes(name) ? [[name, value]] : [],
        ),
      ),
      body: body || null,
    });
    const kept = ['content-type', 'retry-after', 'warning'].filter(
      (name) => answer.headers[name] !== undefined,
    );
    const head = {
      status: answer.statusCode,
      headers: Object.fromEntries(kept.map((name) => [name, answer.headers[name] ?? ''])),
    };
    const { searchParams } = new URL(url ?? '/', cluster.server);
    if (searchParams.has('watch') || searchParams.has('follow')) return { ...head, body: answer.body };
    const said = await answer.body.text();
    return { ...head, body: said.startsWith('{') ? parseJson(said) : said };
  }

  return {
    endpoint: {
      server: `https://127.0.0.1:${(https.address() as AddressInfo).port}`,
      ca: certificate.cert,
    },
    /** TCP connections accepted so far. */
    connections: () => connections,
    /** Every request so far. */
    seen,
    /** From now on. */
    set(rule: Rule) {
      proxy.rule = rule;
    },
    clear() {
      proxy.rule = forwardAll;
    },
    /** Breaks off all connections. */
    cut() {
      https.closeAllConnections();
    },
    /** Refuses all connections from now on. */
    async close() {
      const closed = new Promise((resolve) => https.close(resolve));
      https.closeAllConnections();
      await closed;
      // What is still on its way gets its answer, though nobody waits for it.
      if (!dispatcher.closed) await dispatcher.close();
    },
  };
}

/** A failure as the API server words it. */
export function status(code: number, reason: string, more: Record<string, unknown> = {}): Reply {
  // The API server names the object that does not exist.
  const details = code === 404 && { details: { name: 'x' } };
  return {
    status: code,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code,
      reason,
      message: reason,
      ...details,
      ...more,
    },
  };
}
