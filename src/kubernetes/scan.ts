import type { AnyObject, ObjectList, Reader, Selection } from './reader.ts';
import type { ResourceType } from './resources.ts';

/** Objects of one page of a scan. */
const SCAN_PAGE_SIZE = 500;

export interface Scan<T> {
  items: T[];
  /** That of the first page: a watch from here misses no change. */
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

  /** With a selector a continue token promises nothing: the selector may leave out everything behind it. */
  async function hasMore(from: string): Promise<boolean> {
    if (!selection.labelSelector && !selection.fieldSelector) return true;
    const page = await reader.list<T>(type, namespace, { ...selection, limit: 1, continue: from });
    return page.items.length > 0 || !!page.metadata.continue;
  }
}
