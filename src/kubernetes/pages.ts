import { AnswerTooLarge } from '../errors.ts';
import type { ListOptions, ObjectList } from './reader.ts';

/** Objects of one page at the most. */
export const PAGE_SIZE = 100;
/** Bytes of a page of more than one object at the most. Several lists may be read at the same time. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Of a list of metadata the API server writes no items as null. */
type PageAsRead<T> = Omit<ObjectList<T>, 'items'> & { items: T[] | null };

/**
 * A list page by page, for a reader that keeps little of each. Tenants decide how large their objects are, so a page
 * that is too large is requested again with fewer objects, and the pages after it grow again. One object always fits:
 * etcd stores no more than 1.5 MB.
 */
export async function* pages<T>(
  pageSize: number,
  read: (page: Pick<ListOptions, 'limit' | 'continue' | 'maxBytes'>) => Promise<PageAsRead<T>>,
): AsyncGenerator<ObjectList<T>> {
  let limit = pageSize;
  let next: string | undefined;
  while (true) {
    let page: PageAsRead<T>;
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
