import { ResponseTooLarge } from '../errors.ts';
import type { ListOptions, ObjectList } from './reader.ts';

/** The maximum number of objects in a page. */
export const PAGE_SIZE = 100;
/** The maximum size in bytes of a page of more than one object. Several lists may be read at the same time. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Pages are aimed at this part of the maximum size, so that objects of different sizes rarely exceed it. */
const AIM = 0.7;

/** The API server encodes an empty list of metadata (PartialObjectMetadataList) with `items: null`. */
type RawPage<T> = Omit<ObjectList<T>, 'items'> & { items: T[] | null };

export interface PagesOptions {
  /** The maximum number of objects in a page. */
  size: number;
  /** The maximum size in bytes of a page of more than one object. */
  maxBytes?: number;
  continue?: string | undefined;
}

/**
 * Reads a list page by page, for callers that keep little of each. Tenants decide how large their objects are, so a page
 * that is too large is requested again with fewer objects, and later pages have as many as fit by their size. One object
 * always fits: etcd's limit for a request is 1.5 MiB by default.
 */
export async function* pages<T>(
  { size, maxBytes = MAX_PAGE_BYTES, continue: start }: PagesOptions,
  read: (page: Pick<ListOptions, 'limit' | 'continue' | 'maxBytes'>) => Promise<RawPage<T>>,
): AsyncGenerator<ObjectList<T>> {
  let limit = size;
  let next = start;
  while (true) {
    let page: RawPage<T>;
    try {
      page = await read({ limit, continue: next, ...(limit > 1 && { maxBytes }) });
    } catch (error) {
      if (!(error instanceof ResponseTooLarge) || limit === 1) throw error;
      limit = Math.ceil(limit / 4);
      continue;
    }
    const items = page.items ?? [];
    yield { ...page, items };
    next = page.metadata.continue || undefined;
    if (!next) return;
    limit = Math.min(size, limit * 2, fitting(items.length, page.length, maxBytes));
  }
}

/** How many objects of the size that these had on average fit into a page. */
export function fitting(count: number, length: number | undefined, maxBytes: number): number {
  if (!length || count === 0) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor((AIM * maxBytes * count) / length));
}
