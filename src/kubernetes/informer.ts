import { ListWatch, type ListWatchOptions } from './list-watch.ts';
import type { AnyObject, ObjectList, WatchEvent } from './reader.ts';

export interface InformerOptions<T extends AnyObject> extends Omit<ListWatchOptions, 'onList' | 'onEvent'> {
  /** Returns the part of an object that the cache keeps; undefined leaves the object out. */
  trim: (object: AnyObject) => T | undefined;
  /** Called after each change of the cache; for DELETED with the object's last state in it. */
  onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void;
}

/** A cache of a collection that follows the cluster. It is eventually consistent, like client-go's informers. */
export class Informer<T extends AnyObject> {
  readonly #options: InformerOptions<T>;
  readonly #objects = new Map<string, T>();
  readonly #listWatch: ListWatch;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.#listWatch = new ListWatch({
      ...options,
      onList: (pages) => this.#list(pages),
      onEvent: (event) => this.#apply(event),
    });
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get(nameKey(namespace, name));
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }

  /** Resolves when the first list is complete. */
  get synced(): Promise<void> {
    return this.#listWatch.synced;
  }

  /** Whether the list is complete and fewer than three attempts in a row have failed since. */
  get isHealthy(): boolean {
    return this.#listWatch.isHealthy;
  }

  /**
   * Follows the cluster until the signal aborts. It throws only if the cluster rejects the identity: KubernetesError with
   * 401 or 403. The cache stays, and another run reports the difference.
   */
  run(signal: AbortSignal): Promise<void> {
    return this.#listWatch.run(signal);
  }

  async #list(pages: AsyncIterable<ObjectList<AnyObject>>): Promise<undefined> {
    const listed = new Map<string, T>();
    for await (const { items } of pages) {
      for (const item of items) {
        const object = this.#options.trim(item);
        if (object) listed.set(nameKey(object.metadata.namespace, object.metadata.name), object);
      }
    }
    for (const [key, cached] of [...this.#objects]) {
      if (listed.get(key)?.metadata.uid !== cached.metadata.uid) this.#delete(key);
    }
    for (const [key, object] of listed) {
      const { resourceVersion } = this.#objects.get(key)?.metadata ?? {};
      if (resourceVersion !== object.metadata.resourceVersion) this.#set(key, object);
    }
  }

  #apply({ type, object }: WatchEvent<AnyObject>): void {
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
}

function nameKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
