import { Unavailable } from '../../errors.ts';

/** A term as the leader. It ends by this machine's own clock unless it is extended in time. */
export class Leadership {
  readonly #ended = new AbortController();
  #until: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param until the `performance.now()` until which no other replica can hold the lease */
  constructor(until: number) {
    this.#until = until;
    this.extend(until);
  }

  /** Aborts when the term ends, which also ends the calls in flight. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get isHeld(): boolean {
    return !this.#ended.signal.aborted && performance.now() < this.#until;
  }

  /** Throws Unavailable unless this replica is the leader at this moment. Called right before each write. */
  assertHeld(): void {
    if (!this.isHeld) throw new Unavailable('This replica is no longer the leader');
  }

  extend(until: number): void {
    if (this.#ended.signal.aborted) return;
    this.#until = until;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), until - performance.now());
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#ended.abort();
  }
}
