import type { Plugin } from 'graphql-yoga';
import type { Tracing } from '../../telemetry/tracing/tracing.ts';
import type { HttpContext, ServerContext } from '../request-state.ts';

/** Begins the trace of an HTTP request, which ends with its response. */
export function traceRequest(
  tracing: Tracing,
  { req, res, requestId, state }: HttpContext,
  route: string,
): void {
  const trace = tracing.httpRequest(req, requestId, route);
  state.trace = trace;
  res.once('close', () => trace.responded({ status: res.statusCode, aborted: !res.writableFinished }));
}

/** The span of an operation, from its parsing on. It runs after the plugin that reads the operation from the document. */
export function useTracing(): Plugin<ServerContext, ServerContext> {
  return {
    onParse({ context: { state } }) {
      state.trace?.operationStarted();
      return () => {
        if (state.operation) state.trace?.operationKnown(state.operation);
      };
    },
  };
}
