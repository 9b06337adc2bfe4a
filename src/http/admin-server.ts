import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WritError } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface AdminServerOptions {
  /** Rejects while Writ cannot serve. A WritError's message is shown; any other's is only logged. */
  ready: () => Promise<void>;
  logger: Logger;
  host?: string;
  /** 0: a free one. */
  port: number;
  /** How long a check may take until it counts as failed. */
  readyTimeoutMs?: number;
  /** How long an outcome answers further probes. */
  readyCacheMs?: number;
  /** More paths, such as /metrics: the body and its content type. */
  pages?: Record<string, () => Promise<AdminPage>>;
}

export interface AdminPage {
  contentType: string;
  body: string;
}

export interface AdminServer {
  listen(): Promise<{ url: string; port: number }>;
  close(): Promise<void>;
}

interface Outcome {
  status: number;
  text: string;
}

/** `/healthz`: the process runs; `/readyz`: it can serve. For probes, on a port that users do not reach. */
export function createAdminServer(options: AdminServerOptions): AdminServer {
  const { logger, host = '127.0.0.1', port, pages = {} } = options;
  const readiness = shareCheck(options);
  const http = createServer(
    { headersTimeout: 5_000, requestTimeout: 5_000 },
    (req, res) => void answer(req, res),
  );
  return { listen, close };

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = req.url?.split('?', 1)[0] ?? '';
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('Allow', 'GET, HEAD');
      send(res, 405, 'method not allowed');
    } else if (path === '/healthz') send(res, 200, 'ok');
    else if (path === '/readyz') {
      const { status, text } = await readiness();
      send(res, status, text);
    } else if (page) await sendPage(res, page);
    else send(res, 404, 'not found');
  }

  async function sendPage(res: ServerResponse, page: () => Promise<AdminPage>): Promise<void> {
    try {
      const { contentType, body } = await page();
      send(res, 200, body, contentType);
    } catch (error) {
      logger.error({ err: error }, 'admin page failed');
      send(res, 500, 'internal error');
    }
  }

  async function listen(): Promise<{ url: string; port: number }> {
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen({ host, port }, resolve);
    });
    const { port: bound } = http.address() as AddressInfo;
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`, port: bound };
  }

  function close(): Promise<void> {
    return new Promise((resolve) => {
      http.close(() => resolve());
      http.closeAllConnections();
    });
  }
}

/** However many probe at once, one check runs; its outcome is kept for a while. */
function shareCheck(options: AdminServerOptions): () => Promise<Outcome> {
  const { ready, logger, readyTimeoutMs = 2_000, readyCacheMs = 1_000 } = options;
  let shared: Promise<Outcome> | undefined;
  let freshUntil = 0;

  return () => {
    if (shared && performance.now() < freshUntil) return shared;
    freshUntil = Number.POSITIVE_INFINITY;
    shared = check().finally(() => {
      freshUntil = performance.now() + readyCacheMs;
    });
    return shared;
  };

  async function check(): Promise<Outcome> {
    const { promise: late, resolve } = Promise.withResolvers<Outcome>();
    const timer = setTimeout(
      () => resolve({ status: 503, text: `not ready: no answer within ${readyTimeoutMs} ms` }),
      readyTimeoutMs,
    );
    const answered = Promise.try(ready).then(
      () => ({ status: 200, text: 'ok' }),
      (error: unknown) => {
        logger.warn({ err: error }, 'not ready');
        return {
          status: 503,
          text: `not ready: ${error instanceof WritError ? error.message : 'see the log'}`,
        };
      },
    );
    return Promise.race([answered, late]).finally(() => clearTimeout(timer));
  }
}

function send(
  res: ServerResponse,
  status: number,
  text: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  res.writeHead(status, { 'Content-Type': contentType, 'Cache-Control': 'no-store' });
  res.end(text);
}
