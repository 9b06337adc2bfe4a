import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { CpuShares } from '../budgets/cpu-shares.ts';
import type { MemoryBudget } from '../budgets/memory-budget.ts';
import { Unavailable } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { ACCEPTING_SOCKETS, listen as listenOn } from './listen.ts';
import { acceptHeader } from './negotiate.ts';
import { useCors } from './plugins/use-cors.ts';
import { useCsrf } from './plugins/use-csrf.ts';
import { useDeadline } from './plugins/use-deadline.ts';
import { useErrors, wrapError } from './plugins/use-errors.ts';
import { type Limits, useLimits } from './plugins/use-limits.ts';
import { type PlaygroundOptions, usePlayground, wantsPage } from './plugins/use-playground.ts';
import { useRequestLog } from './plugins/use-request-log.ts';
import { useRequestParams } from './plugins/use-request-params.ts';
import { createServerContext, type ServerContext } from './request-state.ts';
import type { ResponseLimits } from './response-limits.ts';

export interface ServerDependencies {
  schema: GraphQLSchema;
  logger: Logger;
  /** They run after Writ's own. */
  plugins?: Plugin<ServerContext, ServerContext>[];
  limits?: Partial<Limits>;
  /** Exact origins. Empty: no CORS headers. */
  corsOrigins?: readonly string[];
  /** Whether every operation must have the header `x-writ-csrf`. */
  csrf?: boolean;
  playground?: PlaygroundOptions | false;
  host?: string;
  /** 0 selects a free port. */
  port: number;
  maxBodyBytes?: number;
  /** The deadline of a query or mutation. */
  requestTimeoutMs?: number;
  /** What bodies and responses count towards. */
  memory?: MemoryBudget;
  /** What parsing, validation and responses take of the thread counts towards it. */
  cpu?: CpuShares;
  responses?: Omit<ResponseLimits, 'memory'>;
}

export interface Server {
  /** @returns the GraphQL endpoint's URL */
  listen(): Promise<{ url: string; port: number }>;
  /**
   * Stops accepting connections, ends subscriptions with UNAVAILABLE, gives running operations `graceMs` to finish, and
   * then aborts them. A second call can shorten the wait.
   */
  close(graceMs: number): Promise<void>;
}

const ENDPOINT = '/graphql';
/** How long nothing may be sent or received on a connection, in ms: longer than a request, and than the pings of a stream. */
const IDLE_MS = 120_000;

/** The GraphQL API over HTTP; {@link Server.listen} starts it. */
export function createServer(deps: ServerDependencies): Server {
  const { host = '127.0.0.1', port } = deps;
  const yoga = createYogaServer(deps);
  const requests = new Set<ServerContext>();
  const shuttingDown = new Unavailable('Writ is shutting down: reconnect');
  let listening: Awaited<ReturnType<typeof listenOn>> | undefined;
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
  // A client that reads nothing of its response, with or without a token, does not keep its connection.
  http.timeout = IDLE_MS;
  return { listen, close };

  function handle(req: IncomingMessage, res: ServerResponse): void {
    const context = createServerContext(req, res);
    requests.add(context);
    res.once('close', () => {
      requests.delete(context);
      if (closing) http.closeIdleConnections();
    });
    res.setHeader('X-Content-Type-Options', 'nosniff');
    // Responses depend on the caller.
    res.setHeader('Cache-Control', 'no-store');
    // The media type is negotiated.
    res.setHeader('Vary', 'Accept');
    const path = req.url?.split('?', 1)[0];
    // Yoga builds a URL from both, and if that fails responds with the stack of the TypeError.
    if (!URL.canParse(`http://${req.headers.host}${req.url}`)) {
      sendError(res, 400, 'BAD_REQUEST', 'The Host header or the URL is invalid');
    } else if (path === ENDPOINT) void forward(context);
    else if (path === '/' && (req.method === 'GET' || req.method === 'HEAD')) {
      res.writeHead(302, { Location: ENDPOINT }).end();
    } else sendError(res, 404, 'NOT_FOUND', 'Not found');
  }

  async function forward({ req, res, ...context }: ServerContext): Promise<void> {
    const isPage = deps.playground && wantsPage(req.method, req.headers.accept);
    if (!isPage) req.headers.accept = acceptHeader(context.state.accepted);
    await yoga(req, res, context);
  }

  async function listen(): Promise<{ url: string; port: number }> {
    listening = await listenOn(http, { host, port }, ACCEPTING_SOCKETS);
    return { url: `${listening.url}${ENDPOINT}`, port: listening.port };
  }

  async function close(graceMs: number): Promise<void> {
    closing ??= startClosing();
    const timer = setTimeout(abortAll, graceMs);
    await closing;
    clearTimeout(timer);
  }

  async function startClosing(): Promise<void> {
    for (const { state } of requests) {
      if (state.operation?.type === OperationTypeNode.SUBSCRIPTION) state.abort(shuttingDown);
    }
    await listening?.close();
  }

  function abortAll(): void {
    for (const { state } of requests) state.abort(shuttingDown);
    http.closeAllConnections();
  }
}

function createYogaServer(deps: ServerDependencies): YogaServerInstance<ServerContext, object> {
  const { schema, logger, corsOrigins = [], csrf = false, playground = false, memory } = deps;
  return createYoga<ServerContext, object>({
    schema,
    graphqlEndpoint: ENDPOINT,
    plugins: [
      useRequestLog(logger),
      ...(corsOrigins.length > 0 ? [useCors({ origins: corsOrigins })] : []),
      ...(playground ? [usePlayground(playground)] : []),
      ...(csrf ? [useCsrf()] : []),
      useRequestParams({
        ...(deps.maxBodyBytes && { maxBodyBytes: deps.maxBodyBytes }),
        ...(memory && { memory }),
      }),
      useLimits(deps.limits, deps.cpu),
      useDeadline({
        ...(deps.requestTimeoutMs && { requestTimeoutMs: deps.requestTimeoutMs }),
        ...(deps.cpu && { cpu: deps.cpu }),
      }),
      useErrors({
        logger,
        ...(memory &&
          deps.responses && { responses: { ...deps.responses, memory, ...(deps.cpu && { cpu: deps.cpu }) } }),
      }),
      ...(deps.plugins ?? []),
    ],
    maskedErrors: { maskError: wrapError, errorMessage: '' },
    // Features of Yoga that a plugin replaces, or that Writ does not offer.
    cors: false,
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
    logging: false,
    maxRequestBodySize: false,
    parserAndValidationCache: false,
    // Yoga compares it with the end of the URL, query string included; no URL contains a space.
    healthCheckEndpoint: ' ',
  });
}

function sendError(res: ServerResponse, status: number, code: string, message: string): void {
  res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}
