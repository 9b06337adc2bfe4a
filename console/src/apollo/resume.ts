import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { defer, type Observable, retry, tap, throwError, timer } from 'rxjs';
import { hasCode } from './errors.ts';

const MAX_DELAY_MS = 30_000;
/** A later attempt would have them too. */
const FINAL = ['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'QUERY_TOO_COMPLEX'];

interface ResumeOptions {
  /** It was lost, with the error, or it has resumed. */
  onLost(error: unknown): void;
}

/** Subscribes again after an error that a later attempt would not have. `subscribe` knows where to continue. */
export function resumed<T>(subscribe: () => Observable<T>, { onLost }: ResumeOptions): Observable<T> {
  return defer(subscribe).pipe(
    tap(() => onLost(undefined)),
    retry({
      resetOnSuccess: true,
      delay(error, count) {
        if (FINAL.some((code) => hasCode(error, code))) return throwError(() => error);
        onLost(error);
        // Not all clients at the same time.
        const ms = waitAsked(error) ?? Math.min(MAX_DELAY_MS, 300 * 2 ** count);
        return timer(ms * (0.5 + Math.random() / 2));
      },
    }),
  );
}

/** In ms, doubled for the jitter: never less than the server asks for. */
function waitAsked(error: unknown): number | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const seconds = error.errors[0]?.extensions?.retryAfterSeconds;
  return typeof seconds === 'number' ? seconds * 2_000 : undefined;
}
