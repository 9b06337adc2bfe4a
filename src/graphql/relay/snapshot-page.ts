import type { RequestBudget } from '../../budgets/request-budget.ts';
import { objectBytes } from '../../budgets/value-size.ts';
import type { AnyObject, Snapshot } from '../../kubernetes/reader.ts';
import type { ClusterPage } from './cluster-page.ts';
import { type Edge, edgeOf, pageOf } from './page.ts';
import { lengthToRead, type PageRequest } from './page-request.ts';

export interface SnapshotPageOptions {
  budget?: RequestBudget | undefined;
  /** Whether the cluster would count the list: it counts none that it selects from. */
  isCounted: boolean;
}

/**
 * The page that `readClusterPage` would read of the list at the snapshot's version. Its cursors have no continue token, so
 * that the next page can be read from the cluster too.
 */
export function readSnapshotPage<T extends AnyObject>(
  request: PageRequest,
  { objects, resourceVersion }: Snapshot<T>,
  { budget, isCounted }: SnapshotPageOptions,
): ClusterPage<T> {
  const { first, position } = request;
  const start = position ? indexAfter(objects, position.key[0] ?? '') : 0;
  // In one call from the beginning, which the cluster would answer with the whole list.
  const isWhole = objects.length <= lengthToRead(request);
  const counted = !position?.continue && (isCounted || isWhole) ? objects.length : null;
  const totalCount = position?.total ?? counted;
  const edges: Edge<T>[] = [];
  for (const node of objects.slice(start, start + first)) {
    const bytes = objectBytes(node);
    if (budget && edges.length > 0 && bytes > budget.bytesLeft) break;
    budget?.keep(bytes);
    const index = start + edges.length;
    const at = { continue: '', index, key: [node.metadata.name] };
    edges.push(edgeOf(node, totalCount === null ? at : { ...at, total: totalCount }, request));
  }
  const hasNextPage = start + edges.length < objects.length;
  return { ...pageOf(edges, hasNextPage, request), totalCount, resourceVersion };
}

/** Of the first object whose name is behind this one. */
function indexAfter(objects: readonly AnyObject[], name: string): number {
  let [low, high] = [0, objects.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((objects[middle]?.metadata.name ?? '') <= name) low = middle + 1;
    else high = middle;
  }
  return low;
}
