import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { Timeout, toWritError } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type Explain, isDefect, toClientError } from './client-error.ts';
import { withMirror } from './mirror-extension.ts';
import type { ServerContext } from './request-state.ts';
import { limitResponse, type ResponseLimits } from './response-limits.ts';

export interface ClientResultOptions {
  logger: Logger;
  responses?: ResponseLimits;
  explain?: Explain | undefined;
}

/** What executions return, as clients may see it, over each transport. */
export interface ClientResults {
  /** A single result. It counts towards the user's memory until the operation has ended. */
  single(result: ExecutionResult, context: ServerContext): ExecutionResult;
  /** The events of a subscription. One counts until the client has taken it, and only then is the next one read. */
  stream(
    source: AsyncIterable<ExecutionResult>,
    context: ServerContext,
  ): AsyncIterableIterator<ExecutionResult>;
}

interface Delivery {
  result: ExecutionResult;
  /** The client has taken it. */
  taken: () => void;
  /** It exceeds a limit, and an error takes its place. */
  isRefused: boolean;
}

const nothing = () => {};

export function createClientResults({ logger, responses, explain }: ClientResultOptions): ClientResults {
  return { single, stream };

  function single(result: ExecutionResult, context: ServerContext): ExecutionResult {
    const delivery = deliver(result, context);
    context.whenEnded(delivery.taken);
    context.state.trace?.operationEnded(context.state.errorCodes);
    const shown = withMirror(withWarnings(delivery.result, context), context);
    return withUpstream(shown, context, true);
  }

  function deliver(executed: ExecutionResult, context: ServerContext): Delivery {
    const result = toClientResult(executed, context);
    if (!responses || result.data === undefined) return { result, taken: nothing, isRefused: false };
    try {
      return { result, taken: limitResponse(result, context, responses), isRefused: false };
    } catch (error) {
      // `data` says that a mutation was executed: it must not look like one that can be sent again.
      const isMutation = context.state.operation?.type === OperationTypeNode.MUTATION;
      const refused = { ...(isMutation && { data: null }), errors: [wrapError(error)] };
      return { result: toClientResult(refused, context), taken: nothing, isRefused: true };
    }
  }

  function toClientResult(result: ExecutionResult, { requestId, state }: ServerContext): ExecutionResult {
    const thrown = errorsOf(result);
    if (thrown.length === 0) return result;
    const source = { requestId, document: state.document, explain };
    const errors = thrown.map((error) => toClientError(error, source));
    for (const error of errors) {
      state.errorCodes.add(String(error.extensions.code));
      const { cause } = toWritError(error.originalError);
      if (cause instanceof Error) state.causes.add(cause.message);
      if (isDefect(error)) {
        logger.error({ requestId, path: error.path, err: error.originalError }, 'internal error');
      }
    }
    return { ...result, errors };
  }

  // Not a generator: its `return` would wait for the pending `next`, so that an idle source would outlive its client.
  function stream(
    source: AsyncIterable<ExecutionResult>,
    context: ServerContext,
  ): AsyncIterableIterator<ExecutionResult> {
    const events = source[Symbol.asyncIterator]();
    context.state.trace?.operationEnded(context.state.errorCodes, { streams: true });
    const done = { done: true, value: undefined } as const;
    let finished = false;
    let taken = nothing;
    context.whenEnded(() => taken());
    const finish = () => {
      finished = true;
      void events.return?.().catch(() => undefined);
    };
    const send = (result: ExecutionResult) => {
      const delivery = deliver(result, context);
      taken = delivery.taken;
      if (delivery.isRefused) finish();
      return { done: false, value: withUpstream(delivery.result, context, false) } as const;
    };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        await context.client.ready();
        taken();
        if (finished) return done;
        try {
          const event = await events.next();
          // After an abort graphql-js rejects every `next`, and Yoga would turn each rejection into a result.
          finished = event.done === true || context.signal.aborted;
          return event.done ? done : send(event.value);
        } catch (error) {
          finish();
          return send({ errors: [wrapError(error)] });
        }
      },
      async return() {
        finish();
        return done;
      },
    };
  }
}

/** Adds what the API server has warned of, as kubectl prints it. */
function withWarnings(result: ExecutionResult, { state: { warnings } }: ServerContext): ExecutionResult {
  if (warnings.size === 0) return result;
  const extensions = { ...result.extensions, warnings: [...warnings].map((message) => ({ message })) };
  return { ...result, extensions };
}

/**
 * Adds the calls to the cluster since the last result.
 *
 * @param isLast whether no other result follows, which could list what has not ended yet
 */
function withUpstream(
  result: ExecutionResult,
  { state: { upstream } }: ServerContext,
  isLast: boolean,
): ExecutionResult {
  if (!upstream) return result;
  const calls = upstream.take({ unfinished: isLast });
  return { ...result, extensions: { ...result.extensions, upstream: calls } };
}

/** Wraps a thrown value in a GraphQL error, which {@link createClientResults} maps to what the client may see. */
export function wrapError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(`thrown: ${typeof error}`);
  return new GraphQLError('Internal error', { originalError });
}

/** Yoga drops the errors of an aborted request, which leaves neither data nor errors. */
function errorsOf({ data, errors = [] }: ExecutionResult): readonly unknown[] {
  return data === undefined && errors.length === 0 ? [new Timeout('The request was aborted')] : errors;
}
