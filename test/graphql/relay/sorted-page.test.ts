import { describe, expect, it } from 'vitest';
import { CpuShares } from '../../../src/budgets/cpu-shares.ts';
import { MemoryBudget } from '../../../src/budgets/memory-budget.ts';
import { RequestBudget } from '../../../src/budgets/request-budget.ts';
import { memoryBytes } from '../../../src/budgets/value-size.ts';
import { parsePageRequest } from '../../../src/graphql/relay/page-request.ts';
import { SortedPageBuilder, type SortedPageOptions } from '../../../src/graphql/relay/sorted-page.ts';
import { cursorsUnder, newKey } from '../../support/key-file.ts';

type Node = { name: string; text: string };
const SELECTION = { field: 'test' };
const cursors = cursorsUnder(newKey(), 'alice');

interface Options extends Partial<Omit<SortedPageOptions, 'budget'>> {
  newBudget?: () => RequestBudget;
  first: number;
  after?: string | null;
  /** The size of a node's text. */
  bytes?: number;
}

function pageOf(
  names: string[],
  { first, after = null, bytes = 0, direction = 'ASC', newBudget, ...options }: Options,
) {
  const request = parsePageRequest({ first, after }, SELECTION, { cursors });
  const builder = new SortedPageBuilder<Node>(request, { direction, budget: newBudget?.(), ...options });
  for (const name of names) builder.add({ name, text: 'x'.repeat(bytes) }, [name]);
  return builder.page();
}

function walk(names: string[], options: Options): string[][] {
  const pages: string[][] = [];
  for (let after: string | null = null; ; ) {
    const { edges, pageInfo } = pageOf(names, { ...options, after });
    pages.push(edges.map(({ node }) => node.name));
    if (!pageInfo.hasNextPage) return pages;
    after = pageInfo.endCursor;
  }
}

function budgetOf(bytesKept: number) {
  const limits = { calls: 1, concurrentCalls: 1, bytesRead: 1, bytesKept };
  return new RequestBudget('a', limits, new MemoryBudget(1_000_000), new CpuShares());
}

/** What a node with a text of 100 characters counts. */
const NODE_BYTES = memoryBytes({ name: 'a', text: 'x'.repeat(100) });
const NAMES = ['d', 'a', 'g', 'c', 'f', 'b', 'e'];

describe('SortedPageBuilder', () => {
  it.each([1, 2, 3, 6, 7, 8])('has each node once, in order, in pages of %i', (first) => {
    const pages = walk(NAMES, { first });
    expect(pages.flat()).toEqual(NAMES.toSorted());
    expect(pages[0]).toHaveLength(Math.min(first, 7));
    expect(walk(NAMES, { first, direction: 'DESC' }).flat()).toEqual(NAMES.toSorted().reverse());
  });

  it('counts all nodes, whatever the page', () => {
    const { pageInfo, totalCount } = pageOf(NAMES, { first: 2 });
    expect(totalCount).toBe(7);
    expect(pageOf(NAMES, { first: 2, after: pageInfo.endCursor })).toMatchObject({ totalCount: 7 });
  });

  it('goes on behind a node that no longer exists', () => {
    const { pageInfo } = pageOf(NAMES, { first: 3 });
    const without = NAMES.filter((name) => name !== 'c');
    const { edges } = pageOf(without, { first: 2, after: pageInfo.endCursor });
    expect(edges.map(({ node }) => node.name)).toEqual(['d', 'e']);
  });

  it.each(['ASC', 'DESC'] as const)(
    'has shorter pages %s where nodes are large, without a gap',
    (direction) => {
      const sorted = direction === 'ASC' ? NAMES.toSorted() : NAMES.toSorted().reverse();
      const options = { first: 7, bytes: 100, direction };
      const pages = [
        walk(NAMES, { ...options, maxBytes: 3.5 * NODE_BYTES }),
        walk(NAMES, { ...options, newBudget: () => budgetOf(3.5 * NODE_BYTES) }),
      ];
      for (const limited of pages) {
        expect(limited.flat()).toEqual(sorted);
        expect(limited.map(({ length }) => length)).toEqual([3, 3, 1]);
      }
    },
  );

  it('keeps what is in its page, and nothing else', () => {
    const budget = budgetOf(10_000);
    const { edges } = pageOf(NAMES, { first: 2, bytes: 100, newBudget: () => budget });
    expect(edges).toHaveLength(2);
    expect(10_000 - budget.bytesLeft).toBe(2 * NODE_BYTES);
  });

  it('has one node that is larger than its part of the budget', () => {
    expect(pageOf(['a', 'b'], { first: 2, bytes: 100, maxBytes: 10 }).edges).toHaveLength(1);
    const newBudget = () => budgetOf(50);
    expect(() => pageOf(['a'], { first: 1, bytes: 100, newBudget })).toThrow('50 bytes');
  });
});
