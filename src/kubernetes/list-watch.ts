import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../errors.ts';
import { KubernetesError } from './kubernetes-error.ts';
import { PAGE_SIZE, pages } from './pages.ts';
import type { AnyObject, ListNamespace, ObjectList, Reader, Selection, WatchEvent } from './reader.ts';
import type { ResourceType } from './resources.ts';

export interface ListWatchTimings {
  /** The maximum number of objects in a page of the list. */
  pageSize: number;
  /** The API server ends a watch after a random time in this range, in seconds, and the next one starts. */
  timeoutSeconds: { min: number; max: number };
  /** A watch fails after this time without an event or bookmark, in ms. Bookmarks come about every minute. */
  idleMs: number;
  /** The delay before the next attempt in ms: `baseMs` doubled for each failure in a row, minus a jitter of up to half. */
  backoff: { baseMs: number; maxMs: number };
}

export const LIST_WATCH_TIMINGS: ListWatchTimings = {
  pageSize: PAGE_SIZE,
  timeoutSeconds: { min: 300, max: 600 },
  idleMs: 180_000,
  backoff: { baseMs: 200, maxMs: 30_000 },
};

/** Returns a lister and watcher with one identity, whose calls the signal ends. */
export type Connect = (signal: AbortSignal) => Pick<Reader, 'list' | 'watch'>;

export interface ListWatchOptions extends Selection {
  /** Each watch occupies a connection: the pool must have enough of them. */
  connect: Connect;
  type: ResourceType;
  namespace: ListNamespace;
  timings: ListWatchTimings;
  /**
   * Takes a list page by page: at first, and whenever a watch cannot continue. What is not in it does not exist. The watch
   * starts at its version.
   *
   * @returns an earlier version to watch from, if any
   */
  onList(pages: AsyncIterable<ObjectList<AnyObject>>): Promise<string | undefined>;
  /** Called with each event of the watch, bookmarks included. */
  onEvent(event: WatchEvent<AnyObject>): void;
  /** Called with each failure of a list or watch that is retried, with backoff. */
  onError?: ((error: unknown, type: ResourceType) => void) | undefined;
}

/** After this many failures in a row, the resourceVersion itself may be invalid (etcd was restored from a backup). */
const FAILURES_UNTIL_RELIST = 5;
const FAILURES_UNTIL_UNHEALTHY = 3;

/**
 * Follows a collection: it lists the objects in pages, watches from there, and relists when the watch cannot continue.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export class ListWatch {
  readonly #options: ListWatchOptions;
  readonly #synced = Promise.withResolvers<void>();
  #resourceVersion: string | undefined;
  #failures = 0;
  #hasSynced = false;
  /** When the cluster was last heard of: `performance.now()`. */
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(options: ListWatchOptions) {
    this.#options = options;
  }

  /** Resolves when the first list is complete. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Whether the list is complete and fewer than three attempts in a row have failed since. */
  get isHealthy(): boolean {
    return this.#hasSynced && this.#failures < FAILURES_UNTIL_UNHEALTHY;
  }

  /** Whether nothing has failed since the cluster was last heard of, and that is not longer ago than this, in ms. */
  isCurrent(silentMs: number): boolean {
    return this.#hasSynced && this.#failures === 0 && performance.now() - this.#heardAt <= silentMs;
  }

  /**
   * Lists and watches until the signal aborts. It throws only if the cluster rejects the identity: KubernetesError with
   * 401 or 403. Another run relists.
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#resourceVersion ??= await this.#list(signal);
        await this.#watch(this.#resourceVersion, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isAuthError(error)) {
          this.#failures += 1;
          this.#hasSynced = false;
          this.#resourceVersion = undefined;
          throw error;
        }
        this.#recordFailure(error);
        if (isExpired(error) || this.#failures % FAILURES_UNTIL_RELIST === 0)
          this.#resourceVersion = undefined;
      }
      await this.#backOff(signal);
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { connect, type, namespace, labelSelector, fieldSelector, timings, onList } = this.#options;
    const reader = connect(signal);
    let listVersion = '';
    const list = pages<AnyObject>({ size: timings.pageSize }, async (page) => {
      const read = await reader.list(type, namespace, { ...page, labelSelector, fieldSelector });
      // The first page's: a watch from there misses no change.
      listVersion ||= read.metadata.resourceVersion;
      return read;
    });
    const watchFrom = await onList(list);
    this.#failures = 0;
    this.#heardAt = performance.now();
    this.#hasSynced = true;
    this.#synced.resolve();
    return watchFrom ?? listVersion;
  }

  /** Reports events until the API server ends the watch. */
  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { connect, type, namespace, labelSelector, fieldSelector, timings, onEvent } = this.#options;
    const {
      idleMs,
      timeoutSeconds: { min, max },
    } = timings;
    const timeoutSeconds = Math.ceil(min + Math.random() * (max - min));
    const options = { resourceVersion, labelSelector, fieldSelector, timeoutSeconds, idleMs };
    const startedAt = performance.now();
    let isEmpty = true;
    for await (const event of connect(signal).watch(type, namespace, options)) {
      onEvent(event);
      this.#resourceVersion = event.object.metadata.resourceVersion;
      this.#failures = 0;
      this.#heardAt = performance.now();
      isEmpty = false;
    }
    // A proxy may close each watch immediately: that counts as a failure, so that the next attempt backs off.
    if (isEmpty && performance.now() - startedAt < min * 1_000)
      this.#recordFailure(new Unavailable('The cluster ended the watch at once'));
    else this.#failures = 0;
  }

  #recordFailure(error: unknown): void {
    this.#failures += 1;
    this.#options.onError?.(error, this.#options.type);
  }

  async #backOff(signal: AbortSignal): Promise<void> {
    const { baseMs, maxMs } = this.#options.timings.backoff;
    const wait = Math.min(maxMs, baseMs * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    await delay(wait, undefined, { signal }).catch(() => {});
  }
}

function isAuthError(error: unknown): boolean {
  return error instanceof KubernetesError && (error.statusCode === 401 || error.statusCode === 403);
}

function isExpired(error: unknown): boolean {
  return error instanceof KubernetesError && error.isExpired;
}
