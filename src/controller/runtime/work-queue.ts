import { FairQueue } from '../../budgets/fair-queue.ts';

/** The result of processing a key. */
export interface Result {
  /** Process the key again after this time at the latest, in ms. Absent: only when it is added again. */
  requeueAfterMs?: number | undefined;
}

export interface WorkQueueTimings {
  concurrency: number;
  /** The minimum time between the starts of two passes over the same key, except after a failure. */
  spacingMs: number;
  backoff: { baseMs: number; maxMs: number };
}

/** Told of the keys of a queue: for metrics. */
export interface QueueObserver {
  /** A key is queued. */
  added(): void;
  /** A key is to be processed again, because it failed. */
  retried(): void;
  /** The pass over a key starts. */
  started(waitedMs: number): void;
  /** The pass has ended. @param error what it threw, if it failed */
  ended(durationMs: number, result: 'done' | 'requeued' | 'error', error?: unknown): void;
}

export interface WorkQueueOptions extends WorkQueueTimings {
  process: (key: string) => Promise<Result>;
  onError: (key: string, error: unknown) => void;
  /** Groups take turns, and one group gets at most half of the concurrency. */
  groupOf: (key: string) => string;
  observer?: QueueObserver | undefined;
}

/** Longer delays are shortened to this: Node's timers overflow at 2^31 ms, and an additional pass is harmless. */
const MAX_WAIT_MS = 3_600_000;

interface Entry {
  isQueued: boolean;
  /** `performance.now()` */
  queuedAt: number;
  isProcessing: boolean;
  failures: number;
  lastStart: number;
  timer: NodeJS.Timeout | undefined;
  dueAt: number;
}

/**
 * A rate-limited work queue. A key that is added several times is queued once; it is never processed twice at the same time.
 * Passes over it are at least `spacingMs` apart; after a failure, an exponential backoff applies instead.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #ready: FairQueue<string>;
  readonly #processing = new Set<Promise<void>>();
  #isRunning = false;
  #isClosed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#ready = new FairQueue(options.groupOf, Math.ceil(options.concurrency / 2));
  }

  /** How many keys wait for their turn. */
  get depth(): number {
    return this.#ready.length;
  }

  /** Starts processing, also the keys that were added before. */
  start(): void {
    this.#isRunning = true;
    this.#drain();
  }

  add(key: string): void {
    if (this.#isClosed) return;
    const entry = this.#entry(key);
    // After a failure the backoff decides: a change does not bring the retry forward.
    if (entry.isQueued || (entry.failures > 0 && entry.timer)) return;
    this.#schedule(key, entry, Math.max(0, entry.lastStart + this.#options.spacingMs - performance.now()));
  }

  /** Discards what is queued and waits for what is being processed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ready.clear();
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
    await Promise.all(this.#processing);
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    if (known) return known;
    const entry: Entry = {
      isQueued: false,
      queuedAt: 0,
      isProcessing: false,
      failures: 0,
      lastStart: Number.NEGATIVE_INFINITY,
      timer: undefined,
      dueAt: Number.POSITIVE_INFINITY,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  /** Queues the key after `waitMs`, unless it is already due earlier. */
  #schedule(key: string, entry: Entry, waitMs: number): void {
    const wait = Math.min(waitMs, MAX_WAIT_MS);
    const dueAt = performance.now() + wait;
    if (entry.timer && entry.dueAt <= dueAt) return;
    clearTimeout(entry.timer);
    entry.dueAt = dueAt;
    entry.timer = setTimeout(() => this.#push(key, entry), wait);
  }

  #push(key: string, entry: Entry): void {
    entry.timer = undefined;
    entry.dueAt = Number.POSITIVE_INFINITY;
    // Queued twice, it could be processed twice at the same time.
    if (entry.isQueued) return;
    entry.isQueued = true;
    entry.queuedAt = performance.now();
    this.#options.observer?.added();
    if (!entry.isProcessing) this.#ready.push(key);
    this.#drain();
  }

  #drain(): void {
    while (this.#isRunning && !this.#isClosed && this.#processing.size < this.#options.concurrency) {
      const key = this.#ready.take();
      if (key === undefined) return;
      const pass = this.#pass(key, this.#entry(key)).finally(() => {
        this.#processing.delete(pass);
        this.#ready.release(key);
        this.#drain();
      });
      this.#processing.add(pass);
    }
  }

  async #pass(key: string, entry: Entry): Promise<void> {
    const { observer } = this.#options;
    entry.isQueued = false;
    entry.isProcessing = true;
    entry.lastStart = performance.now();
    observer?.started(entry.lastStart - entry.queuedAt);
    const durationMs = () => performance.now() - entry.lastStart;
    try {
      const { requeueAfterMs } = await this.#options.process(key);
      observer?.ended(durationMs(), requeueAfterMs === undefined ? 'done' : 'requeued');
      entry.failures = 0;
      if (requeueAfterMs !== undefined && !this.#isClosed)
        this.#schedule(key, entry, Math.max(requeueAfterMs, this.#options.spacingMs));
    } catch (error) {
      observer?.ended(durationMs(), 'error', error);
      entry.failures += 1;
      if (!this.#isClosed) {
        this.#options.onError(key, error);
        // Nor does a change during the pass.
        clearTimeout(entry.timer);
        observer?.retried();
        Object.assign(entry, { timer: undefined, isQueued: false });
        this.#schedule(key, entry, this.#backoffMs(entry.failures));
      }
    }
    entry.isProcessing = false;
    if (entry.isQueued) this.#ready.push(key);
    else setTimeout(() => this.#forgetIdle(key, entry), this.#options.spacingMs).unref();
  }

  /** Not before `spacingMs` after the pass: the entry records when the key was last processed. */
  #forgetIdle(key: string, entry: Entry): void {
    if (!entry.isQueued && !entry.isProcessing && !entry.timer) this.#entries.delete(key);
  }

  #backoffMs(failures: number): number {
    const { baseMs, maxMs } = this.#options.backoff;
    return Math.min(maxMs, baseMs * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
  }
}
