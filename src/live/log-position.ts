import type { ParsedLine } from './log-lines.ts';

/** How many times are remembered: of a log that prints more in two seconds, only the last ones. */
const MAX_TIMES = 1_000;

/**
 * How far a container's log was read. A read that continues begins at a whole second, so that it repeats lines. A line is
 * known by its time; several lines can have the same one. Lines of stdout and stderr can be a little out of order, so that
 * a line that is older than the newest can still be new.
 */
export class LogPosition {
  /** How many lines have each time, from the second before the newest line on. */
  readonly #read = new Map<string, number>();
  /** How many of them this read has yet to repeat. */
  #toRepeat = new Map<string, number>();
  #newest = '';
  readonly #isTail: boolean;
  /** Lines up to this time are not new when a read continues, even if they are not in the map. */
  #floor = '';
  #isContinued = false;
  #hasTimes = false;

  /** @param isTail whether the first read begins at the last lines: earlier ones are not wanted afterwards either */
  constructor(isTail: boolean) {
    this.#isTail = isTail;
  }

  /** Where the next read begins: RFC 3339. Undefined: as the first read. */
  continue(): string | undefined {
    this.#isContinued = this.#newest !== '';
    this.#hasTimes = false;
    this.#toRepeat = new Map(this.#read);
    return this.#isContinued ? `${secondBefore(this.#newest)}Z` : undefined;
  }

  /** Whether the line was not read before. Then it is noted. */
  isNew({ timestamp }: ParsedLine): boolean {
    if (timestamp === undefined) {
      // The rest of a long line whose beginning is before the time at which the read begins.
      return !this.#isContinued || this.#hasTimes;
    }
    this.#hasTimes = true;
    if (this.#isContinued && this.#isRepeated(timestamp)) return false;
    this.#note(timestamp);
    return true;
  }

  #isRepeated(timestamp: string): boolean {
    const left = this.#toRepeat.get(timestamp) ?? 0;
    if (left > 0) this.#toRepeat.set(timestamp, left - 1);
    return left > 0 || timestamp <= this.#floor;
  }

  #note(timestamp: string): void {
    if (this.#newest === '' && this.#isTail) this.#floor = timestamp;
    const isLater = secondOf(timestamp) > secondOf(this.#newest);
    if (timestamp > this.#newest) this.#newest = timestamp;
    this.#read.set(timestamp, (this.#read.get(timestamp) ?? 0) + 1);
    if (isLater) {
      const from = secondBefore(this.#newest);
      for (const time of this.#read.keys()) if (time < from) this.#read.delete(time);
    }
    if (this.#read.size <= MAX_TIMES) return;
    const [oldest = ''] = this.#read.keys();
    this.#read.delete(oldest);
    if (oldest > this.#floor) this.#floor = oldest;
  }
}

function secondOf(timestamp: string): string {
  return timestamp.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);
}

function secondBefore(timestamp: string): string {
  const second = Date.parse(`${secondOf(timestamp)}Z`);
  return secondOf(new Date(second - 1_000).toISOString());
}
