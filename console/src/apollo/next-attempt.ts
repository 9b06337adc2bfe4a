import { fromEvent, merge, type Observable, take, throwError, timer } from 'rxjs';
import { hasCode, problemsOf } from './errors.ts';

const MAX_DELAY_MS = 30_000;

/**
 * When to subscribe again, as `delay` of `retry()`: after a lost connection, and after an error that a later attempt may not
 * have. Any other error is passed on.
 */
export function nextAttempt(error: unknown, count: number): Observable<unknown> {
  const isFinal = ['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT'].some((code) => hasCode(error, code));
  if (isFinal) return throwError(() => error);
  const wanted = problemsOf(error)[0]?.extensions.retryAfterSeconds;
  const least = typeof wanted === 'number' ? wanted * 1_000 : 0;
  // Not all clients at the same time.
  const delay = Math.min(MAX_DELAY_MS, 300 * 2 ** count) * (0.5 + Math.random() / 2);
  return merge(timer(Math.max(least, delay)), fromEvent(window, 'online')).pipe(take(1));
}
