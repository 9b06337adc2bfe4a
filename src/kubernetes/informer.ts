import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../errors.ts';
import { KubernetesError } from './kubernetes-error.ts';
import { PAGE_SIZE, pages } from './pages.ts';
import type { AnyObject, ListNamespace, Reader, WatchEvent } from './reader.ts';
import type { ResourceType } from './resources.ts';

export interface InformerTimings {
  /** Objects of one page of a list at the most. */
  pageSize: number;
  /** How long a watch may last before it is asked for again, in seconds; each takes a random time between. */
  timeoutSeconds: { min: number; max: number };
  /** How long nothing may come, in ms. The API server sends a bookmark about every minute. */
  idleMs: number;
  /** The wait before the first repeated attempt and the longest one, in ms; each is shortened by up to a half. */
  backoff: { baseMs: number; maxMs: number };
}

export const INFORMER_TIMINGS: InformerTimings = {
  pageSize: PAGE_SIZE,
  timeoutSeconds: { min: 300, max: 600 },
  idleMs: 180_000,
  backoff: { baseMs: 200, maxMs: 30_000 },
};

/** Reads under one identity, until the signal ends them. */
export type Connect = (signal: AbortSignal) => Pick<Reader, 'list' | 'watch'>;

export interface InformerOptions<T extends AnyObject> {
  /** Its connections must suffice for all watches: each occupies one. */
  connect: Connect;
  type: ResourceType;
  namespace: ListNamespace;
  labelSelector?: string | undefined;
  timings: InformerTimings;
  /** The part of an object that is kept in memory, or undefined if the watch ignores the object. */
  trim: (object: AnyObject) => T | undefined;
  /** Is called with each change after `get` returns it; for DELETED with the object as it was last kept. */
  onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void;
  /** Is called with each failure that the watch recovers from by itself, with growing delays. */
  onError?: ((error: unknown, type: ResourceType) => void) | undefined;
}

/** After so many failures in a row the resourceVersion itself may be what fails (a restored etcd): list again. */
const FAILURES_UNTIL_LIST = 5;
const FAILURES_UNTIL_STALE = 3;

/**
 * A selection of objects as the cluster has it now: listed in pages, then watched, whatever happens on the way.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export class Informer<T extends AnyObject> {
  readonly #settings: InformerOptions<T>;
  readonly #objects = new Map<string, T>();
  readonly #synced = Promise.withResolvers<void>();
  #version: string | undefined;
  #failures = 0;
  #isListed = false;

  constructor(settings: InformerOptions<T>) {
    this.#settings = settings;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get(nameKey(namespace, name));
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }

  /** When the first list is complete. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Whether the list is complete and the cluster answers. */
  get isHealthy(): boolean {
    return this.#isListed && this.#failures < FAILURES_UNTIL_STALE;
  }

  /**
   * Follows the cluster until the signal ends it. It throws only where the cluster refuses the identity: KubernetesError
   * of 401 or 403. What is known stays known, and another run goes on with the difference.
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#version ??= await this.#list(signal);
        await this.#follow(this.#version, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isRefusal(error)) {
          this.#failures += 1;
          this.#isListed = false;
          this.#version = undefined;
          throw error;
        }
        this.#failed(error);
        if (isExpired(error) || this.#failures % FAILURES_UNTIL_LIST === 0) this.#version = undefined;
      }
      await this.#backOff(signal);
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { connect, type, namespace, labelSelector, trim, timings } = this.#settings;
    const reader = connect(signal);
    const listed = new Map<string, T>();
    let version = '';
    const list = pages<AnyObject>(timings.pageSize, (page) =>
      reader.list(type, namespace, { ...page, labelSelector }),
    );
    for await (const { metadata, items } of list) {
      version ||= metadata.resourceVersion;
      for (const item of items) {
        const kept = trim(item);
        if (kept) listed.set(nameKey(kept.metadata.namespace, kept.metadata.name), kept);
      }
    }
    this.#emitDifference(listed);
    this.#failures = 0;
    this.#isListed = true;
    this.#synced.resolve();
    return version;
  }

  #emitDifference(listed: Map<string, T>): void {
    for (const [key, known] of [...this.#objects]) {
      if (listed.get(key)?.metadata.uid !== known.metadata.uid) this.#forget(key);
    }
    for (const [key, object] of listed) {
      const { resourceVersion } = this.#objects.get(key)?.metadata ?? {};
      if (resourceVersion !== object.metadata.resourceVersion) this.#put(key, object);
    }
  }

  /** Follows the changes until the API server ends the watch, as it does after `timeoutSeconds`. */
  async #follow(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { connect, type, namespace, labelSelector, timings } = this.#settings;
    const { idleMs, timeoutSeconds: { min, max } } = timings;
    const timeoutSeconds = Math.ceil(min + Math.random() * (max - min));
    const options = { resourceVersion, labelSelector, timeoutSeconds, idleMs };
    const startedAt = performance.now();
    let isEmpty = true;
    for await (const event of connect(signal).watch(type, namespace, options)) {
      this.#apply(event);
      this.#failures = 0;
      isEmpty = false;
    }
    // A proxy that closes each watch at once must not be asked in a tight loop.
    if (isEmpty && performance.now() - startedAt < min * 1_000)
      this.#failed(new Unavailable('The cluster ended the watch at once'));
    else this.#failures = 0;
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    this.#settings.onError?.(error, this.#settings.type);
  }

  #apply({ type, object }: WatchEvent<AnyObject>): void {
    this.#version = object.metadata.resourceVersion;
    if (type === 'BOOKMARK') return;
    const key = nameKey(object.metadata.namespace, object.metadata.name);
    const kept = type === 'DELETED' ? undefined : this.#settings.trim(object);
    const known = this.#objects.get(key);
    if (known && known.metadata.uid !== kept?.metadata.uid) this.#forget(key);
    if (kept) this.#put(key, kept);
  }

  #put(key: string, object: T): void {
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    this.#objects.set(key, object);
    this.#settings.onChange(type, object);
  }

  #forget(key: string): void {
    const known = this.#objects.get(key);
    this.#objects.delete(key);
    if (known) this.#settings.onChange('DELETED', known);
  }

  async #backOff(signal: AbortSignal): Promise<void> {
    const { baseMs, maxMs } = this.#settings.timings.backoff;
    const wait = Math.min(maxMs, baseMs * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    await delay(wait, undefined, { signal }).catch(() => {});
  }
}

function nameKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function isRefusal(error: unknown): boolean {
  return error instanceof KubernetesError && (error.statusCode === 401 || error.statusCode === 403);
}

function isExpired(error: unknown): boolean {
  return error instanceof KubernetesError && error.isExpired;
}
