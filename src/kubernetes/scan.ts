import { isOverBudget } from '../budgets/request-budget.ts';
import { pages } from './pages.ts';
import type { AnyObject, MirroredReader, ObjectList, Reader, Selection, Snapshot } from './reader.ts';
import type { ResourceType } from './resources.ts';

/** The maximum number of objects in a page of a scan, and its maximum size: nothing else happens while it is parsed. */
export const SCAN_PAGE = { size: 500, maxBytes: 1024 * 1024 };

interface Scan<T> {
  items: T[];
  /** Whether there are more objects than the limit. */
  truncated: boolean;
}

/**
 * Reads a selection page by page, up to `limit` objects, and keeps all of them.
 *
 * @param partial whether the result is truncated if the request cannot keep all of them; else that is an error
 */
export async function scan<T extends AnyObject>(
  reader: Reader,
  type: ResourceType,
  namespace: string | undefined,
  limit: number,
  { partial = false, ...selection }: Selection & { partial?: boolean } = {},
): Promise<Scan<T>> {
  const items: T[] = [];
  try {
    for await (const page of scanPages<T>(reader, type, namespace, selection, false)) {
      const left = limit - items.length;
      items.push(...page.items.slice(0, left));
      if (page.items.length > left) return { items, truncated: true };
      // With a selector, a continue token does not mean that there are more objects: the rest may not match it.
      const hasSelector = selection.labelSelector || selection.fieldSelector;
      if (items.length === limit && page.metadata.continue && !hasSelector) return { items, truncated: true };
    }
  } catch (error) {
    if (!partial || items.length === 0 || !isOverBudget(error)) throw error;
    return { items, truncated: true };
  }
  return { items, truncated: false };
}

/** The pages of a selection. @param transient whether the caller itself accounts for the objects that it keeps */
export function scanPages<T extends AnyObject>(
  reader: Reader,
  type: ResourceType,
  namespace: string | undefined,
  selection: Selection = {},
  transient = true,
): AsyncGenerator<ObjectList<T>> {
  return pages<T>(SCAN_PAGE, (page) => reader.list<T>(type, namespace, { ...selection, ...page, transient }));
}

/** The objects of a snapshot, as many at once as a page of a scan has at most: others have their turn in between. */
export async function* snapshotPages<T extends AnyObject>(
  reader: Pick<MirroredReader, 'turn'>,
  { objects, resourceVersion }: Snapshot<T>,
  size = SCAN_PAGE.size,
): AsyncGenerator<{ items: readonly T[]; metadata: { resourceVersion: string } }> {
  for (let start = 0; start === 0 || start < objects.length; start += size) {
    if (start > 0) await reader.turn();
    yield { items: objects.slice(start, start + size), metadata: { resourceVersion } };
  }
}
