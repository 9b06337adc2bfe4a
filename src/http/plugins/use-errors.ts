import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { Timeout } from '../../errors.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { badRequest } from '../bad-request.ts';
import { isDefect, toClientError } from '../client-error.ts';
import { httpOutcome } from '../http-status.ts';
import type { ServerContext } from '../request-state.ts';
import { limitResponse, type ResponseLimits } from '../response-limits.ts';

interface ErrorsOptions {
  logger: Logger;
  responses?: ResponseLimits;
}

/**
 * Converts the errors of every result to what clients may see, and sets the HTTP status. It requires {@link wrapError} as
 * Yoga's `maskedErrors.maskError`.
 */
export function useErrors({ logger, responses }: ErrorsOptions): Plugin<ServerContext, ServerContext> {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      if (args.contextValue.state.accepted.eventStream) return;
      const error = badRequest('A subscription needs an event stream: accept text/event-stream', 406);
      setResultAndStopExecution({ errors: [error] });
    },
    onResultProcess({ result, setResult, serverContext }) {
      if (isAsyncIterable(result)) setResult(toClientStream(result, serverContext));
      else if (!Array.isArray(result)) setResult(withHttpStatus(result, serverContext));
    },
  };

  function withinLimits(result: ExecutionResult, context: ServerContext): ExecutionResult {
    if (!responses || result.data === undefined) return result;
    try {
      return limitResponse(result, context, responses);
    } catch (error) {
      // `data` says that a mutation was executed: it must not look like one that can be sent again.
      const isMutation = context.state.operation?.type === OperationTypeNode.MUTATION;
      return toClientResult({ ...(isMutation && { data: null }), errors: [wrapError(error)] }, context);
    }
  }

  function withHttpStatus(result: ExecutionResult, context: ServerContext): ExecutionResult {
    const clientResult = withinLimits(toClientResult(result, context), context);
    const http = httpOutcome(clientResult, result.errors ?? [], context.state.accepted.json);
    return { ...clientResult, extensions: { ...clientResult.extensions, http } };
  }

  function toClientResult(result: ExecutionResult, { requestId, state }: ServerContext): ExecutionResult {
    const thrown = errorsOf(result);
    if (thrown.length === 0) return result;
    const errors = thrown.map((error) => toClientError(error, { requestId, document: state.document }));
    for (const error of errors) {
      state.errorCodes.add(String(error.extensions.code));
      if (isDefect(error)) {
        logger.error({ requestId, path: error.path, err: error.originalError }, 'internal error');
      }
    }
    return { ...result, errors };
  }

  // Not a generator: its `return` would wait for the pending `next`, so that an idle source would outlive its client.
  function toClientStream(
    source: AsyncIterable<ExecutionResult>,
    context: ServerContext,
  ): AsyncIterableIterator<ExecutionResult> {
    const events = source[Symbol.asyncIterator]();
    const done = { done: true, value: undefined } as const;
    let finished = false;
    const close = () => void events.return?.().catch(() => undefined);
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        if (finished) return done;
        try {
          const event = await events.next();
          // After an abort graphql-js rejects every `next`, and Yoga would turn each rejection into a result.
          finished = event.done === true || context.signal.aborted;
          return event.done ? done : { done: false, value: toClientResult(event.value, context) };
        } catch (error) {
          finished = true;
          close();
          return { done: false, value: toClientResult({ errors: [wrapError(error)] }, context) };
        }
      },
      async return() {
        finished = true;
        close();
        return done;
      },
    };
  }
}

/** Wraps a thrown value in a GraphQL error, which {@link useErrors} maps to what the client may see. */
export function wrapError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(`thrown: ${typeof error}`);
  return new GraphQLError('Internal error', { originalError });
}

/** Yoga drops the errors of an aborted request, which leaves neither data nor errors. */
function errorsOf({ data, errors = [] }: ExecutionResult): readonly unknown[] {
  return data === undefined && errors.length === 0 ? [new Timeout('The request was aborted')] : errors;
}
