import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, type Position } from '../../../src/graphql/relay/cursor.ts';

const SELECTION = { namespace: 'demo', labelSelector: '', order: { field: 'NAME', direction: 'ASC' } };
const POSITION: Position = { continue: 'token', index: 3, key: ['fix-cart'] };
const CURSOR = encodeCursor(POSITION, SELECTION);

const refusal = expect.objectContaining({
  code: 'BAD_USER_INPUT',
  fields: [expect.objectContaining({ path: 'after' })],
});
const encoded = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** A cursor whose digest matches its content, which need not be a position. */
function forged(...content: unknown[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([content, SELECTION]))
    .digest('base64url')
    .slice(0, 22);
  return encoded([...content, digest]);
}

describe('a cursor', () => {
  it.each<[string, Position]>([
    ['in the first page', { continue: '', index: 0, key: ['a'] }],
    ['in a later page', POSITION],
    ['before the first object of a page', { continue: 'token', index: -1, key: ['a'] }],
    ['at the last index', { continue: 'token', index: 999, key: ['a'] }],
    ['with several values', { continue: '', index: 0, key: ['2026-03-01T10:00:00Z', 'a'] }],
    ['with no values', { continue: '', index: 0, key: [] }],
    ['with any text', { continue: 'a/b+c=="\n', index: 0, key: ['\u00e9', '\u{1f600}', ''] }],
  ])('leads back to its position: %s', (_, position) => {
    const cursor = encodeCursor(position, SELECTION);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor(cursor, SELECTION)).toEqual(position);
  });

  it('can be forged, as its digest has no secret: what it can ask for is bounded', () => {
    expect(forged('token', 3, ['fix-cart'])).toBe(CURSOR);
  });

  it.each([
    ['another namespace', { ...SELECTION, namespace: 'research' }],
    ['another selector', { ...SELECTION, labelSelector: 'a=b' }],
    ['another direction', { ...SELECTION, order: { field: 'NAME', direction: 'DESC' } }],
    ['one more part', { ...SELECTION, search: 'x' }],
    ['no selection', {}],
    ['null', null],
  ])('is refused for %s', (_, selection) => {
    expect(() => decodeCursor(CURSOR, selection)).toThrow(refusal);
  });

  it('is refused with any one character changed, added or removed', () => {
    for (const [n, character] of [...CURSOR].entries()) {
      const [before, after] = [CURSOR.slice(0, n), CURSOR.slice(n + 1)];
      const changed = `${before}${character === 'A' ? 'B' : 'A'}${after}`;
      for (const cursor of [changed, before + after, `${before}A${character}${after}`]) {
        if (cursor !== CURSOR) expect(() => decodeCursor(cursor, SELECTION), cursor).toThrow(refusal);
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
    ['without a digest', encoded(['token', 3, ['fix-cart']])],
    ['with another digest', encoded(['token', 3, ['fix-cart'], 'x'.repeat(22)])],
    ['padded', `${CURSOR}=`],
    ['followed by a line break', `${CURSOR}\n`],
    [
      'with spaces in its JSON',
      Buffer.from(JSON.stringify(['', 0, ['a'], ''], null, 1)).toString('base64url'),
    ],
    ['of two values', forged('token', 3)],
    ['of five values', forged('token', 3, ['fix-cart'], 'more')],
    ['with a token that is a number', forged(7, 3, ['fix-cart'])],
    ['with a token that is null', forged(null, 3, ['fix-cart'])],
    ['with an index before the page', forged('token', -2, ['fix-cart'])],
    ['with an index beyond what is read at once', forged('token', 1_000, ['fix-cart'])],
    ['with a very large index', forged('token', 1e9, ['fix-cart'])],
    ['with a fraction as its index', forged('token', 0.5, ['fix-cart'])],
    ['with an index that is text', forged('token', '3', ['fix-cart'])],
    ['with an index that is null', forged('token', null, ['fix-cart'])],
    ['with a key that is text', forged('token', 3, 'fix-cart')],
    ['with a key of numbers', forged('token', 3, [7])],
    ['with a key of null', forged('token', 3, [null])],
    ['with a key that is a map', forged('token', 3, { 0: 'fix-cart' })],
  ])('is refused if it is %s', (_, cursor) => {
    expect(() => decodeCursor(cursor, SELECTION)).toThrow(refusal);
  });
});
