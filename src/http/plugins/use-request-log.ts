import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../../telemetry/logger.ts';
import type { ServerContext } from '../request-state.ts';

/** The name of an operation is client input. */
const MAX_NAME_LENGTH = 100;

/**
 * Logs one line per operation when its response ends. It never contains variables, headers or the document: they contain
 * what users type and paste.
 */
export function useRequestLog(logger: Logger): Plugin<object, ServerContext> {
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
        operationName: operation?.name?.slice(0, MAX_NAME_LENGTH),
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
