import { withStylesOnly } from '../../../../src/live/terminal-text.ts';
import { logs as text } from '../../text/logs.ts';
import { lastState, withoutStyles } from './ansi.ts';

export interface LogEntry {
  /** Unique within the buffer, and growing. */
  id: number;
  /** With SGR sequences. */
  text: string;
  plain: string;
  timestamp: string | undefined;
  /** It is not of the log: it says something about it. */
  isNote: boolean;
}

export interface NewLine {
  text: string;
  timestamp?: string | undefined;
  pod?: string | undefined;
}

const MAX_LINES = 100_000;
const MAX_CHARACTERS = 20_000_000;
/** Of each of the limits, this part is freed at once. */
const FREED = 0.1;
const MAX_LINE = 16_384;

/** The newest lines of a log. */
export class LogBuffer {
  readonly #maxLines: number;
  #entries: LogEntry[] = [];
  #characters = 0;
  #nextId = 0;
  #dropped = 0;
  #pod: string | undefined;
  #last: { timestamp: string; lines: string[] } | undefined;
  /** Lines that will come again, after a subscription has begun anew. */
  #repeated: string[] = [];
  #version = 0;
  readonly #listeners = new Set<() => void>();

  constructor(maxLines = MAX_LINES) {
    this.#maxLines = maxLines;
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }
  /** The number of lines that are no longer kept. */
  get dropped(): number {
    return this.#dropped;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  /** Another number after each change. */
  readonly version = (): number => this.#version;

  /** Where to continue: the lines of this time will come again, and are left out. */
  resume(): string | undefined {
    this.#repeated = [...(this.#last?.lines ?? [])];
    return this.#last?.timestamp;
  }

  append(lines: readonly NewLine[], skipped = 0): void {
    if (skipped > 0) this.#note(text.skipped(skipped));
    for (const line of lines) if (!this.#isRepeated(line)) this.#append(line);
    this.#drop();
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  #isRepeated({ text, timestamp, pod }: NewLine): boolean {
    if (this.#repeated.length === 0) return false;
    const index = this.#repeated.indexOf(`${timestamp} ${pod} ${text}`);
    if (index >= 0) this.#repeated.splice(index, 1);
    return index >= 0;
  }

  #append({ text: raw, timestamp, pod }: NewLine): void {
    if (pod !== this.#pod) {
      if (this.#pod !== undefined && pod !== undefined) this.#note(text.pod(pod));
      this.#pod = pod;
    }
    if (timestamp !== undefined) {
      if (this.#last?.timestamp !== timestamp) this.#last = { timestamp, lines: [] };
      this.#last.lines.push(`${timestamp} ${pod} ${raw}`);
    }
    const shown = withStylesOnly(lastState(raw));
    const cut = shown.length > MAX_LINE ? shown.slice(0, MAX_LINE) + text.cut : shown;
    this.#push({ text: cut, plain: withoutStyles(cut), timestamp, isNote: false });
  }

  #note(note: string): void {
    this.#push({ text: note, plain: note, timestamp: undefined, isNote: true });
  }

  #push(entry: Omit<LogEntry, 'id'>): void {
    this.#entries.push({ id: this.#nextId++, ...entry });
    this.#characters += entry.text.length;
  }

  #drop(): void {
    const isFull = this.#entries.length > this.#maxLines || this.#characters > MAX_CHARACTERS;
    if (!isFull) return;
    const keeps = { lines: this.#maxLines * (1 - FREED), characters: MAX_CHARACTERS * (1 - FREED) };
    let count = 0;
    for (const { text } of this.#entries) {
      if (this.#entries.length - count <= keeps.lines && this.#characters <= keeps.characters) break;
      this.#characters -= text.length;
      count += 1;
    }
    this.#entries = this.#entries.slice(count);
    this.#dropped += count;
  }
}
