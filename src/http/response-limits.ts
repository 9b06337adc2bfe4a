import type { ExecutionResult } from 'graphql';
import type { CpuShares } from '../budgets/cpu-shares.ts';
import type { MemoryBudget } from '../budgets/memory-budget.ts';
import { jsonBytes } from '../budgets/value-size.ts';
import { QueryTooComplex } from '../errors.ts';
import type { ServerContext } from './request-state.ts';

export interface ResponseLimits {
  /** The maximum size of a response, or of an event, in bytes: a larger one is QUERY_TOO_COMPLEX. */
  maxBytes: number;
  /** How long a client may take to read a response or an event, in ms. Then it is disconnected. */
  timeoutMs: number;
  /** What clients have not read yet counts towards it. */
  memory: MemoryBudget;
  cpu?: CpuShares;
}

/** A response exists twice while it is sent: as a string, and as the bytes that wait for the client. */
const COPIES = 2;
/** Arrays and objects within each other. JSON.stringify, which is recursive, cannot write a value that is far deeper. */
const MAX_DEPTH = 500;
/** About how much longer than to measure a response it takes to build and to encode it. */
const RESPONSE_FACTOR = 10;

/**
 * Counts the result towards the user's memory, and gives the client a time to take it. Errors: QueryTooComplex (it is too
 * large), those of the memory budget.
 *
 * @returns to be called when the client has taken the result
 */
export function limitResponse(
  result: ExecutionResult,
  { client, state }: ServerContext,
  { maxBytes, timeoutMs, memory, cpu }: ResponseLimits,
): () => void {
  const { user = '' } = state;
  const startedAt = performance.now();
  const errors = result.errors?.map((error) => error.toJSON());
  const length = jsonBytes([result.data, errors], maxBytes, MAX_DEPTH);
  cpu?.charge(user, RESPONSE_FACTOR * (performance.now() - startedAt));
  if (length === Number.POSITIVE_INFINITY) {
    const message = `The response has more than ${MAX_DEPTH} levels: request less of what is stored`;
    throw new QueryTooComplex(message, { limit: 'responseDepth', maximum: MAX_DEPTH });
  }
  if (length > maxBytes) {
    const message = `The response is larger than ${maxBytes} bytes: request less at once`;
    throw new QueryTooComplex(message, { limit: 'responseBytes', maximum: maxBytes });
  }
  const reserved = memory.reserve(user, COPIES * length);
  const timer = setTimeout(() => client.disconnect(), timeoutMs);
  return () => {
    clearTimeout(timer);
    reserved.release();
  };
}
