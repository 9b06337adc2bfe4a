import { setTimeout as delay } from 'node:timers/promises';
import type { Reservation } from '../budgets/memory-budget.ts';
import { memoryBytes } from '../budgets/value-size.ts';
import type { BatchLimits } from './subscriber.ts';

/** A line of a session's log. */
export interface LogLine {
  text: string;
  /** RFC 3339. */
  timestamp: string;
  pod: string;
  container: string;
}

export interface LogChunk {
  lines: LogLine[];
  /** The number of lines before these that were dropped, because they were not taken in time. */
  skipped: number;
}

export interface LogQueueLimits extends BatchLimits {
  /** The number of lines that may wait. Beyond it, and beyond `queueBytes`, the oldest are dropped. */
  queueLines: number;
  /** The size of the lines of a chunk, in bytes. A chunk of one line can be larger. */
  chunkBytes: number;
}

interface Queued {
  line: LogLine;
  bytes: number;
}

/** Lines that wait for a reader. The writer never waits: for a reader that is too slow, the oldest lines are dropped. */
export class LogQueue {
  readonly #limits: LogQueueLimits;
  readonly #memory: Reservation;
  #lines: Queued[] = [];
  #bytes = 0;
  #skipped = 0;
  #end: { error: unknown } | undefined;
  #wake = Promise.withResolvers<void>();

  /** @param memory what waits counts towards it */
  constructor(limits: LogQueueLimits, memory: Reservation) {
    this.#limits = limits;
    this.#memory = memory;
  }

  push(line: LogLine): void {
    if (this.#end) return;
    const { size, queueLines, queueBytes } = this.#limits;
    const bytes = memoryBytes(line);
    while (this.#lines.length >= queueLines || (this.#lines.length > 0 && this.#bytes + bytes > queueBytes)) {
      this.#dropOldest();
    }
    while (!this.#grow(bytes)) {
      // Without memory for one line, this one is dropped.
      if (!this.#dropOldest()) {
        this.#skipped += 1;
        return;
      }
    }
    this.#lines.push({ line, bytes });
    if (this.#lines.length === 1 || this.#lines.length === size) this.#wake.resolve();
  }

  /** There are no more lines. The reader gets those that wait, and then the error, if any. */
  end(error?: unknown): void {
    this.#end ??= { error };
    this.#wake.resolve();
  }

  /** As {@link end}, but nothing more is read. */
  cancel(error?: unknown): void {
    this.#clear();
    this.end(error);
  }

  async *chunks(): AsyncGenerator<LogChunk> {
    try {
      for (;;) {
        await this.#filled();
        const chunk = this.#take();
        if (chunk) yield chunk;
        else if (this.#end) break;
      }
      if (this.#end.error !== undefined) throw this.#end.error;
    } finally {
      this.cancel();
    }
  }

  /** Resolves when a chunk is full, or some time after its first line, or at the end. */
  async #filled(): Promise<void> {
    const { size, waitMs } = this.#limits;
    while (this.#lines.length === 0 && !this.#end) await this.#woken();
    const timer = new AbortController();
    const waited = delay(waitMs, true, { signal: timer.signal }).catch(() => true);
    for (let isDue = false; !isDue && this.#lines.length < size && !this.#end; ) {
      isDue = await Promise.race([waited, this.#woken().then(() => false)]);
    }
    timer.abort();
  }

  #take(): LogChunk | undefined {
    const taken = this.#lines.splice(0, this.#chunkLength());
    const skipped = this.#skipped;
    this.#skipped = 0;
    for (const { bytes } of taken) this.#grow(-bytes);
    if (taken.length === 0 && skipped === 0) return undefined;
    return { lines: taken.map(({ line }) => line), skipped };
  }

  #chunkLength(): number {
    const { size, chunkBytes } = this.#limits;
    let bytes = 0;
    const end = this.#lines.findIndex((line, index) => {
      bytes += line.bytes;
      return index === size || (index > 0 && bytes > chunkBytes);
    });
    return end < 0 ? this.#lines.length : end;
  }

  #dropOldest(): boolean {
    const dropped = this.#lines.shift();
    if (!dropped) return false;
    this.#grow(-dropped.bytes);
    this.#skipped += 1;
    return true;
  }

  #clear(): void {
    this.#grow(-this.#bytes);
    this.#lines = [];
    this.#skipped = 0;
  }

  #grow(bytes: number): boolean {
    try {
      this.#memory.grow(bytes);
      this.#bytes += bytes;
      return true;
    } catch {
      return false;
    }
  }

  async #woken(): Promise<void> {
    await this.#wake.promise;
    this.#wake = Promise.withResolvers();
  }
}
