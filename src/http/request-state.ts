import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DocumentNode, OperationTypeNode } from 'graphql';
import { type Accepted, negotiate } from './negotiate.ts';

/** What the plugins know and note of one HTTP request and its response. */
export interface RequestState {
  readonly requestId: string;
  /** `performance.now()` at its start. */
  readonly startedAt: number;
  readonly accepted: Accepted;
  /** Aborts {@link ServerContext.signal}; the reason reaches whoever waits for it, so it should be a WritError. */
  abort(reason: Error): void;
  /** For an operation that may last: a subscription. */
  cancelDeadline?: () => void;
  document?: DocumentNode;
  operation?: { type: OperationTypeNode; name: string | undefined };
  readonly errorCodes: Set<string>;
  /** Set when the caller is authenticated; for the log. */
  username?: string;
  /** The user that memory counts for. */
  user?: string;
  /** What the authenticated caller adds to the operation's context. */
  caller?: object;
}

/** What every GraphQL context has before any plugin runs. */
export interface ServerContext {
  req: IncomingMessage;
  res: ServerResponse;
  /** Writ's own, in the response header `x-request-id` and in the log; never the client's. */
  requestId: string;
  /** Aborts when the client is gone, when the deadline is over, or when the server closes. */
  signal: AbortSignal;
  state: RequestState;
}

/** Begins an state; its signal follows the connection. */
export function createServerContext(req: IncomingMessage, res: ServerResponse): ServerContext {
  const requestId = randomUUID();
  const controller = new AbortController();
  const state: RequestState = {
    requestId,
    startedAt: performance.now(),
    accepted: negotiate(req.headers.accept),
    abort: (reason) => controller.abort(reason),
    errorCodes: new Set(),
  };
  res.setHeader('x-request-id', requestId);
  res.once('close', () => {
    if (!res.writableFinished) controller.abort(new DOMException('The client has gone', 'AbortError'));
  });
  return { req, res, requestId, signal: controller.signal, state };
}
