import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { Timeout } from '../../errors.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { badRequest } from '../bad-request.ts';
import { isDefect, toClientError } from '../client-error.ts';
import { httpOutcome } from '../http-status.ts';
import type { ServerContext } from '../request-state.ts';

export interface ErrorsOptions {
  logger: Logger;
}

/**
 * The last hand on every result, whatever it came from: errors become what clients may see, and a result's HTTP
 * status is settled. Belongs with {@link keepErrors} as Yoga's `maskedErrors.maskError`.
 */
export function useErrors({ logger }: ErrorsOptions): Plugin<ServerContext, ServerContext> {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      if (args.contextValue.state.accepted.eventStream) return;
      const refusal = badRequest('A subscription is an event stream: accept text/event-stream', 406);
      setResultAndStopExecution({ errors: [refusal] });
    },
    onResultProcess({ result, setResult, serverContext }) {
      if (isAsyncIterable(result)) setResult(codedStream(result, serverContext));
      else if (!Array.isArray(result)) setResult(withHttp(result, serverContext));
    },
  };

  function withHttp(result: ExecutionResult, context: ServerContext): ExecutionResult {
    const answer = coded(result, context);
    const http = httpOutcome(answer, result.errors ?? [], context.state.accepted.json);
    return { ...answer, extensions: { ...answer.extensions, http } };
  }

  function coded(result: ExecutionResult, { requestId, state }: ServerContext): ExecutionResult {
    const thrown = thrownBy(result);
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

  // Not a generator: its `return` would wait for the pending `next`, and a quiet watch would outlive its client.
  function codedStream(
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
          // graphql-js rejects every further `next` with the reason of the abort, and Yoga makes a result of each.
          finished = event.done === true || context.signal.aborted;
          return event.done ? done : { done: false, value: coded(event.value, context) };
        } catch (error) {
          finished = true;
          close();
          return { done: false, value: coded({ errors: [keepErrors(error)] }, context) };
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

/** Keeps what was thrown inside of a GraphQL error, for {@link useErrors} to map with the request at hand. */
export function keepErrors(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(`thrown: ${typeof error}`);
  return new GraphQLError('Internal error', { originalError });
}

/** Yoga drops the errors of an aborted request: nothing would be left to say why there is no data. */
function thrownBy({ data, errors = [] }: ExecutionResult): readonly unknown[] {
  return data === undefined && errors.length === 0 ? [new Timeout('The request was aborted')] : errors;
}
