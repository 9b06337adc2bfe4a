import { TooManyRequests, Unavailable } from '../errors.ts';

interface UsageLimits {
  perUser: number;
  all: number;
  /** What is counted, in the plural: for messages. */
  what: string;
}

/** Counts what users have in progress, and limits it. */
export class UsageCounter {
  readonly #limits: UsageLimits;
  readonly #byUser = new Map<string, number>();
  total = 0;

  constructor(limits: UsageLimits) {
    this.#limits = limits;
  }

  /** Errors: TooManyRequests, Unavailable. @returns counts one less, once */
  enter(user: string): () => void {
    const { perUser, all, what } = this.#limits;
    const own = this.#byUser.get(user) ?? 0;
    if (own >= perUser) {
      throw new TooManyRequests(`You have ${own} ${what}, and may have no more`, { retryAfterSeconds: 1 });
    }
    if (this.total >= all) throw new Unavailable(`Writ has too many ${what}`, { retryAfterSeconds: 1 });
    this.#byUser.set(user, own + 1);
    this.total += 1;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.total -= 1;
      const left = (this.#byUser.get(user) ?? 1) - 1;
      if (left > 0) this.#byUser.set(user, left);
      else this.#byUser.delete(user);
    };
  }
}
