import { isOverBudget } from '../../budgets/request-budget.ts';
import { AnswerTooLarge } from '../../errors.ts';
import type { AnyObject, ListOptions, ObjectList } from '../../kubernetes/reader.ts';
import { type Edge, edgeOf, type Page, pageOf } from './connection.ts';
import type { Position } from './cursor.ts';
import { lengthToRead, type PageRequest } from './page-request.ts';

/** The maximum size in bytes of a cluster page of more than one object. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

export interface ClusterPageOptions<T> {
  /** Reads one page of the cluster. */
  list(options: Pick<ListOptions, 'limit' | 'continue' | 'maxBytes'>): Promise<ObjectList<T>>;
  /** Which of these objects belong to the connection. Absent: all. */
  select?(objects: T[]): Promise<T[]>;
  /** Whether to read on for a page that is not full yet. */
  goOn(progress: { calls: number; objects: number; edges: number }): boolean;
}

export interface ClusterPage<T> extends Page<T> {
  /** Null if the cluster has not counted, or the page is not the first. Without regard to `select`. */
  totalCount: number | null;
  resourceVersion: string;
}

/**
 * A page in the cluster's own order: by name. A cursor's page is fetched again, and what is not behind the cursor's name is
 * skipped, so that the page is right even if the list has changed meanwhile. It ends early if the objects are too large or
 * the request's budget is used up.
 */
export async function readClusterPage<T extends AnyObject>(
  request: PageRequest,
  { list, select, goOn }: ClusterPageOptions<T>,
): Promise<ClusterPage<T>> {
  const { first, position, selection } = request;
  const last = position?.key[0] ?? '';
  const edges: Edge<T>[] = [];
  let from = position?.continue || undefined;
  let limit = lengthToRead(request);
  let objects = 0;
  let isFirstPage = !from;
  let lastRead = last;
  let resourceVersion = '';
  for (let calls = 1; ; calls += 1) {
    let page: ObjectList<T>;
    try {
      page = await list({ limit, continue: from, ...(limit > 1 && { maxBytes: MAX_PAGE_BYTES }) });
    } catch (error) {
      if (error instanceof AnswerTooLarge && limit > 1) {
        limit = Math.ceil(limit / 4);
        continue;
      }
      if (!isOverBudget(error) || edges.length === 0) throw error;
      const end = { continue: from ?? '', index: -1, key: [lastRead] };
      return { ...pageOf(edges, true, request, end), totalCount: null, resourceVersion };
    }
    const { items, metadata } = page;
    const next = metadata.continue || undefined;
    resourceVersion = metadata.resourceVersion;
    objects += items.length;
    const behind = items.filter(({ metadata: { name } }) => name > last);
    const selected = select ? await select(behind) : behind;
    const added = selected.slice(0, first - edges.length);
    for (const node of added) edges.push(edgeOf(node, positionOf(node, items, from, next), selection));

    lastRead = later(items.at(-1), lastRead);
    const hasMore = next !== undefined || selected.length > added.length;
    const isEnd = edges.length === first || next === undefined;
    if (isEnd || !goOn({ calls, objects, edges: edges.length })) {
      const isWhole = isFirstPage && (!next || metadata.remainingItemCount !== undefined);
      // An unfinished page ends where reading stopped, which may be far behind its last edge.
      const end = isEnd ? undefined : { continue: next, index: -1, key: [lastRead] };
      return {
        ...pageOf(edges, hasMore, request, end),
        totalCount: isWhole ? items.length + (metadata.remainingItemCount ?? 0) : null,
        resourceVersion,
      };
    }
    isFirstPage = false;
    from = next;
    limit = first - edges.length;
  }
}

/** Behind the last object of a cluster page, its continue token goes on without reading the page again. */
function positionOf<T extends AnyObject>(
  node: T,
  items: T[],
  from: string | undefined,
  next: string | undefined,
): Position {
  const key = [node.metadata.name];
  const index = items.indexOf(node);
  if (next && index === items.length - 1) return { continue: next, index: -1, key };
  return { continue: from ?? '', index, key };
}

function later(object: AnyObject | undefined, name: string): string {
  return object && object.metadata.name > name ? object.metadata.name : name;
}
