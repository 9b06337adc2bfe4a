import { defer, fromEvent, merge, type Observable, retry, take, tap, throwError, timer } from 'rxjs';
import { hasCode, problemsOf } from './errors.ts';

const MAX_DELAY_MS = 30_000;
/** A later attempt would have them too. */
const FINAL = ['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'QUERY_TOO_COMPLEX'];

interface ResubscribeOptions {
  /** It was lost, with the error, or it has resumed. */
  onLost?(error: unknown): void;
}

/** Subscribes again after an error that a later attempt may not have. `subscribe` knows where to continue. */
export function resubscribing<T>(
  subscribe: () => Observable<T>,
  { onLost }: ResubscribeOptions = {},
): Observable<T> {
  return defer(subscribe).pipe(
    tap(() => onLost?.(undefined)),
    retry({
      resetOnSuccess: true,
      delay(error, count) {
        if (FINAL.some((code) => hasCode(error, code))) return throwError(() => error);
        onLost?.(error);
        return nextAttempt(error, count);
      },
    }),
  );
}

function nextAttempt(error: unknown, count: number): Observable<unknown> {
  const wanted = problemsOf(error)[0]?.extensions.retryAfterSeconds;
  // Not all clients at the same time.
  const jitter = 0.5 + Math.random() / 2;
  // Never sooner than the server asks for.
  if (typeof wanted === 'number') return timer(wanted * 2_000 * jitter);
  const delay = Math.min(MAX_DELAY_MS, 300 * 2 ** count) * jitter;
  return merge(timer(delay), fromEvent(window, 'online')).pipe(take(1));
}
