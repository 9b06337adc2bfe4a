import { objectBytes } from '../budgets/value-size.ts';
import type { AnyObject } from '../kubernetes/reader.ts';

/** An object that at least one mirror holds. */
export interface StoredObject<T extends AnyObject = AnyObject> {
  readonly object: T;
  /** What it counts, in bytes. */
  readonly bytes: number;
}

interface Entry extends StoredObject {
  readonly key: string;
  holders: number;
}

/**
 * What V8 takes for an object is about twice what {@link objectBytes} says of it, and what is derived from it for searches and
 * orders takes at most as much again.
 */
const BYTES_FACTOR = 3;

/**
 * The objects of all mirrors. Each mirror adds what its own watch has returned; an object of the same UID and version is kept
 * once for all of them.
 */
export class ObjectStore {
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }
  /** How many objects there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** The stored object in place of this equal one. It is held until {@link release}. */
  hold<T extends AnyObject>(object: T): StoredObject<T> {
    const { uid, resourceVersion, namespace, name } = object.metadata;
    // All four, although UIDs are unique: nobody may get another object than the cluster has sent.
    const key = JSON.stringify([object.kind, namespace, name, uid, resourceVersion]);
    const known = this.#entries.get(key);
    if (known) {
      known.holders += 1;
      return known as StoredObject<T> & Entry;
    }
    const entry = { key, object, bytes: BYTES_FACTOR * objectBytes(object), holders: 1 };
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    return entry;
  }

  release(stored: StoredObject): void {
    const entry = stored as Entry;
    entry.holders -= 1;
    if (entry.holders > 0 || this.#entries.get(entry.key) !== entry) return;
    this.#entries.delete(entry.key);
    this.#bytes -= entry.bytes;
  }
}
