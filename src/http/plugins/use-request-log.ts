import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../../telemetry/logger.ts';
import type { ServerContext } from '../request-state.ts';

interface RequestLogOptions {
  logger: Logger;
  /** The name of an operation is client input. */
  maxNameLength?: number;
}

/**
 * Logs one line per operation when its response ends. It never contains variables, headers or the document: they contain
 * what users type and paste.
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
    // Not an operation, but a preflight or the playground's page.
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
