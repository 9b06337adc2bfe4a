import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { explain, WritError } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { listen } from './listen.ts';

export interface AdminServerOptions {
  /** Rejects while the process cannot serve. The message and cause of a WritError are returned; other errors are only logged. */
  ready: () => Promise<void>;
  logger: Logger;
  host?: string;
  /** 0 selects a free port. */
  port: number;
  /** A check that takes longer has failed, in ms. */
  readyTimeoutMs?: number;
  /** How long the outcome of a check is reused, in ms. */
  readyCacheMs?: number;
  /** Further paths, such as /metrics. */
  pages?: Record<string, () => Promise<AdminPage>>;
}

interface AdminPage {
  contentType: string;
  body: string;
}

interface AdminServer {
  listen(): Promise<{ url: string; port: number }>;
  close(): Promise<void>;
}

interface Outcome {
  status: number;
  text: string;
}

/** Serves `/healthz` (the process runs) and `/readyz` (it can serve) for probes, on a port that users do not reach. */
export function createAdminServer(options: AdminServerOptions): AdminServer {
  const { logger, host = '127.0.0.1', port, pages = {} } = options;
  const checkReadiness = createReadinessCheck(options);
  const http = createServer(
    { headersTimeout: 5_000, requestTimeout: 5_000 },
    (req, res) => void respond(req, res),
  );
  return { listen: () => listen(http, { host, port }), close };

  async function respond(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = req.url?.split('?', 1)[0] ?? '';
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('Allow', 'GET, HEAD');
      send(res, 405, 'method not allowed');
    } else if (path === '/healthz') send(res, 200, 'ok');
    else if (path === '/readyz') {
      const { status, text } = await checkReadiness();
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

  function close(): Promise<void> {
    return new Promise((resolve) => {
      http.close(() => resolve());
      http.closeAllConnections();
    });
  }
}

/** Concurrent probes share one check, and its outcome is reused for `readyCacheMs`. */
function createReadinessCheck(options: AdminServerOptions): () => Promise<Outcome> {
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
    const { promise: timedOut, resolve } = Promise.withResolvers<Outcome>();
    const timer = setTimeout(
      () => resolve({ status: 503, text: `not ready: no response within ${readyTimeoutMs} ms` }),
      readyTimeoutMs,
    );
    const outcome = Promise.try(ready).then(
      () => ({ status: 200, text: 'ok' }),
      (error: unknown) => {
        logger.warn({ err: error }, 'not ready');
        return {
          status: 503,
          text: `not ready: ${error instanceof WritError ? explain(error) : 'see the log'}`,
        };
      },
    );
    return Promise.race([outcome, timedOut]).finally(() => clearTimeout(timer));
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
