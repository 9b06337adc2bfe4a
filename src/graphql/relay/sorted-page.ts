import { edgeOf, type Page, pageOf } from './connection.ts';
import type { PageRequest } from './page-request.ts';

/** A node and what the order compares of it; no two nodes of a list have the same key. */
export interface Sortable<T> {
  node: T;
  key: string[];
}

export interface SortedPage<T> extends Page<T> {
  totalCount: number;
}

/** A page of a selection that was read as a whole. It begins behind the cursor's key, whether or not its node is still there. */
export function sortedPage<T>(
  request: PageRequest,
  nodes: Sortable<T>[],
  direction: 'ASC' | 'DESC',
): SortedPage<T> {
  const { first, position, selection } = request;
  const sign = direction === 'ASC' ? 1 : -1;
  const sorted = nodes.toSorted((a, b) => sign * compareKeys(a.key, b.key));
  const behind = position ? sorted.filter(({ key }) => sign * compareKeys(key, position.key) > 0) : sorted;
  const edges = behind
    .slice(0, first)
    .map(({ node, key }, index) => edgeOf(node, { continue: '', index, key }, selection));
  return { ...pageOf(edges, behind.length > edges.length, request), totalCount: sorted.length };
}

function compareKeys(a: string[], b: string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
