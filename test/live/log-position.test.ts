import { describe, expect, it } from 'vitest';
import { LogPosition } from '../../src/live/log-position.ts';

const at = (time: string) => `2026-01-02T10:${time.padEnd(15, '0')}Z`;
const line = (time?: string) => ({
  text: '',
  isComplete: true,
  ...(time !== undefined && { timestamp: at(time) }),
});

/** The lines that are new, of reads one after the other. */
function read(position: LogPosition, times: (string | undefined)[]): (string | undefined)[] {
  position.continue();
  return times.filter((time) => position.isNew(line(time)));
}

describe('the position in a log', () => {
  it('is nowhere at first, then a second before the newest line', () => {
    const position = new LogPosition(false);
    expect(position.continue()).toBeUndefined();
    position.isNew(line('00:05.9'));
    expect(position.continue()).toBe('2026-01-02T10:00:04Z');
    position.isNew(line('01:00.0'));
    expect(position.continue()).toBe('2026-01-02T10:00:59Z');
  });

  const CONTINUED: [string, string[], string[], string[]][] = [
    ['nothing new', ['00:01.1', '00:01.2'], ['00:01.1', '00:01.2'], []],
    ['a new line', ['00:01.1'], ['00:01.1', '00:01.2'], ['00:01.2']],
    ['several lines of one time', ['00:01.1', '00:01.1'], ['00:01.1', '00:01.1', '00:01.1'], ['00:01.1']],
    [
      'a line that was a little out of order',
      ['00:01.1', '00:01.3'],
      ['00:01.1', '00:01.2', '00:01.3'],
      ['00:01.2'],
    ],
    ['lines of the second before', ['00:01.9', '00:02.0'], ['00:01.8', '00:01.9', '00:02.0'], ['00:01.8']],
    ['a log that was rotated', ['00:01.1', '00:01.2'], ['00:01.3', '00:01.4'], ['00:01.3', '00:01.4']],
  ];
  it.each(CONTINUED)('tells new lines from repeated ones: %s', (_, first, second, isNew) => {
    const position = new LogPosition(false);
    expect(read(position, first)).toEqual(first);
    expect(read(position, second)).toEqual(isNew);
    expect(read(position, second)).toEqual([]);
  });

  it('does not go back before the last lines with which it began', () => {
    const position = new LogPosition(true);
    read(position, ['00:01.3', '00:01.4']);
    expect(read(position, ['00:01.1', '00:01.2', '00:01.3', '00:01.4', '00:01.5'])).toEqual(['00:01.5']);
  });

  it('remembers only so much of a log that prints very fast, and still repeats nothing', () => {
    const position = new LogPosition(false);
    const times = Array.from({ length: 5_000 }, (_, index) => `00:01.${String(index).padStart(6, '0')}`);
    expect(read(position, times)).toHaveLength(5_000);
    expect(read(position, [...times, '00:01.9'])).toEqual(['00:01.9']);
  });

  it('leaves out the rest of a line whose beginning is not repeated', () => {
    const position = new LogPosition(false);
    expect(read(position, [undefined, '00:01.1'])).toEqual([undefined, '00:01.1']);
    expect(read(position, [undefined, '00:01.1', undefined, '00:01.2'])).toEqual([undefined, '00:01.2']);
  });
});
