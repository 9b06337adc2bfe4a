import type { ServerResponse } from 'node:http';
import type { EndedOperation, EndedRequest } from '../telemetry/metrics/http-metrics.ts';
import type { ServerContext } from './request-state.ts';

/** Told of requests and operations that have ended. */
export interface RequestObserver {
  /** Of each HTTP request, but not of those that open a WebSocket. */
  requestEnded(request: EndedRequest): void;
  /** Of each operation, over HTTP and over WebSockets; of a subscription at its end. */
  operationEnded(operation: EndedOperation): void;
}

type State = ServerContext['state'];

export function endedRequest(
  method: string,
  { startedAt, bodyBytes }: State,
  res: ServerResponse,
): EndedRequest {
  const length = method === 'HEAD' ? Number.NaN : Number(res.getHeader('content-length') ?? Number.NaN);
  return {
    method,
    ...(res.headersSent && { status: res.statusCode }),
    ...(bodyBytes !== undefined && { requestBytes: bodyBytes }),
    ...(res.writableFinished && length >= 0 && { responseBytes: length }),
    durationMs: performance.now() - startedAt,
  };
}

/** @param aborted the client left before it had the whole result */
export function endedOperation(
  { operation, errorCodes, startedAt }: State,
  aborted: boolean,
): EndedOperation {
  const [code] = errorCodes;
  return {
    type: operation?.type,
    name: operation?.name,
    code,
    aborted,
    durationMs: performance.now() - startedAt,
  };
}
