import { Timeout } from '../errors.ts';

/** Rejects with Timeout as soon as the signal aborts, while the operation itself may go on. */
export async function abortable<T>(signal: AbortSignal, operation: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new Timeout('The request ended before the cluster responded'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([operation, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    operation.catch(() => {});
    aborted.promise.catch(() => {});
  }
}
