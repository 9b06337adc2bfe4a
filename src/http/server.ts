import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import { createYoga, type Plugin, type YogaInitialContext, type YogaServerInstance } from 'graphql-yoga';
import { Unavailable } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { acceptHeader } from './negotiate.ts';
import { useCors } from './plugins/use-cors.ts';
import { useCsrf } from './plugins/use-csrf.ts';
import { useDeadline } from './plugins/use-deadline.ts';
import { keepErrors, useErrors } from './plugins/use-errors.ts';
import { type Limits, useLimits } from './plugins/use-limits.ts';
import { type PlaygroundOptions, usePlayground, wantsPage } from './plugins/use-playground.ts';
import { useRequestLog } from './plugins/use-request-log.ts';
import { useRequestParams } from './plugins/use-request-params.ts';
import { createServerContext, type ServerContext } from './request-state.ts';

export type { ServerContext } from './request-state.ts';

/** What a context factory is given: the parsed operation and the HTTP request that it came with. */
export type InitialContext = ServerContext & YogaInitialContext;

export interface ServerDependencies {
  schema: GraphQLSchema;
  logger: Logger;
  /** Adds to each operation's context, after limits and validation, before `plugins` add theirs. */
  context?: (initial: InitialContext) => object | Promise<object>;
  /** Run after Writ's own; their `onContextBuilding` sees the context so far. */
  plugins?: Plugin<ServerContext, ServerContext>[];
  limits?: Partial<Limits>;
  /** Exact origins; empty: no CORS at all. */
  corsOrigins?: readonly string[];
  /** Every operation needs the header `x-writ-csrf`. */
  csrf?: boolean;
  playground?: PlaygroundOptions | false;
  host?: string;
  /** 0: a free one. */
  port: number;
  maxBodyBytes?: number;
  /** For a query or mutation as a whole. */
  requestTimeoutMs?: number;
}

export interface Server {
  yoga: YogaServerInstance<ServerContext, object>;
  /** @returns the GraphQL endpoint's URL */
  listen(): Promise<{ url: string; port: number }>;
  /**
   * Refuses new connections, ends subscriptions with UNAVAILABLE, gives running operations `graceMs` to finish,
   * then destroys what is left. Another call may shorten the grace.
   */
  close(graceMs: number): Promise<void>;
}

const ENDPOINT = '/graphql';

/** The GraphQL API over HTTP; {@link Server.listen} starts it. */
export function createServer(deps: ServerDependencies): Server {
  const { host = '127.0.0.1', port } = deps;
  const yoga = createYogaServer(deps);
  const open = new Set<ServerContext>();
  const shuttingDown = new Unavailable('Writ is shutting down: connect again');
  let closing: Promise<void> | undefined;

  const http = createHttpServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
    },
    handle,
  );
  http.maxHeadersCount = 100;
  return { yoga, listen, close };

  function handle(req: IncomingMessage, res: ServerResponse): void {
    const context = createServerContext(req, res);
    open.add(context);
    res.once('close', () => {
      open.delete(context);
      if (closing) http.closeIdleConnections();
    });
    res.setHeader('X-Content-Type-Options', 'nosniff');
    const path = req.url?.split('?', 1)[0];
    // Yoga builds a URL of both, and answers its own TypeError with the stack.
    if (!URL.canParse(`http://${req.headers.host}${req.url}`)) {
      refuse(res, 400, 'BAD_REQUEST', 'Bad Host or URL');
    } else if (path === ENDPOINT) void forward(context);
    else if (path === '/' && (req.method === 'GET' || req.method === 'HEAD')) {
      res.writeHead(302, { Location: ENDPOINT }).end();
    } else refuse(res, 404, 'NOT_FOUND', 'Not found');
  }

  async function forward({ req, res, ...context }: ServerContext): Promise<void> {
    const isPage = deps.playground && wantsPage(req.method, req.headers.accept);
    if (!isPage) req.headers.accept = acceptHeader(context.state.accepted);
    await yoga(req, res, context);
  }

  async function listen(): Promise<{ url: string; port: number }> {
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen({ host, port }, resolve);
    });
    const { port: bound } = http.address() as AddressInfo;
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}${ENDPOINT}`, port: bound };
  }

  async function close(graceMs: number): Promise<void> {
    closing ??= beginClosing();
    const timer = setTimeout(cutOff, graceMs);
    await closing;
    clearTimeout(timer);
  }

  function beginClosing(): Promise<void> {
    for (const { state } of open) {
      if (state.operation?.type === OperationTypeNode.SUBSCRIPTION) state.abort(shuttingDown);
    }
    return new Promise((resolve) => http.close(() => resolve()));
  }

  function cutOff(): void {
    for (const { state } of open) state.abort(shuttingDown);
    http.closeAllConnections();
  }
}

function createYogaServer(deps: ServerDependencies): YogaServerInstance<ServerContext, object> {
  const { schema, logger, corsOrigins = [], csrf = false, playground = false } = deps;
  return createYoga<ServerContext, object>({
    schema,
    ...(deps.context && { context: deps.context }),
    graphqlEndpoint: ENDPOINT,
    plugins: [
      useRequestLog({ logger }),
      ...(corsOrigins.length > 0 ? [useCors({ origins: corsOrigins })] : []),
      ...(playground ? [usePlayground(playground)] : []),
      ...(csrf ? [useCsrf()] : []),
      useRequestParams({ ...(deps.maxBodyBytes && { maxBodyBytes: deps.maxBodyBytes }) }),
      useLimits(deps.limits),
      useDeadline({ ...(deps.requestTimeoutMs && { requestTimeoutMs: deps.requestTimeoutMs }) }),
      useErrors({ logger }),
      ...(deps.plugins ?? []),
    ],
    maskedErrors: { maskError: keepErrors, errorMessage: '' },
    // Everything below is what one of the plugins does in Yoga's place, or what Writ does not offer.
    cors: false,
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
    logging: false,
    maxRequestBodySize: false,
    parserAndValidationCache: false,
    // It matches any URL that ends so, with the query string: a space is in none.
    healthCheckEndpoint: ' ',
  });
}

function refuse(res: ServerResponse, status: number, code: string, message: string): void {
  res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}
