import { FairLine } from './fair-line.ts';

export interface WorkQueueOptions {
  /** Does what a key needs now. Its answer: after how many ms to look again, if at all. */
  work: (key: string) => Promise<number | undefined>;
  onError: (key: string, error: unknown) => void;
  /** Keys of one namespace, which is what stands before the slash, get half of it at most. */
  concurrency: number;
  spacingMs: number;
  backoff: { baseMs: number; maxMs: number };
}

/** Longer waits are cut: a timer of Node ends at 2^31 ms, and to look once more does no harm. */
const LONGEST_WAIT_MS = 3_600_000;

interface Entry {
  isQueued: boolean;
  isWorking: boolean;
  failures: number;
  lastStart: number;
  timer: NodeJS.Timeout | undefined;
  dueAt: number;
}

/**
 * Keys to be looked at: each once however often it was added, never twice at the same time, not more often than
 * `spacingMs`, and after a failure with growing waits. Namespaces take turns.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #ready: FairLine;
  readonly #working = new Set<Promise<void>>();
  #isRunning = false;
  #isClosed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    const namespaceOf = (key: string) => key.split('/', 1)[0] ?? key;
    this.#ready = new FairLine(namespaceOf, Math.ceil(options.concurrency / 2));
  }

  /** Until then keys are only collected. */
  start(): void {
    this.#isRunning = true;
    this.#drain();
  }

  add(key: string): void {
    if (this.#isClosed) return;
    const entry = this.#entry(key);
    // After a failure its next turn is set, and news don't make it come sooner.
    if (entry.isQueued || (entry.failures > 0 && entry.timer)) return;
    this.#schedule(key, entry, Math.max(0, entry.lastStart + this.#options.spacingMs - performance.now()));
  }

  /** Takes no more and waits for what is being worked on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ready.clear();
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
    await Promise.all(this.#working);
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    if (known) return known;
    const entry: Entry = {
      isQueued: false,
      isWorking: false,
      failures: 0,
      lastStart: Number.NEGATIVE_INFINITY,
      timer: undefined,
      dueAt: Number.POSITIVE_INFINITY,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  /** An earlier time wins over a later one. */
  #schedule(key: string, entry: Entry, waitMs: number): void {
    const wait = Math.min(waitMs, LONGEST_WAIT_MS);
    const dueAt = performance.now() + wait;
    if (entry.timer && entry.dueAt <= dueAt) return;
    clearTimeout(entry.timer);
    entry.dueAt = dueAt;
    entry.timer = setTimeout(() => this.#push(key, entry), wait);
  }

  #push(key: string, entry: Entry): void {
    entry.timer = undefined;
    entry.dueAt = Number.POSITIVE_INFINITY;
    // It waits for its turn already: a second one could come at the same time.
    if (entry.isQueued) return;
    entry.isQueued = true;
    if (!entry.isWorking) this.#ready.push(key);
    this.#drain();
  }

  #drain(): void {
    while (this.#isRunning && !this.#isClosed && this.#working.size < this.#options.concurrency) {
      const key = this.#ready.take();
      if (key === undefined) return;
      const turn = this.#turn(key, this.#entry(key)).finally(() => {
        this.#working.delete(turn);
        this.#ready.giveBack(key);
        this.#drain();
      });
      this.#working.add(turn);
    }
  }

  async #turn(key: string, entry: Entry): Promise<void> {
    entry.isQueued = false;
    entry.isWorking = true;
    entry.lastStart = performance.now();
    try {
      const again = await this.#options.work(key);
      entry.failures = 0;
      if (again !== undefined && !this.#isClosed)
        this.#schedule(key, entry, Math.max(again, this.#options.spacingMs));
    } catch (error) {
      entry.failures += 1;
      if (!this.#isClosed) {
        this.#options.onError(key, error);
        // News that came meanwhile don't make its next turn come sooner.
        clearTimeout(entry.timer);
        Object.assign(entry, { timer: undefined, isQueued: false });
        this.#schedule(key, entry, this.#backoffMs(entry.failures));
      }
    }
    entry.isWorking = false;
    if (entry.isQueued) this.#ready.push(key);
    else setTimeout(() => this.#forgetIdle(key, entry), this.#options.spacingMs).unref();
  }

  /** Only after `spacingMs`: until then it knows when the key was last worked on. */
  #forgetIdle(key: string, entry: Entry): void {
    if (!entry.isQueued && !entry.isWorking && !entry.timer) this.#entries.delete(key);
  }

  #backoffMs(failures: number): number {
    const { baseMs, maxMs } = this.#options.backoff;
    return Math.min(maxMs, baseMs * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
  }
}
