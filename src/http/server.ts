import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { OperationTypeNode } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { CacheFigures } from '../budgets/cache-figures.ts';
import { Unavailable } from '../errors.ts';
import { type ClientResults, createClientResults, wrapError } from './client-results.ts';
import { createConsole } from './console/console.ts';
import { endedRequest } from './ended-request.ts';
import { ACCEPTING_SOCKETS, listen as listenOn } from './listen.ts';
import { acceptHeader } from './negotiate.ts';
import { createAcceptedOperations } from './operations/accepted-operations.ts';
import { useCompression } from './plugins/use-compression.ts';
import { useCors } from './plugins/use-cors.ts';
import { useCsrf } from './plugins/use-csrf.ts';
import { REQUEST_TIMEOUT_MS, useDeadline } from './plugins/use-deadline.ts';
import { useErrors } from './plugins/use-errors.ts';
import { useEventStream } from './plugins/use-event-stream.ts';
import { useIdentity } from './plugins/use-identity.ts';
import { useLimits } from './plugins/use-limits.ts';
import { usePlayground, wantsPage } from './plugins/use-playground.ts';
import { useRequestLog } from './plugins/use-request-log.ts';
import { DEFAULT_MAX_BODY_BYTES, useRequestParams } from './plugins/use-request-params.ts';
import { traceRequest, useTracing } from './plugins/use-tracing.ts';
import { createHttpContext, type HttpContext } from './request-state.ts';
import { sendError } from './send-error.ts';
import type { ServerDependencies } from './server-dependencies.ts';
import { refuseUpgrade } from './websocket/upgrade.ts';
import { createWebSockets } from './websocket/websockets.ts';

export interface Server {
  /** For metrics. */
  readonly figures: { webSockets: number; documents: CacheFigures };
  /** @returns the GraphQL endpoint's URL */
  listen(): Promise<{ url: string; port: number }>;
  /**
   * Ends subscriptions with UNAVAILABLE and WebSockets with 1012, serves connections until `drainMs` has passed, while it tells
   * their clients to close them, stops accepting connections, gives running queries and mutations until `graceMs` to
   * finish, and then aborts them. A second call can shorten the wait.
   */
  close(graceMs: number): Promise<void>;
}

/** Twice the longest token: some identity providers issue tokens with all groups of the user. */
const MAX_HEADER_BYTES = 64 * 1024;
/** How long nothing may be sent or received on a connection, in ms: longer than a request, and than the pings of a stream. */
const IDLE_MS = 120_000;

