import { Unavailable } from '../errors.ts';
import type { Call } from './caller.ts';
import { KubernetesError } from './kubernetes-error.ts';

export interface RetryOptions {
  /** Of a call that may be repeated. */
  attempts: number;
  baseMs: number;
}

/** The delay before the next attempt in ms; undefined if a retry cannot help, or could make a write twice. */
export function retryDelayMs(
  { attempts, baseMs }: RetryOptions,
  { idempotent }: Pick<Call, 'idempotent'>,
  error: Error,
  attempt: number,
): number | undefined {
  const backoff = baseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
  const status = error instanceof KubernetesError ? error.statusCode : undefined;
  // The API server rejects a request with 429 before it handles it. A write is retried until its deadline: the mutation
  // that it belongs to would be left incomplete.
  if (!idempotent && status !== 429) return undefined;
  if (idempotent && attempt >= attempts) return undefined;
  if (error instanceof Unavailable) return backoff;
  if (!(error instanceof KubernetesError)) return undefined;
  // The API server has waited already: for a slow storage, or for a resourceVersion that may never come.
  if (status === 504) return undefined;
  const retryAfter = error.status.details?.retryAfterSeconds;
  if (status === 429 || status === 503) {
    return retryAfter === undefined ? backoff : Math.max(retryAfter * 1000, backoff);
  }
  return error.statusCode >= 500 && status !== 501 ? backoff : undefined;
}
