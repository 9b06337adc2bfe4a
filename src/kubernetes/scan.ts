import { KubernetesError } from '../errors.ts';
import type { ResourceType, Stored } from './resources.ts';
import type { ListOptions, ObjectList, UserCluster } from './user-cluster.ts';

type AnyObject = Stored<{ metadata?: unknown }>;

const PAGE_SIZE = 500;

export interface Scan<T> {
  items: T[];
  /** Of the first page: a watch from here misses nothing. */
  resourceVersion: string;
  /** There was more than the limit. */
  truncated: boolean;
}

/** Reads a selection page by page, as the user, until its end or `limit` objects. */
export async function scan<T extends AnyObject>(
  user: UserCluster,
  type: ResourceType,
  namespace: string | undefined,
  limit: number,
  options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'> = {},
): Promise<Scan<T>> {
  const items: T[] = [];
  let next: string | undefined;
  let resourceVersion: string | undefined;
  do {
    const page: ObjectList<T> = await listFrom<T>(user, type, namespace, {
      ...options,
      limit: Math.min(PAGE_SIZE, limit - items.length),
      continue: next,
    });
    resourceVersion ??= page.metadata.resourceVersion;
    items.push(...page.items);
    next = page.metadata.continue || undefined;
  } while (next && items.length < limit);
  return { items, resourceVersion, truncated: next !== undefined && (await hasMore(next)) };

  /** With a selector a continue token promises nothing: what is behind it may all be left out. */
  async function hasMore(from: string): Promise<boolean> {
    if (!options.labelSelector && !options.fieldSelector) return true;
    const page = await listFrom<T>(user, type, namespace, { ...options, limit: 1, continue: from });
    return page.items.length > 0 || !!page.metadata.continue;
  }
}

/**
 * A page from a continue token. Where the token is too old, the 410 may carry one that goes on from the same key in
 * the present list (Kubernetes API concepts, "Retrieving large results sets in chunks").
 */
export async function listFrom<T extends AnyObject>(
  user: UserCluster,
  type: ResourceType,
  namespace: string | undefined,
  options: ListOptions,
): Promise<ObjectList<T>> {
  try {
    return await user.list<T>(type, namespace, options);
  } catch (error) {
    const fresh = error instanceof KubernetesError && error.isExpired && error.status.metadata?.continue;
    if (!fresh || !options.continue) throw error;
    return user.list<T>(type, namespace, { ...options, continue: fresh });
  }
}
