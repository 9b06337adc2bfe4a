import { Unavailable } from '../errors.ts';

/** A term as the active replica. It ends by itself, by this machine's own clock, unless it is extended in time. */
export class Leadership {
  readonly #ended = new AbortController();
  #until: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param until `performance.now()` at which nobody else can hold the lease yet */
  constructor(until: number) {
    this.#until = until;
    this.extend(until);
  }

  /** Aborted when the term ends: ends what is on its way. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get isHeld(): boolean {
    return !this.#ended.signal.aborted && performance.now() < this.#until;
  }

  /** Throws Unavailable unless this replica leads at this moment. Every act asks right before it. */
  assertHeld(): void {
    if (!this.isHeld) throw new Unavailable('This replica does not lead any more');
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
