/** What keeps a person from Writ. */
export type Trouble =
  | { kind: 'offline' }
  /** Subscriptions have lost their connection, and try to get it back. */
  | { kind: 'lost' }
  /** A request was refused, and will be sent again. */
  | { kind: 'busy'; seconds: number };

/** Whether Writ can be reached, as far as the operations of one person tell. */
export class Connection {
  #isLost = false;
  #busy: { seconds: number; timer: ReturnType<typeof setTimeout> } | undefined;
  #trouble: Trouble | undefined;
  readonly #listeners = new Set<() => void>();

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void) => {
    if (this.#listeners.size === 0) this.#follow('addEventListener');
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#follow('removeEventListener');
    };
  };

  readonly read = (): Trouble | undefined => this.#trouble;

  lost(): void {
    this.#isLost = true;
    this.#update();
  }

  /** It is there again, or nobody waits for it any more. */
  found(): void {
    this.#isLost = false;
    this.#update();
  }

  /** @param seconds how long Writ asks to wait */
  busy(seconds: number): void {
    this.answered();
    // The retry may wait half as long again.
    const timer = setTimeout(() => this.answered(), seconds * 1_500 + 1_000);
    this.#busy = { seconds, timer };
    this.#update();
  }

  answered(): void {
    if (!this.#busy) return;
    clearTimeout(this.#busy.timer);
    this.#busy = undefined;
    this.#update();
  }

  #follow(method: 'addEventListener' | 'removeEventListener'): void {
    window[method]('online', this.#update);
    window[method]('offline', this.#update);
    this.#update();
  }

  readonly #update = () => {
    const next = this.#next();
    if (next?.kind === this.#trouble?.kind && next?.kind !== 'busy') return;
    this.#trouble = next;
    for (const listener of this.#listeners) listener();
  };

  #next(): Trouble | undefined {
    if (!navigator.onLine) return { kind: 'offline' };
    if (this.#isLost) return { kind: 'lost' };
    return this.#busy && { kind: 'busy', seconds: this.#busy.seconds };
  }
}
