import { AnswerTooLarge } from '../errors.ts';
import type { Call } from './transport.ts';
import type { ObjectList } from './user-cluster.ts';

/** Objects that a page of a list may have. */
export const PAGE_SIZE = 100;
/** Bytes that a page of more than one object may have. Several lists may be read at the same time. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Of a list of metadata the API server writes no items as null. */
type PageAsRead<T> = Omit<ObjectList<T>, 'items'> & { items: T[] | null };

/**
 * A list page by page, for whoever keeps little of each. How large the objects are is up to those who may write them, so
 * a page that is too large is asked for again with fewer of them, from the same place; the pages after it grow again.
 * One object alone fits: etcd takes no more than 1.5 MB.
 */
export async function* pages<T>(
  pageSize: number,
  read: (page: Pick<Call, 'query' | 'maxBytes'>) => Promise<PageAsRead<T>>,
): AsyncGenerator<ObjectList<T>> {
  let limit = pageSize;
  let next: string | undefined;
  while (true) {
    let page: PageAsRead<T>;
    try {
      page = await read({ query: { limit, continue: next }, ...(limit > 1 && { maxBytes: PAGE_BYTES }) });
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
