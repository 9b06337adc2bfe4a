import { TooManyRequests, Unavailable } from '../errors.ts';

/** Bytes that are released once, by whoever holds them. */
export interface Reservation {
  readonly bytes: number;
  /** Adds to it, unless it was released. Errors: as {@link MemoryBudget.reserve}. */
  grow(bytes: number): void;
  /** Nothing counts towards it any more: a write can end after the request whose reservation it is. */
  release(): void;
}

/**
 * The memory that requests may hold together: bodies that are read, objects from the cluster that a request keeps, and
 * responses that clients have not read yet. One user gets half of it at most, so that others always find room.
 */
export class MemoryBudget {
  readonly #limit: number;
  readonly #byUser = new Map<string, number>();
  #reserved = 0;
  #refused = 0;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get reserved(): number {
    return this.#reserved;
  }
  get limit(): number {
    return this.#limit;
  }
  /** How often there was no room: for metrics. */
  get refused(): number {
    return this.#refused;
  }

  /** Errors: TooManyRequests (the user's half is used up), Unavailable (all of it is). */
  reserve(user: string, bytes: number): Reservation {
    const budget = this;
    let held = 0;
    let isReleased = false;
    const reservation: Reservation = {
      get bytes() {
        return held;
      },
      grow(more) {
        if (isReleased) return;
        budget.#take(user, more);
        held += more;
      },
      release() {
        if (isReleased) return;
        isReleased = true;
        budget.#give(user, held);
        held = 0;
      },
    };
    reservation.grow(bytes);
    return reservation;
  }

  #take(user: string, bytes: number): void {
    const held = this.#byUser.get(user) ?? 0;
    if (this.#reserved + bytes > this.#limit) {
      this.#refused += 1;
      throw new Unavailable('Writ has no memory left for this request', { retryAfterSeconds: 1 });
    }
    if (held + bytes > this.#limit / 2) {
      this.#refused += 1;
      throw new TooManyRequests('Your requests in progress hold too much memory', { retryAfterSeconds: 1 });
    }
    this.#reserved += bytes;
    this.#byUser.set(user, held + bytes);
  }

  #give(user: string, bytes: number): void {
    const left = (this.#byUser.get(user) ?? 0) - bytes;
    this.#reserved -= bytes;
    if (left > 0) this.#byUser.set(user, left);
    else this.#byUser.delete(user);
  }
}