/** The GraphQL API over HTTP; {@link Server.listen} starts it. */
export function createServer(deps: ServerDependencies): Server {
  const { host = '127.0.0.1', port, basePath = '' } = deps;
  const endpoint = `${basePath}/graphql`;
  const { logger, memory, cpu, requestTimeoutMs = REQUEST_TIMEOUT_MS, drainMs = 0 } = deps;
  const responses =
    memory && deps.responses ? { responses: { ...deps.responses, memory, ...(cpu && { cpu }) } } : {};
  const results = createClientResults({ logger, ...responses, explain: deps.explain });
  const accepted = createAcceptedOperations(deps);
  const console = deps.console
    ? createConsole({
        ...deps.console,
        basePath,
        logger,
        tokenHeader: deps.tokenHeader ?? 'authorization',
        authenticatingProxy: deps.authenticatingProxy ?? false,
        playground: Boolean(deps.playground),
      })
    : undefined;
  const yoga = createYogaServer(deps, endpoint, results, accepted, requestTimeoutMs);
  const webSockets = createWebSockets({
    yoga,
    results,
    resolve: accepted.resolve,
    logger,
    requestTimeoutMs,
    identity: deps.identity,
    tokenHeader: deps.tokenHeader ?? 'authorization',
    origins: deps.corsOrigins ?? [],
    authenticatingProxy: deps.authenticatingProxy ?? false,
    maxMessageBytes: deps.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    memory,
    cpu,
    observer: deps.observer,
    tracing: deps.tracing,
    limits: { ...(deps.responses && { sendTimeoutMs: deps.responses.timeoutMs }), ...deps.webSockets },
  });
  const requests = new Set<HttpContext>();
  const shuttingDown = new Unavailable('Writ is shutting down: reconnect');
  let listening: Awaited<ReturnType<typeof listenOn>> | undefined;
  let closing: Promise<void> | undefined;
  let hasDrained = false;
  const graceEnded = new AbortController();

  const http = createHttpServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Otherwise a client that offers HTTP/2 (`Upgrade: h2c`) would get no response.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    handle,
  );
  http.on('upgrade', upgrade);
  http.on('clientError', refuseInvalid);
  http.maxHeadersCount = 100;
  // A client that reads nothing of its response, with or without a token, does not keep its connection.
  http.timeout = IDLE_MS;
  return {
    get figures() {
      return { webSockets: webSockets.size, documents: accepted.checks.figures };
    },
    listen,
    close,
  };

  function handle(req: IncomingMessage, res: ServerResponse): void {
    const context = createHttpContext(req, res);
    requests.add(context);
    const { method = '' } = req;
    res.once('close', () => {
      requests.delete(context);
      deps.observer?.requestEnded(endedRequest(method, context.state, res));
      if (hasDrained) http.closeIdleConnections();
    });
    // A client that is told so sends its next request to another replica, and not into a connection that is being closed.
    if (closing) res.setHeader('Connection', 'close');
    res.setHeader('X-Content-Type-Options', 'nosniff');
    // Responses depend on the caller.
    res.setHeader('Cache-Control', 'no-store');
    // The media type is negotiated, and whether the response is compressed.
    res.setHeader('Vary', 'Accept, Accept-Encoding');
    if (context.state.headersOnly) req.method = 'GET';
    const path = pathOf(req);
    // Yoga builds a URL from both, and if that fails responds with the stack of the TypeError.
    if (!URL.canParse(`http://${req.headers.host}${req.url}`)) {
      sendError(res, 400, 'BAD_REQUEST', 'The Host header or the URL is invalid');
    } else if (path === endpoint) void forward(context);
    else if (console?.has(path)) void console.respond(req, res, path);
    else if ((path === basePath || path === `${basePath}/`) && req.method === 'GET') {
      void redirect(context);
    } else sendError(res, 404, 'NOT_FOUND', 'Not found');
  }

  function upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (closing) refuseUpgrade(socket, 503, 'UNAVAILABLE', shuttingDown.message);
    else if (pathOf(req) !== endpoint) refuseUpgrade(socket, 404, 'NOT_FOUND', 'Not found');
    else webSockets.upgrade(req, socket, head);
  }

  function pathOf(req: IncomingMessage): string {
    const [path = '', ...search] = req.url?.split('?') ?? [];
    if (path !== `${endpoint}/`) return path;
    // Some proxies and clients add a slash.
    req.url = [endpoint, ...search].join('?');
    return endpoint;
  }

  /** A request that is no valid HTTP, or whose headers are too large. */
  function refuseInvalid(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    if (error.code === 'HPE_HEADER_OVERFLOW') {
      refuseUpgrade(socket, 431, 'BAD_REQUEST', `The headers are larger than ${MAX_HEADER_BYTES} bytes`);
    } else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
      refuseUpgrade(socket, 408, 'BAD_REQUEST', 'The request came too slowly');
    } else refuseUpgrade(socket, 400, 'BAD_REQUEST', 'The request is not valid HTTP');
  }

  /** From the root: browsers to the console, if there is one. */
  async function redirect({ req, res }: HttpContext): Promise<void> {
    const isForConsole = wantsPage(req.method, req.headers.accept) && (await console?.isBuilt());
    const target = (isForConsole && console?.path) || endpoint;
    // Relative, as a proxy can serve it at another path.
    const here = pathOf(req).endsWith('/') ? '' : `${basePath.split('/').at(-1)}/`;
    res.writeHead(302, { Location: here + target.slice(`${basePath}/`.length) }).end();
  }

  async function forward({ req, res, ...context }: HttpContext): Promise<void> {
    if (deps.tracing) traceRequest(deps.tracing, { req, res, ...context }, endpoint);
    const isPage = deps.playground && wantsPage(req.method, req.headers.accept);
    if (!isPage) req.headers.accept = acceptHeader(context.state.accepted);
    await yoga(req, res, context);
  }

  async function listen(): Promise<{ url: string; port: number }> {
    listening = await listenOn(http, { host, port }, ACCEPTING_SOCKETS);
    return { url: `${listening.url}${endpoint}`, port: listening.port };
  }

  async function close(graceMs: number): Promise<void> {
    closing ??= startClosing();
    const timer = setTimeout(abortAll, graceMs);
    await closing;
    clearTimeout(timer);
  }

  async function startClosing(): Promise<void> {
    endSubscriptions();
    webSockets.close();
    await drain();
    hasDrained = true;
    endSubscriptions();
    await listening?.close();
  }

  function endSubscriptions(): void {
    for (const { state } of requests) {
      if (state.operation?.type === OperationTypeNode.SUBSCRIPTION) state.abort(shuttingDown);
    }
  }

  /**
   * Goes on to serve, also new connections: whoever balances them learns late that this server is no longer ready. Clients are
   * told to close theirs.
   */
  async function drain(): Promise<void> {
    if (drainMs > 0) await delay(drainMs, undefined, { signal: graceEnded.signal }).catch(() => {});
  }

  function abortAll(): void {
    graceEnded.abort();
    for (const { state } of requests) state.abort(shuttingDown);
    webSockets.terminate();
    http.closeAllConnections();
  }
}

function createYogaServer(
  deps: ServerDependencies,
  endpoint: string,
  results: ClientResults,
  { checks, resolve }: ReturnType<typeof createAcceptedOperations>,
  requestTimeoutMs: number,
): YogaServerInstance<HttpContext, object> {
  const {
    schema,
    logger,
    corsOrigins = [],
    corsHeaders = [],
    authenticatingProxy = false,
    tokenHeader = 'authorization',
    playground = false,
    memory,
  } = deps;
  return createYoga<HttpContext, object>({
    schema,
    graphqlEndpoint: endpoint,
    plugins: [
      useRequestLog(logger, deps.observer),
      ...(corsOrigins.length > 0 ? [useCors({ origins: corsOrigins, headers: corsHeaders })] : []),
      ...(playground ? [usePlayground(playground, { tokenHeader, authenticatingProxy })] : []),
      ...(authenticatingProxy ? [useCsrf()] : []),
      useRequestParams({
        resolve,
        ...(deps.maxBodyBytes && { maxBodyBytes: deps.maxBodyBytes }),
        ...(memory && { memory }),
      }),
      useLimits(checks, deps.cpu),
      useDeadline({ requestTimeoutMs, ...(deps.cpu && { cpu: deps.cpu }) }),
      ...(deps.tracing ? [useTracing()] : []),
      useErrors(results),
      useEventStream(),
      useCompression({ ...(memory && { memory }), ...(deps.cpu && { cpu: deps.cpu }) }),
      ...(deps.identity ? [useIdentity(deps.identity.createContext)] : []),
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
