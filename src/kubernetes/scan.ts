import type { AnyObject, ObjectList, Reader, Selection } from './reader.ts';
import type { ResourceType } from './resources.ts';

/** The maximum number of objects in a page of a scan. */
const SCAN_PAGE_SIZE = 500;

interface Scan<T> {
  items: T[];
  /** The first page's: a watch from here misses no change. */
  resourceVersion: string;
  /** Whether there are more objects than the limit. */
  truncated: boolean;
}

/** Reads a selection page by page, up to `limit` objects. */
export async function scan<T extends AnyObject>(
  reader: Reader,
  type: ResourceType,
  namespace: string | undefined,
  limit: number,
  selection: Selection = {},
): Promise<Scan<T>> {
  const items: T[] = [];
  let next: string | undefined;
  let resourceVersion: string | undefined;
  do {
    const page: ObjectList<T> = await reader.list<T>(type, namespace, {
      ...selection,
      limit: Math.min(SCAN_PAGE_SIZE, limit - items.length),
      continue: next,
    });
    resourceVersion ??= page.metadata.resourceVersion;
    items.push(...page.items);
    next = page.metadata.continue || undefined;
  } while (next && items.length < limit);
  return { items, resourceVersion, truncated: next !== undefined && (await hasMore(next)) };

  /** With a selector, a continue token does not mean that there are more objects: the rest may not match it. */
  async function hasMore(token: string): Promise<boolean> {
    if (!selection.labelSelector && !selection.fieldSelector) return true;
    const page = await reader.list<T>(type, namespace, { ...selection, limit: 1, continue: token });
    return page.items.length > 0 || !!page.metadata.continue;
  }
}
