import { describe, expect, it } from 'vitest';
import { withoutControls, withStylesOnly } from '../../src/live/terminal-text.ts';

const RED = '\x1b[31m';

describe('the text of a terminal', () => {
  it.each([
    ['plain text', 'plain text with a\ttab', 'plain text with a\ttab'],
    ['styles', `${RED}red\x1b[0m`, 'red'],
    ['other control sequences', '\x1b[2Ja\x1b[1;5Hb\x9b3Kc', 'abc'],
    ['a sequence that breaks off', 'a\x1b[12', 'a'],
    ['escape sequences', '\x1b(Ba\x1bcb\x1b#8c\x1b', 'abc'],
    ['the title of a window', 'a\x1b]0;title\x07b\x1b]0;title\x1b\\c\x9dtitle\x9cd', 'abcd'],
    [
      'control strings of each kind',
      '\x1bPa\x07\x1bXa\x07\x1b^a\x07\x1b_a\x07\x90a\x07\x98a\x07\x9ea\x07b',
      'b',
    ],
    ['one that begins within another', 'a\x1b]0;\x90b\x07c', 'ac'],
    ['one that does not end', 'a\x1b]0;title', 'a0;title'],
    ['one that is broken off', `a\x1b]0;b\x1b]1;c\x07d`, 'a0;bd'],
    ['an end without a beginning', 'a\x07b\x9cc\x1b\\d', 'abcd'],
    ['other control characters', 'a\x00b\x08c\x7fd\x85e\rf', 'abcdef'],
  ])('has none of its controls: %s', (_, text, expected) => {
    expect(withoutControls(text)).toBe(expected);
  });

  it.each([
    ['styles', `a${RED}b\x1b[0;1;38:2::1:2:3mc`, `a${RED}b\x1b[0;1;38:2::1:2:3mc`],
    ['nothing else', `\x1b[2J${RED}a\x1b]0;t\x07b\x1b[mc\x1b[?25l`, `${RED}ab\x1b[mc`],
    ['no style within a title', `a\x1b]0;${RED}t\x07b`, `a0;${RED}tb`],
    ['no style that is too long', `\x1b[${'1;'.repeat(40)}ma`, 'a'],
  ])('keeps, if it is wanted, %s', (_, text, expected) => {
    expect(withStylesOnly(text)).toBe(expected);
  });

  const units = [
    '\x1b]',
    '\x90',
    '\x1b]a',
    '\x1b[',
    '\x1b[1;',
    '\x1b[ ',
    '\x1b ',
    ';',
    '\x1b',
    '\x9b1',
    '\x07',
    '\r',
  ];
  it.each(units)('takes no more than its length for %j again and again', (unit) => {
    // If each began a reading of all that follows, it would take hours.
    for (const before of ['', '\x1b]', '\x1b['])
      for (const after of ['', 'x', '\x1b', '\x1b\\']) {
        const text = before + unit.repeat(400_000 / unit.length) + after;
        expect(withStylesOnly(text).length).toBeLessThan(text.length + 1);
        expect(withoutControls(text).length).toBeLessThan(text.length + 1);
      }
  });
});
