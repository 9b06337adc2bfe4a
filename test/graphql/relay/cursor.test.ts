import { describe, expect, it } from 'vitest';
import { CursorCodec, type Position } from '../../../src/graphql/relay/cursor.ts';
import { deriveKeys } from '../../../src/keys/shared-keys.ts';
import { cursorsUnder, newKey } from '../../support/key-file.ts';

const SELECTION = { namespace: 'demo', labelSelector: '', order: { field: 'NAME', direction: 'ASC' } };
const POSITION: Position = { continue: 'token', index: 3, key: ['fix-cart'] };
const KEY = newKey();
const cursors = cursorsUnder(KEY, 'alice');
const CURSOR = cursors.encode(POSITION, SELECTION);

const refusal = expect.objectContaining({
  code: 'BAD_USER_INPUT',
  fields: [expect.objectContaining({ path: 'after' })],
});
const encoded = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');

describe('a cursor', () => {
  it.each<[string, Position]>([
    ['in the first page', { continue: '', index: 0, key: ['a'] }],
    ['in a later page', POSITION],
    ['before the first object of a page', { continue: 'token', index: -1, key: ['a'] }],
    ['at the last index', { continue: 'token', index: 999, key: ['a'] }],
    ['with several values', { continue: '', index: 0, key: ['2026-03-01T10:00:00Z', 'a'] }],
    ['with no values', { continue: '', index: 0, key: [] }],
    ['with a total', { continue: 'token', index: 3, key: ['a'], total: 5_000 }],
    ['with a total of none', { continue: '', index: -1, key: ['a'], total: 0 }],
    ['with any text', { continue: 'a/b+c=="\n', index: 0, key: ['\u00e9', '\u{1f600}', ''] }],
  ])('leads back to its position: %s', (_, position) => {
    const cursor = cursors.encode(position, SELECTION);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(cursors.decode(cursor, SELECTION)).toEqual(position);
  });

  it('is refused for another user, and under another key', () => {
    expect(() => cursorsUnder(KEY, 'victor').decode(CURSOR, SELECTION)).toThrow(refusal);
    expect(() => cursorsUnder(newKey(), 'alice').decode(CURSOR, SELECTION)).toThrow(refusal);
  });

  it('is made under the first key, and accepted under each', () => {
    const [other, own] = [newKey(), KEY].map((key) => Buffer.from(key, 'base64'));
    const both = new CursorCodec(deriveKeys([other as Buffer, own as Buffer]), 'alice');
    expect(both.decode(CURSOR, SELECTION)).toEqual(POSITION);
    const later = both.encode(POSITION, SELECTION);
    expect(() => cursors.decode(later, SELECTION)).toThrow(refusal);
    expect(both.decode(later, SELECTION)).toEqual(POSITION);
  });

  it('does not depend on where its user ends and its selection begins', () => {
    const cursor = cursorsUnder(KEY, 'a').encode(POSITION, 'b');
    for (const [user, selection] of [
      ['a"', 'b'],
      ['a","b', ''],
      ['', 'a","b'],
      ['ab', ''],
    ])
      expect(() => cursorsUnder(KEY, user as string).decode(cursor, selection)).toThrow(refusal);
  });

  it.each([
    ['another namespace', { ...SELECTION, namespace: 'research' }],
    ['another selector', { ...SELECTION, labelSelector: 'a=b' }],
    ['another direction', { ...SELECTION, order: { field: 'NAME', direction: 'DESC' } }],
    ['one more part', { ...SELECTION, search: 'x' }],
    ['no selection', {}],
    ['null', null],
  ])('is refused for %s', (_, selection) => {
    expect(() => cursors.decode(CURSOR, selection)).toThrow(refusal);
  });

  it('is refused with any one character changed, added or removed', () => {
    for (const [n, character] of [...CURSOR].entries()) {
      const [before, after] = [CURSOR.slice(0, n), CURSOR.slice(n + 1)];
      const changed = `${before}${character === 'A' ? 'B' : 'A'}${after}`;
      for (const cursor of [changed, before + after, `${before}A${character}${after}`]) {
        if (cursor !== CURSOR) expect(() => cursors.decode(cursor, SELECTION), cursor).toThrow(refusal);
      }
    }
  });

  it.each([
    ['empty', ''],
    ['a space', ' '],
    ['other text', 'garbage'],
    ['beyond ASCII', '\u{1f4a5}'],
    ['very long', 'x'.repeat(5_000)],
    ['JSON that is not encoded', '["token",3,["fix-cart"],""]'],
    ['a map', encoded({ continue: 'token', index: 3, key: ['fix-cart'] })],
    ['null', encoded(null)],
    ['an empty list', encoded([])],
    ['a position alone', encoded(['token', 3, ['fix-cart']])],
    ['a position with text', encoded(['token', 3, ['fix-cart'], 'x'.repeat(22)])],
    ['cut off', CURSOR.slice(0, 20)],
    ['its code alone', Buffer.from(CURSOR, 'base64url').subarray(0, 16).toString('base64url')],
    ['padded', `${CURSOR}=`],
    ['followed by a line break', `${CURSOR}\n`],
  ])('is refused if it is %s', (_, cursor) => {
    expect(() => cursors.decode(cursor, SELECTION)).toThrow(refusal);
  });
});
