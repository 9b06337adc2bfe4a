import { describe, expect, it } from 'vitest';
import type { Position } from '../../../src/graphql/relay/cursor.ts';
import { lengthToRead, parsePageRequest } from '../../../src/graphql/relay/page-request.ts';
import { cursorsUnder, newKey } from '../../support/key-file.ts';

const SELECTION = { namespace: 'demo' };
const POSITION: Position = { continue: 'token', index: 3, key: ['a'] };
const cursors = cursorsUnder(newKey(), 'alice');
const context = { cursors };
const CURSOR = cursors.encode(POSITION, SELECTION);

describe("a connection's first", () => {
  it.each([
    ['its default if it is absent', undefined, 50],
    ['its default if it is null', null, 50],
    ['1', 1, 1],
    ['500', 500, 500],
  ])('is %s', (_, first, expected) => {
    expect(parsePageRequest({ first }, SELECTION, context).first).toBe(expected);
  });

  it.each([0, -1, 501, 2_147_483_647, Number.NaN, Number.POSITIVE_INFINITY])('is refused for %d', (first) => {
    expect(() => parsePageRequest({ first }, SELECTION, context)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        fields: [{ path: 'first', message: 'must be from 1 to 500' }],
      }),
    );
  });
});

describe("a connection's after", () => {
  it.each([
    ['the first page if it is absent', undefined, null, undefined],
    ['the first page if it is null', null, null, undefined],
    ['the page behind a cursor', CURSOR, CURSOR, POSITION],
  ])('is %s', (_, given, after, position) => {
    expect(parsePageRequest({ after: given }, SELECTION, context)).toEqual({
      first: 50,
      after,
      position,
      selection: SELECTION,
      cursors,
    });
  });

  it.each([
    ['empty text', '', SELECTION],
    ['other text', 'garbage', SELECTION],
    ['a cursor of another selection', CURSOR, { namespace: 'research' }],
  ])('is refused for %s', (_, after, selection) => {
    expect(() => parsePageRequest({ after }, selection, context)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        fields: [expect.objectContaining({ path: 'after' })],
      }),
    );
  });
});

describe('the number of objects to read', () => {
  it.each([
    ['a page of the first page', undefined, 50, 50],
    ['a page behind a continue token', -1, 50, 50],
    ['a page behind the first object', 0, 50, 51],
    ['a page in the middle', 3, 2, 6],
    ['the largest page in the middle', 499, 500, 1_000],
    ['the objects up to a cursor that is far into its page', 500, 50, 501],
    ['the objects up to the farthest cursor', 999, 500, 1_000],
  ])('is that of %s', (_, index, first, length) => {
    const position = index === undefined ? undefined : { ...POSITION, index };
    expect(lengthToRead({ first, after: null, position, selection: SELECTION, cursors })).toBe(length);
  });
});
