import { describe, expect, it } from 'vitest';
import type { AnyObject } from '../../../src/kubernetes/reader.ts';
import { always, cursorAt, letters, nameOf, namesOf, positionAt, readPage } from './cluster-page-fixture.ts';
import { ScriptedList } from './scripted-list.ts';

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
    const page = await readPage(list, { first }, { select: only(visible), shouldContinue: always });
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
    await readPage(new ScriptedList(letters('abcdef')), { first: 2, after }, { select });
    expect(selected).toEqual([['c', 'd']]);
  });

  it('has more if the cluster gave more than it holds', async () => {
    // The projects read at least 50 namespaces at a time.
    const list = new ScriptedList(letters('abcdef'));
    const page = await readPage(
      list,
      { first: 2 },
      { list: (options) => list.list({ ...options, limit: 6 }) },
    );
    expect(namesOf(page)).toBe('ab');
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(positionAt(page.pageInfo.endCursor)).toEqual({ continue: '', index: 1, key: ['b'], total: 6 });
  });

  it('knows how far it is when it asks whether to continue', async () => {
    const progress: object[] = [];
    const list = new ScriptedList(letters('abcdefg'));
    await readPage(
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

  it('has the version of the first of several calls, and the count of those selected if all were read', async () => {
    const list = new ScriptedList(letters('abcd'));
    let calls = 0;
    const page = await readPage(
      list,
      { first: 2 },
      {
        list: async (options) => {
          calls += 1;
          const read = await list.list(options);
          return { ...read, metadata: { ...read.metadata, resourceVersion: `${calls}` } };
        },
        select: only('d'),
        shouldContinue: always,
      },
    );
    expect(calls).toBe(2);
    expect(page).toMatchObject({ totalCount: 1, resourceVersion: '1' });
  });

  it('has no count if not all were read, or if others were on the pages before', async () => {
    const list = new ScriptedList(letters('abcdef'));
    const first = await readPage(list, { first: 1 }, { select: only('af'), shouldContinue: always });
    expect(first.totalCount).toBeNull();
    expect(positionAt(first.pageInfo.endCursor)).not.toHaveProperty('total');
    const after = first.pageInfo.endCursor as string;
    const second = await readPage(list, { first: 2, after }, { select: only('af'), shouldContinue: always });
    expect(namesOf(second)).toBe('f');
    expect(second.totalCount).toBeNull();
  });

  it('keeps its count on later pages', async () => {
    const list = new ScriptedList(letters('abcd'));
    const options = { select: only('abd'), pageSize: { min: 10, max: 10 } };
    const first = await readPage(list, { first: 2 }, options);
    expect(first.totalCount).toBe(3);
    const second = await readPage(list, { first: 2, after: first.pageInfo.endCursor as string }, options);
    expect(namesOf(second)).toBe('d');
    expect(second.totalCount).toBe(3);
  });
});

describe('a page that ends before it is full', () => {
  it.each([
    ['with an edge', 'a', 'a', { continue: '>b', index: -1, key: ['b'] }],
    ['without an edge', '', '', { continue: '>b', index: -1, key: ['b'] }],
  ])('continues where reading stopped: %s', async (_, visible, names, position) => {
    const list = new ScriptedList(letters('abcd'));
    const select = async (objects: AnyObject[]) => objects.filter((each) => visible.includes(nameOf(each)));
    const page = await readPage(list, { first: 2 }, { select });
    expect(namesOf(page)).toBe(names);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(positionAt(page.pageInfo.endCursor)).toEqual(position);
    const next = await readPage(list, { first: 2, after: page.pageInfo.endCursor });
    expect(namesOf(next)).toBe('cd');
  });

  it('does not fall behind its own cursor if objects were created before it', async () => {
    const list = new ScriptedList(letters('abcdxy'));
    const after = cursorAt({ continue: '', index: 0, key: ['x'] });
    const page = await readPage(list, { first: 1, after });
    expect(page.edges).toEqual([]);
    expect(positionAt(page.pageInfo.endCursor)).toEqual({ continue: '>b', index: -1, key: ['x'], total: 6 });
  });

  it('keeps its own cursor for a page of the cluster without objects', async () => {
    const list = async () => ({ metadata: { resourceVersion: '7', continue: 'more' }, items: [] });
    const after = cursorAt({ continue: 'token', index: -1, key: ['x'] });
    const page = await readPage(new ScriptedList([]), { first: 1, after }, { list });
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(positionAt(page.pageInfo.endCursor)).toEqual({ continue: 'more', index: -1, key: ['x'] });
  });
});
