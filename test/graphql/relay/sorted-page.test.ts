import { describe, expect, it } from 'vitest';
import { parsePageRequest } from '../../../src/graphql/relay/page-request.ts';
import { SortedPageBuilder } from '../../../src/graphql/relay/sorted-page.ts';
import { cursorsUnder, newKey } from '../../support/key-file.ts';

type Sortable = { node: string; key: string[] };

const cursors = cursorsUnder(newKey(), 'alice');
const SELECTION = { order: 'CREATED_AT' };
const named = (...names: string[]): Sortable[] => names.map((name) => ({ node: name, key: [name] }));
/** Nodes such as `2:b`: created at 2, with the name b. */
const dated = (...nodes: string[]): Sortable[] => nodes.map((node) => ({ node, key: node.split(':') }));
const behind = (...key: string[]) => cursors.encode({ continue: '', index: 0, key }, SELECTION);

function page(
  nodes: Sortable[],
  {
    first = 10,
    after,
    direction = 'ASC',
  }: { first?: number; after?: string; direction?: 'ASC' | 'DESC' } = {},
) {
  const request = parsePageRequest({ first, after }, SELECTION, { cursors });
  const builder = new SortedPageBuilder<string>(request, direction);
  for (const { node, key } of nodes) builder.add(node, key);
  return builder.page();
}

describe('a page of a selection that was read completely', () => {
  it.each([
    ['of all', named('c', 'a', 'b'), {}, 'a b c', false],
    ['of the first', named('c', 'a', 'b'), { first: 2 }, 'a b', true],
    ['of exactly all', named('c', 'a', 'b'), { first: 3 }, 'a b c', false],
    ['in descending order', named('c', 'a', 'b'), { first: 2, direction: 'DESC' as const }, 'c b', true],
    ['behind a cursor', named('c', 'a', 'b'), { after: behind('a') }, 'b c', false],
    [
      'behind a cursor, descending',
      named('c', 'a', 'b'),
      { after: behind('b'), direction: 'DESC' as const },
      'a',
      false,
    ],
    ['behind a node that no longer exists', named('a', 'c', 'd'), { after: behind('b') }, 'c d', false],
    ['behind the last node', named('a', 'b'), { after: behind('b') }, '', false],
    [
      'behind a cursor and with more to come',
      named('d', 'c', 'b', 'a'),
      { first: 2, after: behind('a') },
      'b c',
      true,
    ],
    ['of nothing', [], {}, '', false],
    ['by several values', dated('2:a', '1:b', '1:a'), {}, '1:a 1:b 2:a', false],
    [
      'by several values, descending',
      dated('2:a', '1:b', '1:a'),
      { direction: 'DESC' as const },
      '2:a 1:b 1:a',
      false,
    ],
    [
      'behind a cursor of several values',
      dated('2:a', '1:b', '1:a'),
      { after: behind('1', 'a') },
      '1:b 2:a',
      false,
    ],
    ['in the order of code units', named('b', 'B', '\u00e9', '10', '9'), {}, '10 9 B b \u00e9', false],
    ['behind a cursor without values', named('b', 'a'), { after: behind() }, 'a b', false],
    ['behind a cursor with more values', named('b', 'a'), { after: behind('a', 'x', 'y') }, 'b', false],
  ])('is %s', (_, nodes, options, names, hasNextPage) => {
    const { edges, pageInfo, totalCount } = page(nodes, options);
    expect(edges.map(({ node }) => node).join(' ')).toBe(names);
    expect(pageInfo.hasNextPage).toBe(hasNextPage);
    expect(pageInfo.hasPreviousPage).toBe('after' in options);
    expect(totalCount).toBe(nodes.length);
  });

  it('leaves the list that it is given as it is', () => {
    const nodes = named('b', 'a');
    page(nodes);
    expect(nodes).toEqual(named('b', 'a'));
  });

  it('has cursors that lead on from each edge', () => {
    const nodes = dated('3:a', '1:b', '2:a', '1:a');
    for (const direction of ['ASC', 'DESC'] as const) {
      const { edges } = page(nodes, { direction });
      for (const [index, { cursor }] of edges.entries()) {
        const following = page(nodes, { direction, after: cursor }).edges.map(({ node }) => node);
        expect(following).toEqual(edges.slice(index + 1).map(({ node }) => node));
      }
    }
  });

  it('has the cursors of its first and last edge', () => {
    const { edges, pageInfo } = page(named('c', 'a', 'b'), { first: 2 });
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual(edges.map(({ cursor }) => cursor));
    expect(cursors.decode(pageInfo.endCursor ?? '', SELECTION)).toEqual({
      continue: '',
      index: 1,
      key: ['b'],
    });
  });

  it('has its own cursor again if it is empty, and none if it is the first', () => {
    const after = behind('z');
    expect(page(named('a'), { after }).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: null,
      endCursor: after,
    });
    expect(page([]).pageInfo).toMatchObject({ startCursor: null, endCursor: null });
  });
});
