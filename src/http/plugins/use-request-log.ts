import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../../telemetry/logger.ts';
import { endedOperation, type RequestObserver } from '../ended-request.ts';
import type { HttpContext, ServerContext } from '../request-state.ts';

/** The name of an operation is client input. */
const MAX_NAME_LENGTH = 100;

/**
 * Logs one line per operation when its response ends. It never contains variables, headers or the document: they contain
 * what users type and paste.
 */
export function useRequestLog(logger: Logger, observer?: RequestObserver): Plugin<object, HttpContext> {
  return {
    onRequest({ serverContext: { res, state } }) {
      res.once('close', () => {
        // Not an operation, but a preflight or the playground's page.
        if (!state.operation && state.errorCodes.size === 0) return;
        const aborted = !res.writableFinished;
        logOperation(logger, state, { status: res.statusCode, aborted });
        observer?.operationEnded(endedOperation(state, aborted));
      });
    },
  };
}

/** How an operation ended: with its HTTP status, or over a WebSocket. */
interface Outcome {
  status?: number;
  transport?: 'websocket';
  /** The client left before it had the whole result. */
  aborted: boolean;
}

export function logOperation(
  logger: Logger,
  {
    requestId,
    startedAt,
    operation,
    errorCodes,
    causes,
    warnings,
    callCount,
    isAdHoc,
    username,
    trace,
  }: ServerContext['state'],
  { aborted, ...outcome }: Outcome,
): void {
  logger.info(
    {
      requestId,
      ...(trace && { traceId: trace.traceId }),
      operationType: operation?.type,
      operationName: operation?.name?.slice(0, MAX_NAME_LENGTH),
      ...(isAdHoc && { adHoc: true }),
      ...(errorCodes.size > 0 && { errorCodes: [...errorCodes] }),
      ...(causes.size > 0 && { causes: [...causes] }),
      ...(warnings.size > 0 && { warnings: [...warnings] }),
      ...outcome,
      ...(aborted && { aborted }),
      durationMs: Math.round(performance.now() - startedAt),
      // The last of them has this number in its Audit-ID: the cluster's audit log can be compared.
      calls: callCount?.() ?? 0,
      ...(username !== undefined && { username }),
    },
    'operation',
  );
}
