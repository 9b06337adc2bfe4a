import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { badRequest } from '../bad-request.ts';
import type { ClientResults } from '../client-results.ts';
import { httpOutcome } from '../http-status.ts';
import type { ServerContext } from '../request-state.ts';

/**
 * Converts every result to what clients may see, and sets the HTTP status. It requires `wrapError` as Yoga's
 * `maskedErrors.maskError`.
 */
export function useErrors(results: ClientResults): Plugin<ServerContext, ServerContext> {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      if (args.contextValue.state.accepted.eventStream) return;
      const error = badRequest('A subscription needs an event stream: accept text/event-stream', 406);
      setResultAndStopExecution({ errors: [error] });
    },
    onResultProcess({ result, setResult, serverContext }) {
      if (isAsyncIterable(result)) {
        const events = results.stream(result, serverContext);
        // Nobody would read them.
        if (serverContext.state.headersOnly) void events.return?.();
        setResult(events);
      } else if (!Array.isArray(result)) setResult(withHttpStatus(result, serverContext));
    },
  };

  function withHttpStatus(result: ExecutionResult, context: ServerContext): ExecutionResult {
    const clientResult = results.single(result, context);
    const http = httpOutcome(clientResult, result.errors ?? [], context.state.accepted.json);
    return { ...clientResult, extensions: { ...clientResult.extensions, http } };
  }
}
