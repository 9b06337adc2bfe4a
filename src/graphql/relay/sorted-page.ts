import { edgeOf, type Page, pageOf } from './page.ts';
import type { PageRequest } from './page-request.ts';

/** A node and the key that the order compares. Keys are unique within a list. */
export interface Sortable<T> {
  node: T;
  key: string[];
}

export interface SortedPage<T> extends Page<T> {
  totalCount: number;
}

/** A page of a selection that was read completely. It begins after the cursor's key, whether or not that node still exists. */
export function sortedPage<T>(
  request: PageRequest,
  nodes: Sortable<T>[],
  direction: 'ASC' | 'DESC',
): SortedPage<T> {
  const { first, position, selection } = request;
  const sign = direction === 'ASC' ? 1 : -1;
  const sorted = nodes.toSorted((a, b) => sign * compareKeys(a.key, b.key));
  const following = position ? sorted.filter(({ key }) => sign * compareKeys(key, position.key) > 0) : sorted;
  const edges = following
    .slice(0, first)
    .map(({ node, key }, index) => edgeOf(node, { continue: '', index, key }, selection));
  return { ...pageOf(edges, following.length > edges.length, request), totalCount: sorted.length };
}

function compareKeys(a: string[], b: string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
