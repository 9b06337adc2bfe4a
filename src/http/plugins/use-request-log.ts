import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../../telemetry/logger.ts';
import type { ServerContext } from '../request-state.ts';

export interface RequestLogOptions {
  logger: Logger;
  /** An operation's name is the client's text. */
  maxNameLength?: number;
}

/**
 * One line an operation, when its response has ended. Never variables, headers or the document: they hold what
 * users type and paste.
 */
export function useRequestLog({
  logger,
  maxNameLength = 100,
}: RequestLogOptions): Plugin<object, ServerContext> {
  return {
    onRequest({ serverContext }) {
      serverContext.res.once('close', () => write(serverContext));
    },
  };

  function write({ res, state }: ServerContext): void {
    const { requestId, startedAt, operation, errorCodes, username } = state;
    // A preflight, or the playground's page.
    if (!operation && errorCodes.size === 0) return;
    logger.info(
      {
        requestId,
        operationType: operation?.type,
        operationName: operation?.name?.slice(0, maxNameLength),
        ...(errorCodes.size > 0 && { errorCodes: [...errorCodes] }),
        status: res.statusCode,
        ...(!res.writableFinished && { aborted: true }),
        durationMs: Math.round(performance.now() - startedAt),
        ...(username !== undefined && { username }),
      },
      'operation',
    );
  }
}
