import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  mapSourceToResponseEvent,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';

/** What a context can have: another context for each event. */
interface PerEvent {
  forEvent?(): { context: object; signal: AbortSignal; release(): void };
}

/**
 * Subscribes as graphql-js does, and executes each event with a context of its own, so that it is read with fresh loaders
 * and has a request's budget and deadline.
 *
 * @param measure runs each synchronous step of an execution, until its first wait
 */
export async function subscribeWithEventContexts(
  args: ExecutionArgs,
  measure: <T>(step: () => T) => T = (step) => step(),
): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
  const validated = validateSubscriptionArgs(args);
  if (!('schema' in validated)) return { errors: validated };
  const source = await createSourceEventStream(validated);
  if (!isAsyncIterable(source)) return source as ExecutionResult;
  return mapSourceToResponseEvent(validated, source, (event) => executeEvent(event, measure));
}

async function executeEvent(
  args: ValidatedSubscriptionArgs,
  measure: <T>(step: () => T) => T,
): Promise<ExecutionResult> {
  const { contextValue } = args;
  const event = (contextValue as PerEvent).forEvent?.();
  if (!event) return measure(() => executeSubscriptionEvent(args));
  const eventArgs = {
    ...args,
    externalAbortSignal: event.signal,
    contextValue: Object.assign(Object.create(contextValue as object), event.context),
  };
  try {
    return await measure(() => executeSubscriptionEvent(eventArgs));
  } finally {
    event.release();
  }
}
