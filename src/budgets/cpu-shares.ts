import { Timeout } from '../errors.ts';

export interface CpuShareOptions {
  /** The part of the process' time that one user gets while others are active, from 0 to 1. */
  share?: number;
  /** How much a user may use at once before it waits, in ms. */
  burstMs?: number;
  /** How long after its last request a user counts as active, in ms. */
  activeMs?: number;
}

/** A user waits no longer than this for a single step, however much it has used. */
const MAX_WAIT_MS = 1_000;

/**
 * JavaScript runs on one thread: while one user's document is parsed or one user's page of the cluster is read, all others
 * wait. So what a user's requests take of the thread is counted, about, and a user who takes more than its share waits
 * between the steps of its requests. While nobody else is active there is nothing to wait for.
 */
export class CpuShares {
  readonly #slowdown: number;
  readonly #burstMs: number;
  readonly #activeMs: number;
  /** When each user will be within its share again: `performance.now()`. */
  readonly #paidUntil = new Map<string, number>();
  /** The two users that were active last. */
  #recent: { user: string; at: number }[] = [];

  constructor({ share = 0.2, burstMs = 20, activeMs = 1_000 }: CpuShareOptions = {}) {
    this.#slowdown = 1 / share;
    this.#burstMs = burstMs;
    this.#activeMs = activeMs;
  }

  /** Counts time that a user's request has taken of the thread, in ms. */
  charge(user: string, ms: number): void {
    const now = performance.now();
    const paid = Math.max(now, this.#paidUntil.get(user) ?? 0);
    this.#paidUntil.set(user, Math.min(paid + ms * this.#slowdown, now + MAX_WAIT_MS));
    if (this.#paidUntil.size > 10_000) this.#forgetPaid(now);
  }

  /** Runs a step and counts the time that it takes. It must be synchronous. */
  measure<T>(user: string, step: () => T): T {
    const startedAt = performance.now();
    try {
      return step();
    } finally {
      this.charge(user, performance.now() - startedAt);
    }
  }

  /** Waits until the user is within its share; undefined if it is. Timeout if the signal aborts meanwhile. */
  turn(user: string, signal: AbortSignal): Promise<void> | undefined {
    const now = performance.now();
    this.#note(user, now);
    return this.#waitMs(user, now) > 0 ? this.#wait(user, signal) : undefined;
  }

  async #wait(user: string, signal: AbortSignal): Promise<void> {
    for (let ms = this.#waitMs(user, performance.now()); ms > 0; ) {
      await sleep(Math.min(ms, this.#activeMs), signal);
      ms = this.#waitMs(user, performance.now());
    }
  }

  #waitMs(user: string, now: number): number {
    const others = this.#recent.some((each) => each.user !== user && now - each.at < this.#activeMs);
    return others ? (this.#paidUntil.get(user) ?? 0) - this.#burstMs * this.#slowdown - now : 0;
  }

  #note(user: string, at: number): void {
    const other = this.#recent.find((each) => each.user !== user);
    this.#recent = other ? [{ user, at }, other] : [{ user, at }];
  }

  #forgetPaid(now: number): void {
    for (const [user, paid] of this.#paidUntil) if (paid < now) this.#paidUntil.delete(user);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(new Timeout('The request ended before it was its turn'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}
