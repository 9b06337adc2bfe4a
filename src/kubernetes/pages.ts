import { AnswerTooLarge } from '../errors.ts';
import type { ListOptions, ObjectList } from './reader.ts';

/** The maximum number of objects in a page. */
export const PAGE_SIZE = 100;
/** The maximum size in bytes of a page of more than one object. Several lists may be read at the same time. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** The API server encodes an empty list of metadata (PartialObjectMetadataList) with `items: null`. */
type RawPage<T> = Omit<ObjectList<T>, 'items'> & { items: T[] | null };

/**
 * Reads a list page by page, for callers that keep little of each. Tenants decide how large their objects are, so a page
 * that is too large is requested again with fewer objects, and the pages after it grow again. One object always fits:
 * etcd's limit for a request is 1.5 MiB by default.
 */
export async function* pages<T>(
  pageSize: number,
  read: (page: Pick<ListOptions, 'limit' | 'continue' | 'maxBytes'>) => Promise<RawPage<T>>,
): AsyncGenerator<ObjectList<T>> {
  let limit = pageSize;
  let next: string | undefined;
  while (true) {
    let page: RawPage<T>;
    try {
      page = await read({ limit, continue: next, ...(limit > 1 && { maxBytes: MAX_PAGE_BYTES }) });
    } catch (error) {
      if (!(error instanceof AnswerTooLarge) || limit === 1) throw error;
      limit = Math.ceil(limit / 4);
      continue;
    }
    yield { ...page, items: page.items ?? [] };
    next = page.metadata.continue || undefined;
    if (!next) return;
    limit = Math.min(pageSize, limit * 2);
  }
}
