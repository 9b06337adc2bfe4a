import type { KubeObject } from '../objects.ts';
import type { Resource } from './resources.ts';

export interface StoreEvent {
  revision: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: Resource;
  object: KubeObject;
  /** The object before a MODIFIED or DELETED. */
  previous?: KubeObject;
}

function keyOf({ namespace, name }: { namespace?: string | undefined; name: string }): string {
  return namespace ? `${namespace}/${name}` : name;
}

/**
 * Objects by resource and key under one revision counter, as in etcd. A bounded history of events lets watches resume
 * and keeps the pages of a list consistent. Stored objects are never changed in place.
 */
export class Store {
  #revision = 1;
  readonly #tables = new Map<Resource, Map<string, KubeObject>>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #historyLimit: number;
  #history: StoreEvent[] = [];
  /** The history holds every event after this revision. */
  #compacted = 0;
  readonly #pending: StoreEvent[] = [];
  #publishing = false;

  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  get revision(): number {
    return this.#revision;
  }

  get(resource: Resource, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#tables.get(resource)?.get(keyOf({ namespace, name }));
  }

  /** The objects of a resource in one namespace or all, ordered by key, at the given revision or the latest. */
  list(
    resource: Resource,
    namespace?: string,
    revision = this.#revision,
  ): [key: string, object: KubeObject][] {
    const table = new Map(this.#tables.get(resource));
    for (const event of this.since(revision).toReversed()) {
      if (event.resource !== resource) continue;
      const key = keyOf(event.object.metadata);
      if (event.previous) table.set(key, event.previous);
      else table.delete(key);
    }
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    return [...table].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  *all(): Generator<[Resource, KubeObject]> {
    for (const [resource, table] of this.#tables)
      for (const object of table.values()) yield [resource, object];
  }

  put(resource: Resource, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata;
    const previous = this.get(resource, namespace, name);
    const stored = this.#stamped(object);
    const table = this.#tables.get(resource) ?? new Map<string, KubeObject>();
    this.#tables.set(resource, table.set(keyOf(stored.metadata), stored));
    if (previous) this.#publish({ type: 'MODIFIED', resource, object: stored, previous });
    else this.#publish({ type: 'ADDED', resource, object: stored });
    return stored;
  }

  remove(resource: Resource, object: KubeObject): void {
    const key = keyOf(object.metadata);
    if (!this.#tables.get(resource)?.delete(key)) return;
    this.#publish({ type: 'DELETED', resource, object: this.#stamped(object), previous: object });
  }

  /** Whether the history reaches back to the revision. */
  isAvailable(revision: number): boolean {
    return revision >= this.#compacted;
  }

  /** Drops the history: no watch can resume from before now. */
  compact(): void {
    this.#history = [];
    this.#compacted = this.#revision;
  }

  /** The events after the revision, oldest first. */
  since(revision: number): StoreEvent[] {
    const first = this.#history.findLastIndex((event) => event.revision <= revision) + 1;
    return this.#history.slice(first);
  }

  /** Calls the listener with every later event; returns the function that unsubscribes it. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #stamped(object: KubeObject): KubeObject {
    this.#revision += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } };
  }

  #publish(event: Omit<StoreEvent, 'revision'>): void {
    const published = { ...event, revision: this.#revision };
    this.#history.push(published);
    if (this.#history.length > this.#historyLimit * 2) {
      const dropped = this.#history.splice(0, this.#history.length - this.#historyLimit);
      this.#compacted = dropped.at(-1)?.revision ?? this.#compacted;
    }
    // If a listener writes, all listeners get the event that it reacts to before the event of that write.
    this.#pending.push(published);
    if (this.#publishing) return;
    this.#publishing = true;
    try {
      for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
        for (const listener of [...this.#listeners]) listener(next);
      }
    } finally {
      this.#publishing = false;
    }
  }
}
