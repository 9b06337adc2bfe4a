import pLimit from 'p-limit';
import { QueryTooComplex } from '../errors.ts';
import type { CpuShares } from './cpu-shares.ts';
import type { MemoryBudget, Reservation } from './memory-budget.ts';

/** What one request may take. */
export interface RequestLimits {
  /** Calls to the cluster in all. */
  calls: number;
  /** Calls to the cluster in flight at once. */
  concurrentCalls: number;
  /** Bytes read from the cluster in all. */
  bytesRead: number;
  /** Bytes of objects from the cluster that are kept until the response is complete. */
  bytesKept: number;
}

export type RequestLimit = 'clusterCalls' | 'bytesRead' | 'bytesKept';

/**
 * What a request has taken from the cluster and from the process so far. The static cost of an operation cannot know how
 * many objects there are and how large they are: this budget does. Beyond a limit: QUERY_TOO_COMPLEX, which names it.
 */
export class RequestBudget {
  /** The user that its calls and memory count for. */
  readonly user: string;
  readonly #limits: RequestLimits;
  readonly #memory: MemoryBudget;
  readonly #cpu: CpuShares;
  readonly #kept: Reservation;
  /** Created with the first call: many requests make none. */
  #concurrent: ReturnType<typeof pLimit> | undefined;
  #calls = 0;
  #bytesRead = 0;

  constructor(user: string, limits: RequestLimits, memory: MemoryBudget, cpu: CpuShares) {
    this.user = user;
    this.#cpu = cpu;
    this.#limits = limits;
    this.#memory = memory;
    this.#kept = memory.reserve(user, 0);
  }

  /** How many more calls the request may make. */
  get callsLeft(): number {
    return this.#limits.calls - this.#calls;
  }

  /** How many more bytes the request may keep. */
  get bytesLeft(): number {
    return Math.max(0, this.#limits.bytesKept - this.#kept.bytes);
  }

  /** Throws if so little is left to keep that a page would only be cut off, which costs its connection. */
  assertRoom(): void {
    const { bytesKept } = this.#limits;
    if (this.bytesLeft < bytesKept * MIN_ROOM) throw tooComplex('bytesKept', bytesKept);
  }

  /** Counts a call, and runs it when few enough others of the request are in flight. */
  async call<T>(signal: AbortSignal, perform: () => Promise<T>): Promise<T> {
    if (this.#calls >= this.#limits.calls) throw tooComplex('clusterCalls', this.#limits.calls);
    this.#calls += 1;
    this.#concurrent ??= pLimit(this.#limits.concurrentCalls);
    return this.#concurrent(async () => {
      await this.turn(signal);
      this.#cpu.charge(this.user, CALL_MS);
      return perform();
    });
  }

  /** Waits until the user is within its share of the thread. Timeout if the signal aborts meanwhile. */
  async turn(signal: AbortSignal): Promise<void> {
    await this.#cpu.turn(this.user, signal);
  }

  /** Runs a synchronous step whose time counts for the user. */
  measure<T>(step: () => T): T {
    return this.#cpu.measure(this.user, step);
  }

  /** Counts a retry as a call. False if the request has no calls left. */
  retry(): boolean {
    if (this.callsLeft <= 0) return false;
    this.#calls += 1;
    return true;
  }

  /** A reservation for a response while it is read. It counts towards the bytes read too. */
  reading(): Reservation {
    const reserved = this.#memory.reserve(this.user, 0);
    const count = (bytes: number) => {
      this.#bytesRead += bytes;
      if (this.#bytesRead > this.#limits.bytesRead) throw tooComplex('bytesRead', this.#limits.bytesRead);
    };
    return {
      get bytes() {
        return reserved.bytes;
      },
      grow(bytes) {
        count(bytes);
        reserved.grow(bytes);
      },
      release: () => reserved.release(),
    };
  }

  /** Counts bytes that the request keeps until {@link release}. A negative number gives bytes back. */
  keep(bytes: number): void {
    if (bytes > this.bytesLeft) throw tooComplex('bytesKept', this.#limits.bytesKept);
    this.#kept.grow(bytes);
  }

  /** The response is complete: nothing is kept any more. */
  release(): void {
    this.#kept.release();
  }
}

/** The part of the bytes that a request may keep which must be left for a page. */
const MIN_ROOM = 1 / 64;
/** About what sending a call and receiving its response takes of the thread, in ms. */
const CALL_MS = 0.3;

const DESCRIPTIONS: Record<RequestLimit, string> = {
  clusterCalls: 'calls to the cluster',
  bytesRead: 'bytes read from the cluster',
  bytesKept: 'bytes of objects from the cluster',
};

function tooComplex(limit: RequestLimit, maximum: number): QueryTooComplex {
  const message = `The request needs more than ${maximum} ${DESCRIPTIONS[limit]}: request less at once`;
  return new QueryTooComplex(message, { limit, maximum });
}

/** Whether a budget of the request is used up, so that a connection can end its page early. */
export function isOverBudget(error: unknown): error is QueryTooComplex {
  return error instanceof QueryTooComplex && error.extensions.limit !== undefined;
}
