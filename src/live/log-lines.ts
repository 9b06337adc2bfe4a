import { withoutControls, withStylesOnly } from './terminal-text.ts';

/** A line of a container's log. */
export interface ParsedLine {
  text: string;
  /** RFC 3339 in UTC with nanoseconds, so that times compare as text. Absent: the kubelet has written the line itself. */
  timestamp?: string;
  /** Whether a line end follows. Without, the log may have ended within the line. */
  isComplete: boolean;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
/** Of the time that begins a line. */
const MAX_TIMESTAMP_BYTES = 40;
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
const CUT = ' … (cut)';

export interface LineOptions {
  /** A longer line is cut, and its text says so. */
  maxBytes: number;
  /** Whether SGR sequences are kept. */
  styles?: boolean;
}

/**
 * Splits a log, of which each line begins with its time, into lines of text: without ANSI escape sequences and control
 * characters, but for SGR if it is wanted, and with U+FFFD in place of bytes that are not UTF-8. Of a line with carriage returns, which programs rewrite
 * while they make progress, it keeps what a terminal would show at the end.
 *
 * @param measure runs a step whose time counts
 */
export async function* logLines(
  chunks: AsyncIterable<Uint8Array>,
  options: LineOptions,
  measure: <T>(step: () => T) => T,
): AsyncGenerator<ParsedLine[]> {
  const line = new LineBuffer(options);
  for await (const chunk of chunks) yield measure(() => split(chunk, line));
  if (!line.isEmpty) yield [line.take(false)];
}

/** The lines that end in the chunk. What follows the last one stays in the buffer. */
function split(chunk: Uint8Array, line: LineBuffer): ParsedLine[] {
  const lines: ParsedLine[] = [];
  let start = 0;
  for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
    line.append(chunk.subarray(start, end));
    lines.push(line.take(true));
    start = end + 1;
  }
  line.append(chunk.subarray(start));
  return lines;
}

/** The line that is being read. It never holds more than the maximum. */
class LineBuffer {
  readonly #maxBytes: number;
  readonly #keepsStyles: boolean;
  /** The beginning of the line, as long as it can be a time. */
  #head = '';
  #isHead = true;
  #timestamp: string | undefined;
  #parts: Uint8Array[] = [];
  #size = 0;
  #isCut = false;
  /** What follows replaces what is there. */
  #hasReturned = false;

  constructor({ maxBytes, styles = false }: LineOptions) {
    this.#maxBytes = maxBytes;
    this.#keepsStyles = styles;
  }

  get isEmpty(): boolean {
    return this.#isHead && this.#head === '';
  }

  append(bytes: Uint8Array): void {
    const text = this.#isHead ? this.#readHead(bytes) : bytes;
    const end = lengthWithoutReturns(text);
    if (end > 0) {
      const returned = text.subarray(0, end).lastIndexOf(CARRIAGE_RETURN);
      if (returned >= 0 || this.#hasReturned) this.#clear();
      this.#keep(text.subarray(returned + 1, end));
    }
    if (end < text.length) this.#hasReturned = true;
  }

  /** The line, of which nothing is kept. */
  take(isComplete: boolean): ParsedLine {
    if (this.#isHead) this.#endHead();
    const bytes = Buffer.concat(this.#parts);
    const text = this.#isCut ? withoutLastPart(bytes) : bytes.toString('utf8');
    const timestamp = this.#timestamp;
    const line = {
      text: (this.#keepsStyles ? withStylesOnly(text) : withoutControls(text)) + (this.#isCut ? CUT : ''),
      ...(timestamp !== undefined && { timestamp }),
      isComplete,
    };
    this.#clear();
    this.#isHead = true;
    this.#timestamp = undefined;
    return line;
  }

  /** Returns what follows the time, if the line begins with one. */
  #readHead(bytes: Uint8Array): Uint8Array {
    const possible = bytes.subarray(0, MAX_TIMESTAMP_BYTES - this.#head.length);
    const space = possible.indexOf(SPACE);
    const end = space < 0 ? possible.length : space;
    this.#head += Buffer.from(possible.subarray(0, end)).toString('latin1');
    if (space < 0 && this.#head.length < MAX_TIMESTAMP_BYTES) return bytes.subarray(end);
    this.#endHead();
    // Of a line without a time, the space is part of the text.
    return bytes.subarray(space < 0 || this.#timestamp === undefined ? end : end + 1);
  }

  #endHead(): void {
    const head = this.#head;
    this.#head = '';
    this.#isHead = false;
    this.#timestamp = inUtc(head);
    if (this.#timestamp === undefined) this.append(Buffer.from(head, 'latin1'));
  }

  #keep(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#maxBytes - this.#size);
    if (kept.length < bytes.length) this.#isCut = true;
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#size += kept.length;
  }

  #clear(): void {
    this.#parts = [];
    this.#size = 0;
    this.#isCut = false;
    this.#hasReturned = false;
  }
}

/** As text, without a character of which only a part is there. */
function withoutLastPart(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}

/** The length without carriage returns at the end: they precede the line end, or another state of the line. */
function lengthWithoutReturns(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
  return end;
}

/** An RFC 3339 time in UTC with nanoseconds; undefined if the text is none. */
export function inUtc(text: string): string | undefined {
  const [, seconds, fraction = '', zone] = TIMESTAMP.exec(text) ?? [];
  const time = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(time)) return undefined;
  return `${new Date(time).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
}
