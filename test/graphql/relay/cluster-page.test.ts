import { describe, expect, it } from 'vitest';
import { type ClusterPageOptions, readClusterPage } from '../../../src/graphql/relay/cluster-page.ts';
import type { Position } from '../../../src/graphql/relay/cursor.ts';
import { parsePageRequest } from '../../../src/graphql/relay/page-request.ts';
import type { AnyObject } from '../../../src/kubernetes/reader.ts';
import { cursorsUnder, newKey } from '../../support/key-file.ts';
import { object, ScriptedList } from './scripted-list.ts';

const SELECTION = { namespace: 'demo' };
const cursors = cursorsUnder(newKey(), 'alice');
const letters = (text: string) => text.split('');
const nameOf = ({ metadata }: AnyObject) => metadata.name;

type Arguments = { first?: number; after?: string | null };
type Options = Partial<ClusterPageOptions<AnyObject>>;

/** By default a page is what one call gives. */
function read(list: ScriptedList, { first = 10, after }: Arguments, options: Options = {}) {
  return readClusterPage<AnyObject>(parsePageRequest({ first, after }, SELECTION, { cursors }), {
    list: list.list,
    shouldContinue: () => false,
    ...options,
  });
}

const cursorAt = (position: Position) => cursors.encode(position, SELECTION);
const positionAt = (cursor: string | null) => cursors.decode(cursor ?? '', SELECTION);
const namesOf = ({ edges }: { edges: { node: AnyObject }[] }) =>
  edges.map(({ node }) => nameOf(node)).join('');
const always = () => true;

describe('a first page', () => {
  it.each([
    ['of an empty list', '', 3, '', false, 0],
    ['of a shorter list', 'ab', 3, 'ab', false, 2],
    ['of a list of its size', 'abc', 3, 'abc', false, 3],
    ['of a longer list', 'abcde', 3, 'abc', true, 5],
    ['of one object', 'abcde', 1, 'a', true, 5],
  ])('%s', async (_, names, first, expected, hasNextPage, totalCount) => {
    const list = new ScriptedList(letters(names));
    const page = await read(list, { first });
    expect(namesOf(page)).toBe(expected);
    expect(page.pageInfo).toMatchObject({ hasNextPage, hasPreviousPage: false });
    expect(page).toMatchObject({ totalCount, resourceVersion: '7' });
    expect(list.calls).toEqual([[first, undefined]]);
  });

  it.each([
    ['of a list that the cluster does not count', 'abcde', null],
    ['of a whole list', 'abc', 3],
  ])('has a total count only if that is known: %s', async (_, names, totalCount) => {
    const list = new ScriptedList(letters(names));
    list.counts = false;
    expect((await read(list, { first: 3 })).totalCount).toBe(totalCount);
  });

  it('takes an empty continue token for none', async () => {
    const listed = { metadata: { resourceVersion: '7', continue: '' }, items: [object('a')] };
    const page = await read(
      new ScriptedList([]),
      { first: 1 },
      { list: async () => listed, shouldContinue: always },
    );
    expect(page.pageInfo.hasNextPage).toBe(false);
    expect(page.totalCount).toBe(1);
  });

  it('has no cursors if it is empty', async () => {
    const { pageInfo } = await read(new ScriptedList([]), {});
    expect(pageInfo).toMatchObject({ startCursor: null, endCursor: null });
  });
});

describe('the cursor of an edge', () => {
  it.each([
    ['in the middle of the first page', 0, { continue: '', index: 0, key: ['a'] }],
    ['at the end of a page', 2, { continue: '>c', index: -1, key: ['c'] }],
  ])('%s', async (_, index, position) => {
    const { edges } = await read(new ScriptedList(letters('abcde')), { first: 3 });
    expect(positionAt(edges[index]?.cursor ?? '')).toEqual(position);
  });

  it.each([
    ['in the middle of a later page', 0, { continue: '>b', index: 0, key: ['c'] }],
    ['at the end of a later page', 1, { continue: '>d', index: -1, key: ['d'] }],
  ])('%s', async (_, index, position) => {
    const after = cursorAt({ continue: '>b', index: -1, key: ['b'] });
    const { edges } = await read(new ScriptedList(letters('abcde')), { first: 2, after });
    expect(positionAt(edges[index]?.cursor ?? '')).toEqual(position);
  });

  it('at the end of the list, from which an empty page with the same cursor follows', async () => {
    const list = new ScriptedList(letters('abc'));
    const { edges, pageInfo } = await read(list, { first: 3 });
    expect(positionAt(pageInfo.endCursor)).toEqual({ continue: '', index: 2, key: ['c'] });
    const next = await read(list, { first: 3, after: pageInfo.endCursor });
    expect(next.edges).toEqual([]);
    expect(next.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: null,
      endCursor: edges[2]?.cursor,
    });
  });
});

