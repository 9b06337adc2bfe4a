import { setTimeout as delay } from 'node:timers/promises';

/** The newest value of a source, which is read as fast as it comes: values that nobody has waited for are left out. */
export class Latest<T> {
  #value: T | undefined;
  #hasEnded = false;
  readonly #failed = Promise.withResolvers<never>();
  #change = Promise.withResolvers<void>();

  constructor(source: AsyncIterable<T>) {
    this.#failed.promise.catch(() => {});
    void this.#read(source);
  }

  get value(): T | undefined {
    return this.#value;
  }

  /** Rejects with the error of the source, and never resolves. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Resolves once a value is accepted. Undefined if the signal has aborted, or the source has ended before. */
  async until(accepts: (value: T) => boolean, signal: AbortSignal): Promise<T | undefined> {
    while (!signal.aborted) {
      if (this.#value !== undefined && accepts(this.#value)) return this.#value;
      if (this.#hasEnded) break;
      await this.#changed(signal);
    }
    return undefined;
  }

  /** Resolves at the next change, after some time, or when the signal aborts. */
  async changedWithin(ms: number, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const end = () => waiting.abort();
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
    const wait = delay(ms, undefined, { signal: waiting.signal }).catch(() => {});
    await Promise.race([wait, this.#changed(waiting.signal)]);
    signal.removeEventListener('abort', end);
    end();
  }

  async #read(source: AsyncIterable<T>): Promise<void> {
    try {
      for await (const value of source) {
        this.#value = value;
        this.#notify();
      }
      this.#hasEnded = true;
      this.#notify();
    } catch (error) {
      this.#failed.reject(error);
    }
  }

  #notify(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /** Resolves at the next change or when the signal aborts. */
  async #changed(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    await Promise.race([this.#change.promise, aborted.promise]);
    signal.removeEventListener('abort', abort);
  }
}
