import { Timeout, TooManyRequests, Unavailable } from '../errors.ts';
import { FairQueue } from './fair-queue.ts';

export interface SchedulerLimits {
  /** Calls in flight at once, of all users: the connections of the pool. */
  concurrency: number;
  /** Calls in flight at once of one user. */
  concurrencyPerUser: number;
  /** Calls of one user that may be queued: one more is TOO_MANY_REQUESTS. */
  queuedPerUser: number;
  /** Calls of all users that may be queued: one more is UNAVAILABLE, unless it is its user's only one. */
  queued: number;
}

/** How many calls of others a queued call had to wait for, at the most, and what was refused: for metrics. */
export interface SchedulerFigures {
  inFlight: number;
  queued: number;
  refusedByUser: number;
  refusedByProcess: number;
  /** The most calls that were started for other users while one call was queued although its user had none in flight. */
  longestWait: number;
}

interface Waiting {
  user: string;
  /** `performance.now()` */
  queuedAt: number;
  start: () => void;
  /** Calls that had been started when it was queued, if it is the only one of its user. */
  startedBefore: number | undefined;
}

/** The share of the connections that users have: a few calls at once each, and users take turns. */
export class FairScheduler {
  readonly #limits: SchedulerLimits;
  readonly #queue: FairQueue<Waiting>;
  readonly #onStarted: ((waitedMs: number) => void) | undefined;
  #inFlight = 0;
  #started = 0;
  #figures = { refusedByUser: 0, refusedByProcess: 0, longestWait: 0 };

  /** @param onStarted called when the turn of a call has come */
  constructor(limits: SchedulerLimits, onStarted?: (waitedMs: number) => void) {
    this.#limits = limits;
    this.#onStarted = onStarted;
    this.#queue = new FairQueue(({ user }) => user, limits.concurrencyPerUser);
  }

  get figures(): SchedulerFigures {
    return { ...this.#figures, inFlight: this.#inFlight, queued: this.#queue.length };
  }

  /**
   * Runs the call when it is the user's turn. Errors: TooManyRequests, Unavailable (a queue is full), the signal's Timeout
   * while it is queued, and those of the call.
   */
  async run<T>(user: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    const release = await this.acquire(user, signal);
    try {
      return await call();
    } finally {
      release();
    }
  }

  /** Waits for the user's turn, which lasts until the returned function is called. Errors: as `run`. */
  async acquire(user: string, signal: AbortSignal): Promise<() => void> {
    const waiting = await this.#turn(user, signal);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#inFlight -= 1;
      this.#queue.release(waiting);
      this.#startNext();
    };
  }

  #turn(user: string, signal: AbortSignal): Promise<Waiting> {
    const { concurrency, concurrencyPerUser, queuedPerUser, queued } = this.#limits;
    const mustWait = this.#inFlight >= concurrency || this.#queue.takenOf(user) >= concurrencyPerUser;
    if (mustWait && this.#queue.lengthOf(user) >= queuedPerUser) {
      this.#figures.refusedByUser += 1;
      throw new TooManyRequests('You have too many requests in progress', { retryAfterSeconds: 1 });
    }
    const isOnly = this.#queue.lengthOf(user) === 0 && this.#queue.takenOf(user) === 0;
    // Not a user's only call: else some users with many calls could keep all others out.
    if (mustWait && !isOnly && this.#queue.length >= queued) {
      this.#figures.refusedByProcess += 1;
      throw new Unavailable('Writ has too many requests in progress', { retryAfterSeconds: 1 });
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        user,
        queuedAt: performance.now(),
        startedBefore: isOnly ? this.#started : undefined,
        start: () => {
          signal.removeEventListener('abort', giveUp);
          resolve(waiting);
        },
      };
      const giveUp = () => {
        this.#queue.remove(waiting);
        reject(new Timeout('The request ended before it was its turn'));
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      this.#queue.push(waiting);
      this.#startNext();
    });
  }

  #startNext(): void {
    while (this.#inFlight < this.#limits.concurrency) {
      const next = this.#queue.take();
      if (!next) return;
      const waitedFor = this.#started - (next.startedBefore ?? this.#started);
      this.#figures.longestWait = Math.max(this.#figures.longestWait, waitedFor);
      this.#inFlight += 1;
      this.#started += 1;
      this.#onStarted?.(performance.now() - next.queuedAt);
      next.start();
    }
  }
}
