import type { ExecutionResult } from 'graphql';
import type { CpuShares } from '../budgets/cpu-shares.ts';
import { jsonLength } from '../budgets/json-length.ts';
import type { MemoryBudget } from '../budgets/memory-budget.ts';
import { QueryTooComplex } from '../errors.ts';
import { type ServerContext, whenClosed } from './request-state.ts';

export interface ResponseLimits {
  /** The maximum size of a response in bytes: a larger one is QUERY_TOO_COMPLEX. */
  maxBytes: number;
  /** How long a client may take to read its response, in ms. Then its connection is destroyed. */
  timeoutMs: number;
  /** What clients have not read yet counts towards it. */
  memory: MemoryBudget;
  cpu?: CpuShares;
}

/** A response exists twice while it is sent: as a string, and as the bytes that wait for the client. */
const COPIES = 2;
/** About how much longer than to measure a response it takes to build and to encode it. */
const RESPONSE_FACTOR = 10;

/** The result. Errors: QueryTooComplex (it is too large), those of the memory budget. */
export function limitResponse(
  result: ExecutionResult,
  { res, state }: ServerContext,
  { maxBytes, timeoutMs, memory, cpu }: ResponseLimits,
): ExecutionResult {
  const { user = '' } = state;
  const startedAt = performance.now();
  const length = jsonLength([result.data, result.errors?.map((error) => error.toJSON())], maxBytes);
  cpu?.charge(user, RESPONSE_FACTOR * (performance.now() - startedAt));
  if (length > maxBytes) {
    const message = `The response is larger than ${maxBytes} bytes: request less at once`;
    throw new QueryTooComplex(message, { limit: 'responseBytes', maximum: maxBytes });
  }
  const reserved = memory.reserve(user, COPIES * length);
  const timer = setTimeout(() => res.destroy(), timeoutMs);
  whenClosed(res, () => {
    clearTimeout(timer);
    reserved.release();
  });
  return result;
}
