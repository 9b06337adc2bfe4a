import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../errors.ts';
import { KubernetesError } from './kubernetes-error.ts';
import { PAGE_SIZE, pages } from './pages.ts';
import type { AnyObject, ListNamespace, Reader, WatchEvent } from './reader.ts';
import type { ResourceType } from './resources.ts';

export interface InformerTimings {
  /** The maximum number of objects in a page of the list. */
  pageSize: number;
  /** The API server ends a watch after a random time in this range, in seconds, and the informer starts the next. */
  timeoutSeconds: { min: number; max: number };
  /** A watch fails after this time without an event or bookmark, in ms. Bookmarks come about every minute. */
  idleMs: number;
  /** The delay before the next attempt in ms: `baseMs` doubled for each failure in a row, minus a jitter of up to half. */
  backoff: { baseMs: number; maxMs: number };
}

export const INFORMER_TIMINGS: InformerTimings = {
  pageSize: PAGE_SIZE,
  timeoutSeconds: { min: 300, max: 600 },
  idleMs: 180_000,
  backoff: { baseMs: 200, maxMs: 30_000 },
};

/** Returns a lister and watcher with one identity, whose calls the signal ends. */
export type Connect = (signal: AbortSignal) => Pick<Reader, 'list' | 'watch'>;

export interface InformerOptions<T extends AnyObject> {
  /** Each watch occupies a connection: the pool must have enough of them. */
  connect: Connect;
  type: ResourceType;
  namespace: ListNamespace;
  labelSelector?: string | undefined;
  timings: InformerTimings;
  /** Returns the part of an object that the cache keeps; undefined leaves the object out. */
  trim: (object: AnyObject) => T | undefined;
  /** Called after each change of the cache; for DELETED with the object's last state in it. */
  onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void;
  /** Called with each failure of a list or watch that the informer retries, with backoff. */
  onError?: ((error: unknown, type: ResourceType) => void) | undefined;
}

/** After this many failures in a row, the resourceVersion itself may be invalid (etcd was restored from a backup). */
const FAILURES_UNTIL_RELIST = 5;
const FAILURES_UNTIL_UNHEALTHY = 3;

/**
 * A cache of a collection that follows the cluster: it lists the objects in pages, watches from there, and relists when
 * the watch cannot continue. It is eventually consistent, like client-go's informers.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export class Informer<T extends AnyObject> {
  readonly #options: InformerOptions<T>;
  readonly #objects = new Map<string, T>();
  readonly #synced = Promise.withResolvers<void>();
  #resourceVersion: string | undefined;
  #failures = 0;
  #hasSynced = false;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get(nameKey(namespace, name));
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }

  /** Resolves when the first list is complete. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Whether the list is complete and fewer than three attempts in a row have failed since. */
  get isHealthy(): boolean {
    return this.#hasSynced && this.#failures < FAILURES_UNTIL_UNHEALTHY;
  }

  /**
   * Lists and watches until the signal aborts. It throws only if the cluster rejects the identity: KubernetesError with
   * 401 or 403. The cache stays, and another run relists and emits the difference.
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
    const { connect, type, namespace, labelSelector, trim, timings } = this.#options;
    const reader = connect(signal);
    const listed = new Map<string, T>();
    let listVersion = '';
    const list = pages<AnyObject>({ size: timings.pageSize }, (page) =>
      reader.list(type, namespace, { ...page, labelSelector }),
    );
    for await (const { metadata, items } of list) {
      // The first page's: a watch from there misses no change.
      listVersion ||= metadata.resourceVersion;
      for (const item of items) {
        const object = trim(item);
        if (object) listed.set(nameKey(object.metadata.namespace, object.metadata.name), object);
      }
    }
    this.#replace(listed);
    this.#failures = 0;
    this.#hasSynced = true;
    this.#synced.resolve();
    return listVersion;
  }

  #replace(listed: Map<string, T>): void {
    for (const [key, cached] of [...this.#objects]) {
      if (listed.get(key)?.metadata.uid !== cached.metadata.uid) this.#delete(key);
    }
    for (const [key, object] of listed) {
      const { resourceVersion } = this.#objects.get(key)?.metadata ?? {};
      if (resourceVersion !== object.metadata.resourceVersion) this.#set(key, object);
    }
  }

  /** Applies events until the API server ends the watch. */
  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { connect, type, namespace, labelSelector, timings } = this.#options;
    const {
      idleMs,
      timeoutSeconds: { min, max },
    } = timings;
    const timeoutSeconds = Math.ceil(min + Math.random() * (max - min));
    const options = { resourceVersion, labelSelector, timeoutSeconds, idleMs };
    const startedAt = performance.now();
    let isEmpty = true;
    for await (const event of connect(signal).watch(type, namespace, options)) {
      this.#apply(event);
      this.#failures = 0;
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

  #apply({ type, object }: WatchEvent<AnyObject>): void {
    this.#resourceVersion = object.metadata.resourceVersion;
    if (type === 'BOOKMARK') return;
    const key = nameKey(object.metadata.namespace, object.metadata.name);
    const trimmed = type === 'DELETED' ? undefined : this.#options.trim(object);
    const cached = this.#objects.get(key);
    // Deleted, replaced by another object of the same name, or left out by `trim` from now on.
    if (cached && cached.metadata.uid !== trimmed?.metadata.uid) this.#delete(key);
    if (trimmed) this.#set(key, trimmed);
  }

  #set(key: string, object: T): void {
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    this.#objects.set(key, object);
    this.#options.onChange(type, object);
  }

  #delete(key: string): void {
    const cached = this.#objects.get(key);
    this.#objects.delete(key);
    if (cached) this.#options.onChange('DELETED', cached);
  }

  async #backOff(signal: AbortSignal): Promise<void> {
    const { baseMs, maxMs } = this.#options.timings.backoff;
    const wait = Math.min(maxMs, baseMs * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    await delay(wait, undefined, { signal }).catch(() => {});
  }
}

function nameKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function isAuthError(error: unknown): boolean {
  return error instanceof KubernetesError && (error.statusCode === 401 || error.statusCode === 403);
}

function isExpired(error: unknown): boolean {
  return error instanceof KubernetesError && error.isExpired;
}