describe('a page behind a cursor', () => {
  it.each([
    ['at the end of a page', { continue: '>b', index: -1, key: ['b'] }, 2, [[2, '>b']], 'cd', true],
    [
      'in the middle of the first page',
      { continue: '', index: 0, key: ['a'] },
      2,
      [[3, undefined]],
      'bc',
      true,
    ],
    ['in the middle of a later page', { continue: '>b', index: 1, key: ['d'] }, 2, [[4, '>b']], 'ef', false],
    ['at the last object', { continue: '', index: 5, key: ['f'] }, 2, [[8, undefined]], '', false],
  ])('%s is one call', async (_, position, first, calls, names, hasNextPage) => {
    const list = new ScriptedList(letters('abcdef'));
    const page = await read(list, { first, after: cursorAt(position) });
    expect(list.calls).toEqual(calls);
    expect(namesOf(page)).toBe(names);
    expect(page.pageInfo).toMatchObject({ hasNextPage, hasPreviousPage: true });
  });

  it('that is far into its page reads up to the cursor, and then a page', async () => {
    const names = Array.from({ length: 700 }, (_, n) => String(n).padStart(3, '0'));
    const list = new ScriptedList(names);
    const after = cursorAt({ continue: '', index: 600, key: ['600'] });
    const page = await read(list, { first: 2, after }, { shouldContinue: always });
    expect(list.calls).toEqual([
      [601, undefined],
      [2, '>600'],
    ]);
    expect(page.edges.map(({ node }) => nameOf(node))).toEqual(['601', '602']);
  });

  it('of a continue token has no total count', async () => {
    const after = cursorAt({ continue: '>b', index: -1, key: ['b'] });
    expect((await read(new ScriptedList(letters('abcdef')), { first: 2, after })).totalCount).toBeNull();
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('leads through the whole list, %i at a time', async (first) => {
    const list = new ScriptedList(letters('fedcbagh'));
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof read>> = await read(list, { first, after });
      seen.push(namesOf(page));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(seen.join('')).toBe('abcdefgh');
    expect(seen.length).toBe(Math.ceil(8 / first));
  });
});

describe('a list that has changed since the cursor', () => {
  const MIDDLE = cursorAt({ continue: '', index: 1, key: ['d'] });

  it.each([
    ['without a change', 'bdfh', 'fh'],
    ['with an object before the cursor deleted', 'dfh', 'fh'],
    ['with the object of the cursor deleted', 'bfh', 'fh'],
    ['with all objects up to the cursor deleted', 'fh', 'fh'],
    ['with an object created before the cursor', 'abdfh', 'f'],
    ['with an object created after the cursor', 'bdefh', 'ef'],
    ['with as many objects created before the cursor as a page has', 'abcdfh', ''],
    ['with all objects after the cursor deleted', 'bd', ''],
    ['with all objects deleted', '', ''],
  ])('repeats nothing and omits nothing: %s', async (_, names, expected) => {
    const page = await read(new ScriptedList(letters(names)), { first: 2, after: MIDDLE });
    expect(namesOf(page)).toBe(expected);
  });

  it.each(['abdfh', 'abcdfh', 'aaabbbcccdfh'])('is read to its end: %s', async (names) => {
    const list = new ScriptedList(letters(names).map((name, n) => name + n));
    const rest = list.names.filter((name) => name > 'd9').join('');
    for (const shouldContinue of [always, () => false]) {
      let seen = '';
      for (let after: string | null = cursorAt({ continue: '', index: 1, key: ['d9'] }); after; ) {
        const page: Awaited<ReturnType<typeof read>> = await read(
          list,
          { first: 1, after },
          { shouldContinue },
        );
        seen += namesOf(page);
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      }
      expect(seen).toBe(rest);
    }
  });
});

describe('a page of selected objects', () => {
  const only = (names: string) => async (objects: AnyObject[]) =>
    objects.filter((each) => names.includes(nameOf(each)));

  it.each([
    ['in the first call', 'abcdef', 'ab', 2, 'ab', true, 1],
    ['in a later call', 'abcdef', 'cf', 2, 'cf', false, 3],
    ['more than the page has room for', 'abcdef', 'bcd', 2, 'bc', true, 2],
    ['all of the list', 'abcd', 'abcd', 2, 'ab', true, 1],
    ['none of the list', 'abcdef', '', 2, '', false, 3],
    ['fewer than a page has', 'abcdef', 'e', 2, 'e', false, 3],
  ])('that are %s', async (_, names, visible, first, expected, hasNextPage, calls) => {
    const list = new ScriptedList(letters(names));
    const page = await read(list, { first }, { select: only(visible), shouldContinue: always });
    expect(namesOf(page)).toBe(expected);
    expect(page.pageInfo.hasNextPage).toBe(hasNextPage);
    expect(list.calls).toHaveLength(calls);
  });

  it('is selected from the objects after the cursor alone', async () => {
    const selected: string[][] = [];
    const select = async (objects: AnyObject[]) => {
      selected.push(objects.map(nameOf));
      return objects;
    };
    const after = cursorAt({ continue: '', index: 1, key: ['b'] });
    await read(new ScriptedList(letters('abcdef')), { first: 2, after }, { select });
    expect(selected).toEqual([['c', 'd']]);
  });

  it('has more if the cluster gave more than it holds', async () => {
    // The projects read at least 50 namespaces at a time.
    const list = new ScriptedList(letters('abcdef'));
    const page = await read(list, { first: 2 }, { list: (options) => list.list({ ...options, limit: 6 }) });
    expect(namesOf(page)).toBe('ab');
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(positionAt(page.pageInfo.endCursor)).toEqual({ continue: '', index: 1, key: ['b'] });
  });

  it('knows how far it is when it asks whether to continue', async () => {
    const progress: object[] = [];
    const list = new ScriptedList(letters('abcdefg'));
    await read(
      list,
      { first: 3 },
      {
        select: only('bdg'),
        shouldContinue: (each) => {
          progress.push(each);
          return true;
        },
      },
    );
    expect(progress).toEqual([
      { calls: 1, objects: 3 },
      { calls: 2, objects: 6 },
    ]);
  });

  it('has no total count after several calls', async () => {
    const list = new ScriptedList(letters('abcd'));
    const page = await read(list, { first: 2 }, { select: only('d'), shouldContinue: always });
    expect(page.totalCount).toBeNull();
  });
});

describe('a page that ends before it is full', () => {
  it.each([
    ['with an edge', 'a', 'a', { continue: '>b', index: -1, key: ['b'] }],
    ['without an edge', '', '', { continue: '>b', index: -1, key: ['b'] }],
  ])('continues where reading stopped: %s', async (_, visible, names, position) => {
    const list = new ScriptedList(letters('abcd'));
    const select = async (objects: AnyObject[]) => objects.filter((each) => visible.includes(nameOf(each)));
    const page = await read(list, { first: 2 }, { select });
    expect(namesOf(page)).toBe(names);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(positionAt(page.pageInfo.endCursor)).toEqual(position);
    const next = await read(list, { first: 2, after: page.pageInfo.endCursor });
    expect(namesOf(next)).toBe('cd');
  });

  it('does not fall behind its own cursor if objects were created before it', async () => {
    const list = new ScriptedList(letters('abcdxy'));
    const after = cursorAt({ continue: '', index: 0, key: ['x'] });
    const page = await read(list, { first: 1, after });
    expect(page.edges).toEqual([]);
    expect(positionAt(page.pageInfo.endCursor)).toEqual({ continue: '>b', index: -1, key: ['x'] });
  });

  it('keeps its own cursor for a page of the cluster without objects', async () => {
    const list = async () => ({ metadata: { resourceVersion: '7', continue: 'more' }, items: [] });
    const after = cursorAt({ continue: 'token', index: -1, key: ['x'] });
    const page = await read(new ScriptedList([]), { first: 1, after }, { list });
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(positionAt(page.pageInfo.endCursor)).toEqual({ continue: 'more', index: -1, key: ['x'] });
  });
});

describe('an error of the cluster', () => {
  it.each([
    ['of a list', { list: () => Promise.reject(new Error('list')) }, 'list'],
    ['of a selection', { select: () => Promise.reject(new Error('select')) }, 'select'],
  ])('ends the page: %s', async (_, options, message) => {
    await expect(read(new ScriptedList(['a']), {}, options)).rejects.toThrow(message);
  });
});
