import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { CpuShares } from '../budgets/cpu-shares.ts';
import type { MemoryBudget } from '../budgets/memory-budget.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { Explain } from './client-error.ts';
import type { ConsoleOptions } from './console/page-config.ts';
import type { Limits } from './document-checks.ts';
import type { RequestObserver } from './ended-request.ts';
import type { OperationRules } from './operations/document-resolver.ts';
import type { PlaygroundOptions } from './playground/page.ts';
import type { HttpContext } from './request-state.ts';
import type { TokenSource } from './request-token.ts';
import type { ResponseLimits } from './response-limits.ts';
import type { Identity } from './websocket/operation.ts';
import type { WebSocketLimits } from './websocket/options.ts';

export interface ServerDependencies {
  schema: GraphQLSchema;
  logger: Logger;
  /** Absent: operations have no caller. */
  identity?: Identity;
  /** Where an HTTP request, or the request that opens a WebSocket, has the token. */
  tokenHeader?: TokenSource;
  /** They run after Writ's own. */
  plugins?: Plugin<HttpContext, HttpContext>[];
  limits?: Partial<Limits>;
  /** Which operations are executed. Absent: all that are sent as a document. */
  operations?: OperationRules;
  /** Exact origins. Empty: no CORS headers, and WebSockets only from Writ's own origin. */
  corsOrigins?: readonly string[];
  /** Headers that pages of these origins may send, besides those that they always may. */
  corsHeaders?: readonly string[];
  /** Whether a proxy adds the token: every operation must then have the header `x-writ-csrf`. */
  authenticatingProxy?: boolean;
  playground?: PlaygroundOptions | false;
  console?: ConsoleOptions | false;
  host?: string;
  /** What the path of each URL begins with, such as `/writ`: for a proxy that serves other programs too. */
  basePath?: string;
  /** 0 selects a free port. */
  port: number;
  maxBodyBytes?: number;
  /** The deadline of a query or mutation. */
  requestTimeoutMs?: number;
  /** How long connections, new ones too, are served after the beginning of the shutdown, in ms. */
  drainMs?: number;
  /** What bodies and responses count towards. */
  memory?: MemoryBudget;
  /** What parsing, validation and responses take of the thread counts towards it. */
  cpu?: CpuShares;
  responses?: Omit<ResponseLimits, 'memory'>;
  /** Adds to the extensions of errors. */
  explain?: Explain;
  webSockets?: Partial<WebSocketLimits>;
  observer?: RequestObserver | undefined;
  tracing?: Tracing;
}
