import type { AnyObject, Snapshot } from '../kubernetes/reader.ts';
import { compareResourceVersions } from '../kubernetes/resource-version.ts';
import type { Batch } from '../live/change.ts';
import type { FollowedCollection } from '../live/hub.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import type { RequiredState } from './written-objects.ts';

/**
 * The objects of a collection as the watch of one token has reported them, in the order of their names. It is complete from
 * the end of the first snapshot on, but while a gap of the watch is filled.
 */
export class Mirror {
  readonly #source: FollowedCollection;
  readonly #store: ObjectStore;
  #objects: StoredObject[] = [];
  /** The objects of a snapshot that is not complete. */
  #listed: StoredObject[] | undefined;
  #snapshot: Snapshot<AnyObject> | undefined;
  /** The version that it has come to. Empty: it is not complete. */
  #resourceVersion = '';
  #bytes = 0;
  #change = Promise.withResolvers<void>();
  #isEnded = false;

  constructor(source: FollowedCollection, store: ObjectStore) {
    this.#source = source;
    this.#store = store;
  }

  /** What its objects count, also those that other mirrors hold too. */
  get bytes(): number {
    return this.#bytes;
  }
  /** Whether it can be read. */
  get isReady(): boolean {
    return !this.#isEnded && this.#resourceVersion !== '' && this.#source.isCurrent();
  }

  /** Follows its source until that ends. @param onBatch called after each batch. Errors: those of the source. */
  async run(onBatch: () => void): Promise<void> {
    try {
      for await (const batch of this.#source.batches) {
        if (this.#isEnded) return;
        this.#apply(batch);
        onBatch();
      }
    } finally {
      this.end();
    }
  }

  /** Releases its objects. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#resourceVersion = '';
    this.#release(this.#objects);
    this.#release(this.#listed ?? []);
    this.#objects = [];
    this.#listed = undefined;
    this.#snapshot = undefined;
    this.#bytes = 0;
    this.#change.resolve();
  }

  /** Resolves at the next change of its version, or at its end. */
  changed(): Promise<void> {
    return this.#change.promise;
  }

  /** The version that its watch has reported, to which it is about to come. */
  get reportedVersion(): string {
    return this.#source.reportedVersion();
  }

  /** Whether it shows this state or a later one. */
  shows({ resourceVersion, deleted }: RequiredState): boolean {
    if (this.#resourceVersion === '') return false;
    if (compareResourceVersions(this.#resourceVersion, resourceVersion) < 0) return false;
    for (const [name, uid] of deleted) if (this.#find(name)?.object.metadata.uid === uid) return false;
    return true;
  }

  /** As it is now. Undefined if it cannot be read. */
  snapshot(): Snapshot<AnyObject> | undefined {
    if (!this.isReady) return undefined;
    this.#snapshot ??= {
      resourceVersion: this.#resourceVersion,
      objects: this.#objects.map(({ object }) => object),
    };
    return this.#snapshot;
  }

  #apply({ events, resourceVersion }: Batch): void {
    for (const event of events) {
      if (event.type === 'RESET') {
        this.#release(this.#listed ?? []);
        this.#listed = [];
        // What follows is of a later version, which the objects until now do not show.
        this.#resourceVersion = '';
      } else if (event.type === 'SYNCED') this.#complete();
      else if (!('object' in event)) continue;
      else if (this.#listed) this.#listed.push(this.#hold(event.object));
      else if (event.type === 'DELETED') this.#delete(event.object);
      else this.#set(event.object);
    }
    if (this.#listed) return;
    if (events.length > 0 || resourceVersion !== this.#resourceVersion) this.#snapshot = undefined;
    this.#resourceVersion = resourceVersion;
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  #complete(): void {
    const before = this.#objects;
    this.#objects = (this.#listed ?? []).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    this.#listed = undefined;
    this.#release(before);
  }

  #set(object: AnyObject): void {
    const index = this.#indexOf(object.metadata.name);
    const known = this.#objects[index];
    const isKnown = known !== undefined && nameOf(known) === object.metadata.name;
    this.#objects.splice(index, isKnown ? 1 : 0, this.#hold(object));
    if (isKnown) this.#release([known]);
  }

  /** One of the same name that was created afterwards stays. */
  #delete({ metadata: { name, uid } }: AnyObject): void {
    const known = this.#find(name);
    if (known?.object.metadata.uid !== uid) return;
    this.#objects.splice(this.#indexOf(name), 1);
    this.#release([known]);
  }

  #find(name: string): StoredObject | undefined {
    const known = this.#objects[this.#indexOf(name)];
    return known && nameOf(known) === name ? known : undefined;
  }

  /** Of the first object whose name is not before this one. */
  #indexOf(name: string): number {
    let [low, high] = [0, this.#objects.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.#objects[middle];
      if (at && nameOf(at) < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #hold(object: AnyObject): StoredObject {
    const stored = this.#store.hold(object);
    this.#bytes += stored.bytes;
    return stored;
  }

  #release(objects: StoredObject[]): void {
    for (const stored of objects) {
      this.#bytes -= stored.bytes;
      this.#store.release(stored);
    }
  }
}

function nameOf({ object }: StoredObject): string {
  return object.metadata.name;
}
