import { describe, expect, it } from 'vitest';
import { always, cursorAt, letters, nameOf, namesOf, positionAt, readPage } from './cluster-page-fixture.ts';
import { object, ScriptedList } from './scripted-list.ts';

describe('a first page', () => {
  it.each([
    ['of an empty list', '', 3, '', false, 0],
    ['of a shorter list', 'ab', 3, 'ab', false, 2],
    ['of a list of its size', 'abc', 3, 'abc', false, 3],
    ['of a longer list', 'abcde', 3, 'abc', true, 5],
    ['of one object', 'abcde', 1, 'a', true, 5],
  ])('%s', async (_, names, first, expected, hasNextPage, totalCount) => {
    const list = new ScriptedList(letters(names));
    const page = await readPage(list, { first });
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
    expect((await readPage(list, { first: 3 })).totalCount).toBe(totalCount);
  });

  it('takes an empty continue token for none', async () => {
    const listed = { metadata: { resourceVersion: '7', continue: '' }, items: [object('a')] };
    const page = await readPage(
      new ScriptedList([]),
      { first: 1 },
      { list: async () => listed, shouldContinue: always },
    );
    expect(page.pageInfo.hasNextPage).toBe(false);
    expect(page.totalCount).toBe(1);
  });

  it('has no cursors if it is empty', async () => {
    const { pageInfo } = await readPage(new ScriptedList([]), {});
    expect(pageInfo).toMatchObject({ startCursor: null, endCursor: null });
  });
});

describe('the cursor of an edge', () => {
  it.each([
    ['in the middle of the first page', 0, { continue: '', index: 0, key: ['a'], total: 5 }],
    ['at the end of a page', 2, { continue: '>c', index: -1, key: ['c'], total: 5 }],
  ])('%s', async (_, index, position) => {
    const { edges } = await readPage(new ScriptedList(letters('abcde')), { first: 3 });
    expect(positionAt(edges[index]?.cursor ?? '')).toEqual(position);
  });

  it.each([
    ['in the middle of a later page', 0, { continue: '>b', index: 0, key: ['c'] }],
    ['at the end of a later page', 1, { continue: '>d', index: -1, key: ['d'] }],
  ])('%s', async (_, index, position) => {
    const after = cursorAt({ continue: '>b', index: -1, key: ['b'] });
    const { edges } = await readPage(new ScriptedList(letters('abcde')), { first: 2, after });
    expect(positionAt(edges[index]?.cursor ?? '')).toEqual(position);
  });

  it('at the end of the list, from which an empty page with the same cursor follows', async () => {
    const list = new ScriptedList(letters('abc'));
    const { edges, pageInfo } = await readPage(list, { first: 3 });
    expect(positionAt(pageInfo.endCursor)).toEqual({ continue: '', index: 2, key: ['c'], total: 3 });
    const next = await readPage(list, { first: 3, after: pageInfo.endCursor });
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
    const page = await readPage(list, { first, after: cursorAt(position) });
    expect(list.calls).toEqual(calls);
    expect(namesOf(page)).toBe(names);
    expect(page.pageInfo).toMatchObject({ hasNextPage, hasPreviousPage: true });
  });

  it('that is far into its page reads up to the cursor, and then a page', async () => {
    const names = Array.from({ length: 700 }, (_, n) => String(n).padStart(3, '0'));
    const list = new ScriptedList(names);
    const after = cursorAt({ continue: '', index: 600, key: ['600'] });
    const page = await readPage(list, { first: 2, after }, { shouldContinue: always });
    expect(list.calls).toEqual([
      [601, undefined],
      [2, '>600'],
    ]);
    expect(page.edges.map(({ node }) => nameOf(node))).toEqual(['601', '602']);
  });

  it.each([
    ['has none if the cursor has none', { continue: '>b', index: -1, key: ['b'] }, null],
    ['is that of the cursor', { continue: '>b', index: -1, key: ['b'], total: 9 }, 9],
    [
      'is that of the cursor though the cluster counts again',
      { continue: '', index: 0, key: ['a'], total: 9 },
      9,
    ],
    ['is counted if the cursor has none', { continue: '', index: 0, key: ['a'] }, 6],
  ])('has the total count of the first page: %s', async (_, position, totalCount) => {
    const list = new ScriptedList(letters('abcdef'));
    const page = await readPage(list, { first: 2, after: cursorAt(position) });
    expect(page.totalCount).toBe(totalCount);
    for (const cursor of [page.edges[0]?.cursor, page.pageInfo.endCursor]) {
      expect(positionAt(cursor ?? '').total ?? null).toBe(totalCount);
    }
  });

  it('has the total count of the first page though that has ended early', async () => {
    const list = new ScriptedList(letters('abcdef'));
    const first = await readPage(list, { first: 4 }, { list: (page) => list.list({ ...page, limit: 1 }) });
    expect(first.edges).toHaveLength(1);
    list.names.push('g');
    const next = await readPage(list, { first: 4, after: first.pageInfo.endCursor });
    expect([first.totalCount, next.totalCount]).toEqual([6, 6]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('leads through the whole list, %i at a time', async (first) => {
    const list = new ScriptedList(letters('fedcbagh'));
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof readPage>> = await readPage(list, { first, after });
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
    const page = await readPage(new ScriptedList(letters(names)), { first: 2, after: MIDDLE });
    expect(namesOf(page)).toBe(expected);
  });

  it.each(['abdfh', 'abcdfh', 'aaabbbcccdfh'])('is read to its end: %s', async (names) => {
    const list = new ScriptedList(letters(names).map((name, n) => name + n));
    const rest = list.names.filter((name) => name > 'd9').join('');
    for (const shouldContinue of [always, () => false]) {
      let seen = '';
      for (let after: string | null = cursorAt({ continue: '', index: 1, key: ['d9'] }); after; ) {
        const page: Awaited<ReturnType<typeof readPage>> = await readPage(
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

describe('an error of the cluster', () => {
  it.each([
    ['of a list', { list: () => Promise.reject(new Error('list')) }, 'list'],
    ['of a selection', { select: () => Promise.reject(new Error('select')) }, 'select'],
  ])('ends the page: %s', async (_, options, message) => {
    await expect(readPage(new ScriptedList(['a']), {}, options)).rejects.toThrow(message);
  });
});
