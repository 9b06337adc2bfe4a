import { isOverBudget, type RequestBudget } from '../../budgets/request-budget.ts';
import { memoryBytes } from '../../budgets/value-size.ts';
import { ResponseTooLarge } from '../../errors.ts';
import { fitting } from '../../kubernetes/pages.ts';
import type { AnyObject, ListOptions, ObjectList } from '../../kubernetes/reader.ts';
import type { Position } from './cursor.ts';
import { type Edge, edgeOf, type Page, pageOf } from './page.ts';
import { lengthToRead, type PageRequest } from './page-request.ts';

/** The maximum size in bytes of a cluster page of more than one object. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

export interface ClusterPageOptions<T> {
  /** Reads one page of the cluster. Its objects are transient if there is a `select`. */
  list(options: Pick<ListOptions, 'limit' | 'continue' | 'maxBytes'>): Promise<ObjectList<T>>;
  /** The objects among these that belong to the connection. Absent: all. */
  select?(objects: T[]): Promise<T[]>;
  /** Counts what `select` selects. */
  budget?: RequestBudget | undefined;
  /** How many objects a cluster page has, for a connection that reads more or fewer than it needs. */
  pageSize?: { min: number; max: number };
  /** Whether to read another page of the cluster if this page is not full yet. */
  shouldContinue(progress: { calls: number; objects: number }): boolean;
}

export interface ClusterPage<T> extends Page<T> {
  /**
   * How many objects the list had when its first page was read: later pages have it from their cursor, because the cluster
   * says only what remains. Null if the cluster has not counted; for selected objects, unless all were read for the first page.
   */
  totalCount: number | null;
  resourceVersion: string;
}

/**
 * A page in the cluster's own order, by name. The page of a cursor is read again, and objects up to the cursor's name are
 * skipped, so that the result is correct even if the list has changed in the meantime. It ends early if the objects are
 * too large or the request's budget is used up.
 */
export async function readClusterPage<T extends AnyObject>(
  request: PageRequest,
  {
    list,
    select,
    budget,
    pageSize = { min: 1, max: Number.POSITIVE_INFINITY },
    shouldContinue,
  }: ClusterPageOptions<T>,
): Promise<ClusterPage<T>> {
  const { first, position } = request;
  const afterName = position?.key[0] ?? '';
  const edges: Edge<T>[] = [];
  let token = position?.continue || undefined;
  const sized = (length: number) => Math.min(Math.max(length, pageSize.min), pageSize.max);
  let limit = sized(lengthToRead(request));
  let objects = 0;
  let lastName = afterName;
  let resourceVersion = '';
  let totalCount = position?.total ?? null;
  let selectedCount = 0;
  const counted = (at: Position): Position => (totalCount === null ? at : { ...at, total: totalCount });
  for (let calls = 1; ; calls += 1) {
    let page: ObjectList<T>;
    try {
      page = await list({ limit, continue: token, ...(limit > 1 && { maxBytes: MAX_PAGE_BYTES }) });
    } catch (error) {
      if (error instanceof ResponseTooLarge && limit > 1) {
        limit = Math.ceil(limit / 4);
        continue;
      }
      if (!isOverBudget(error) || objects === 0) throw error;
      const end = counted({ continue: token ?? '', index: -1, key: [lastName] });
      return { ...pageOf(edges, true, request, end), totalCount, resourceVersion };
    }
    const { items, metadata } = page;
    const { remainingItemCount } = metadata;
    const nextToken = metadata.continue || undefined;
    resourceVersion ||= metadata.resourceVersion;
    objects += items.length;
    const isCounted = !select && !token && (!nextToken || remainingItemCount !== undefined);
    if (isCounted) totalCount ??= items.length + (remainingItemCount ?? 0);
    const following = items.filter(({ metadata: { name } }) => name > afterName);
    const selected = select ? await select(following) : following;
    selectedCount += selected.length;
    // All of the list was read for this page.
    if (select && !position && !nextToken) totalCount = selectedCount;
    let added = 0;
    for (const node of selected.slice(0, first - edges.length)) {
      if (select && !fits(node, edges.length, budget))
        return { ...pageOf(edges, true, request), totalCount, resourceVersion };
      edges.push(edgeOf(node, counted(positionOf(node, items, token, nextToken)), request));
      added += 1;
    }

    lastName = laterName(items.at(-1), lastName);
    const hasMore = nextToken !== undefined || selected.length > added;
    const isEnd = edges.length === first || nextToken === undefined;
    if (isEnd || !shouldContinue({ calls, objects })) {
      // A page that is not full ends where reading stopped, which can be far after its last edge.
      const end = isEnd ? undefined : counted({ continue: nextToken, index: -1, key: [lastName] });
      return {
        ...pageOf(edges, hasMore, request, end),
        totalCount,
        resourceVersion,
      };
    }
    token = nextToken;
    limit = Math.min(
      sized(select ? first : first - edges.length),
      fitting(items.length, page.length, MAX_PAGE_BYTES),
    );
  }
}

/** Whether the request may keep the object too. Throws if it is the first one. */
function fits(object: AnyObject, edges: number, budget: RequestBudget | undefined): boolean {
  const bytes = memoryBytes(object);
  if (budget && edges > 0 && bytes > budget.bytesLeft) return false;
  budget?.keep(bytes);
  return true;
}

/** After the last object of a cluster page, its continue token is used, so that the page is not read again. */
function positionOf<T extends AnyObject>(
  node: T,
  items: T[],
  token: string | undefined,
  nextToken: string | undefined,
): Position {
  const key = [node.metadata.name];
  const index = items.indexOf(node);
  if (nextToken && index === items.length - 1) return { continue: nextToken, index: -1, key };
  return { continue: token ?? '', index, key };
}

function laterName(object: AnyObject | undefined, name: string): string {
  return object && object.metadata.name > name ? object.metadata.name : name;
}
