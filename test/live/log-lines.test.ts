import { describe, expect, it } from 'vitest';
import { logLines, type ParsedLine } from '../../src/live/log-lines.ts';

const T = '2026-01-02T10:00:00.000000001Z';
const AT_T = { timestamp: T };

async function linesOf(
  chunks: (string | Uint8Array)[],
  maxBytes = 100,
  styles = false,
): Promise<ParsedLine[]> {
  async function* source() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const lines: ParsedLine[] = [];
  for await (const some of logLines(source(), { maxBytes, styles }, (step) => step())) lines.push(...some);
  return lines;
}

async function textOf(line: string | Uint8Array, maxBytes?: number): Promise<string | undefined> {
  const [parsed, ...more] = await linesOf([`${T} `, line, '\n'], maxBytes);
  expect([parsed?.timestamp, more]).toEqual([T, []]);
  return parsed?.text;
}

describe('the lines of a log', () => {
  it('are the same whatever chunks they come in', async () => {
    const log = Buffer.from(`${T} one\n${T} \n${T} zwölf €uro 🎉 \x1b[31mred\x1b[0m\n10%\r20%\r\n${T} last`);
    const expected = [
      { text: 'one', ...AT_T, isComplete: true },
      { text: '', ...AT_T, isComplete: true },
      { text: 'zwölf €uro 🎉 red', ...AT_T, isComplete: true },
      { text: '20%', isComplete: true },
      { text: 'last', ...AT_T, isComplete: false },
    ];
    expect(await linesOf([log])).toEqual(expected);
    for (let size = 1; size < log.length; size += 1) {
      const chunks = Array.from({ length: Math.ceil(log.length / size) }, (_, index) =>
        log.subarray(index * size, (index + 1) * size),
      );
      expect(await linesOf(chunks), `chunks of ${size}`).toEqual(expected);
    }
  });

  it('are none of an empty log', async () => {
    expect(await linesOf([])).toEqual([]);
    expect(await linesOf([''])).toEqual([]);
  });

  it.each([
    ['2026-01-02T10:00:00Z', '2026-01-02T10:00:00.000000000Z'],
    ['2026-01-02T10:00:00.5Z', '2026-01-02T10:00:00.500000000Z'],
    ['2026-01-02T12:00:00.123456789+02:00', '2026-01-02T10:00:00.123456789Z'],
    ['2026-01-01T22:00:00.1-12:00', '2026-01-02T10:00:00.100000000Z'],
  ])('have a time in UTC with nanoseconds: %s', async (written, timestamp) => {
    expect(await linesOf([`${written} text\n`])).toEqual([{ text: 'text', timestamp, isComplete: true }]);
  });

  it.each([
    'failed to watch the log',
    ' begins with a space',
    '2026-01-02 10:00:00 another form',
    '2026-99-99T10:00:00Z no date',
    'one-very-long-word-that-is-longer-than-any-time-can-be and more',
    'short',
  ])('can have no time: %s', async (text) => {
    expect(await linesOf([`${text}\n`])).toEqual([{ text, isComplete: true }]);
    expect(await linesOf([...text].concat('\n'))).toEqual([{ text, isComplete: true }]);
  });

  it.each([
    ['colours', '\x1b[1;38;5;196mred\x1b[0m', 'red'],
    ['movements of the cursor', '\x1b[2K\x1b[1Gtext\x1b[3A', 'text'],
    ['a link', '\x1b]8;;https://example.com\x07here\x1b]8;;\x1b\\', 'here'],
    ['a title', '\x1b]0;title\x07text', 'text'],
    ['a device control string', 'a\x1bPq#0;2;0\x1b\\b', 'ab'],
    ['control characters', 'a\x00b\x07c\x08d\x7fe\u0085f\u009dg', 'abcdefg'],
    ['an escape sequence that is not complete', 'a\x1b', 'a'],
    ['no tab', 'a\tb', 'a\tb'],
    ['no character outside of ASCII', 'é\u00a0\u200d日本', 'é\u00a0\u200d日本'],
  ])('are without %s', async (_, line, text) => {
    expect(await textOf(line)).toBe(text);
  });

  it.each<[string, number[], string]>([
    ['a byte that begins no character', [0x61, 0xff, 0x62], 'a\ufffdb'],
    ['a character that is not complete', [0x61, 0xe2, 0x82], 'a\ufffd'],
    ['a surrogate', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
    ['an overlong form', [0xc0, 0xaf], '\ufffd\ufffd'],
  ])('have U+FFFD in place of %s', async (_, bytes, text) => {
    expect(await textOf(Uint8Array.from(bytes))).toBe(text);
  });

  it.each([
    ['10%\r50%\r100%', '100%'],
    ['10%\r100%\r', '100%'],
    ['windows\r', 'windows'],
    ['\r\r', ''],
    ['\rfirst', 'first'],
    [`${'x'.repeat(200)}\rdone`, 'done'],
    [`done\r${'x'.repeat(11)}`, 'x'.repeat(11)],
  ])('are what a terminal shows of a line that is rewritten: %j', async (line, text) => {
    expect(await textOf(line)).toBe(text);
  });

  it.each([
    ['x'.repeat(100), 'x'.repeat(100)],
    ['x'.repeat(101), `${'x'.repeat(100)} … (cut)`],
    ['€'.repeat(34), `${'€'.repeat(33)} … (cut)`],
    ['x'.repeat(1_000_000), `${'x'.repeat(100)} … (cut)`],
  ])('are cut after the maximum, and say so', async (line, text) => {
    expect(await textOf(line)).toBe(text);
  });

  it('keep colours and the like if they are wanted, and no other sequence', async () => {
    const [line] = await linesOf(
      [
        '\x1b[1;31mred\x1b[0m \x1b[38;5;208mo\x1b[38:2::1:2:3mk\x1b[m\x1b[2K\x1b]0;title\x07\x1b[31\x00\x1b\n',
      ],
      200,
      true,
    );
    expect(line?.text).toBe('\x1b[1;31mred\x1b[0m \x1b[38;5;208mo\x1b[38:2::1:2:3mk\x1b[m');
  });
});
