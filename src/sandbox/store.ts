import type { KubeObject } from './objects.ts';
import type { Resource } from './resources.ts';

export interface StoreEvent {
  revision: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: Resource;
  object: KubeObject;
  /** The object before a MODIFIED or DELETED. */
  previous?: KubeObject;
}

export function keyOf(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}

/**
 * Objects by resource and key under one revision counter, as in etcd, with a bounded history from which watches
 * resume and pages of a list stay consistent. Stored objects are never changed in place.
 */
export class Store {
  #revision = 1;
  readonly #tables = new Map<Resource, Map<string, KubeObject>>();
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #historyLimit: number;
  #history: StoreEvent[] = [];
  /** The history holds all that came after this revision. */
  #forgotten = 0;
  readonly #pending: StoreEvent[] = [];
  #publishing = false;

  constructor(historyLimit: number) {
    this.#historyLimit = historyLimit;
  }

  get revision(): number {
    return this.#revision;
  }

  get(resource: Resource, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#tables.get(resource)?.get(keyOf(namespace, name));
  }

  /** The objects of a resource, in a namespace or in all, ordered by key. At a past revision if one is given. */
  list(resource: Resource, namespace?: string, revision?: number): [key: string, object: KubeObject][] {
    const table = new Map(this.#tables.get(resource));
    if (revision !== undefined) {
      for (const event of this.since(revision).toReversed()) {
        if (event.resource !== resource) continue;
        const { metadata } = event.object;
        const key = keyOf(metadata.namespace, metadata.name);
        if (event.previous) table.set(key, event.previous);
        else table.delete(key);
      }
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
    this.#tables.set(resource, table.set(keyOf(namespace, name), stored));
    if (previous) this.#publish({ type: 'MODIFIED', resource, object: stored, previous });
    else this.#publish({ type: 'ADDED', resource, object: stored });
    return stored;
  }

  remove(resource: Resource, object: KubeObject): void {
    const key = keyOf(object.metadata.namespace, object.metadata.name);
    if (!this.#tables.get(resource)?.delete(key)) return;
    this.#publish({ type: 'DELETED', resource, object: this.#stamped(object), previous: object });
  }

  /** Whether the history still reaches back to the revision. */
  remembers(revision: number): boolean {
    return revision >= this.#forgotten;
  }

  /** Lets watches begin no earlier than now, as those of an API server do not begin before its start. */
  forget(): void {
    this.#history = [];
    this.#forgotten = this.#revision;
  }

  since(revision: number): StoreEvent[] {
    const first = this.#history.findLastIndex((event) => event.revision <= revision) + 1;
    return this.#history.slice(first);
  }

  /** Calls the listener with every later event; the answer unsubscribes. */
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
      this.#forgotten = dropped.at(-1)?.revision ?? this.#forgotten;
    }
    // A listener that writes must not overtake the event that it was told of.
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
