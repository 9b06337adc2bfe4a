import type { Reservation } from '../budgets/memory-budget.ts';
import { memoryBytes } from '../budgets/value-size.ts';
import type { AnyObject } from '../kubernetes/reader.ts';
import type { Batch } from './change.ts';

/** Whether something has changed since it was last asked. */
export class Changes {
  #wake = Promise.withResolvers<void>();
  #end: { error: unknown } | undefined;

  notify(): void {
    this.#wake.resolve();
  }

  /** There are no more changes. */
  end(error: unknown): void {
    this.#end ??= { error };
    this.#wake.resolve();
  }

  /** Resolves at the next change, or at once if there was one since the last call. False at the end; throws its error. */
  async next(): Promise<boolean> {
    await this.#wake.promise;
    if (this.#end?.error !== undefined) throw this.#end.error;
    if (this.#end) return false;
    this.#wake = Promise.withResolvers();
    return true;
  }
}

/** The objects of a selection as they are now, from its snapshot and its changes. */
export class LiveObjects<T extends AnyObject> {
  readonly #memory: Reservation;
  readonly #objects = new Map<string, { object: T; bytes: number }>();
  /** The objects of the snapshot that has begun: others are gone when it is complete. */
  #listed: Set<string> | undefined;
  #isSynced = false;

  /** @param memory the objects count towards it */
  constructor(batches: AsyncIterable<Batch>, memory: Reservation, changes: Changes) {
    this.#memory = memory;
    void this.#read(batches, changes).then(
      () => changes.end(undefined),
      (error) => changes.end(error),
    );
  }

  /** Whether the first snapshot is complete. */
  get isSynced(): boolean {
    return this.#isSynced;
  }
  get values(): T[] {
    return [...this.#objects.values()].map(({ object }) => object);
  }

  async #read(batches: AsyncIterable<Batch>, changes: Changes): Promise<void> {
    try {
      for await (const { events } of batches) {
        for (const event of events) {
          if ('object' in event) this.#apply(event.type, event.object as T);
          else if (event.type === 'RESET') this.#listed = new Set();
          else this.#complete();
        }
        if (events.length > 0 && this.#listed === undefined) changes.notify();
      }
    } finally {
      this.#memory.release();
    }
  }

  #apply(type: string, object: T): void {
    const { uid } = object.metadata;
    if (type === 'DELETED') {
      this.#delete(uid);
      return;
    }
    const bytes = memoryBytes(object);
    this.#memory.grow(bytes - (this.#objects.get(uid)?.bytes ?? 0));
    this.#objects.set(uid, { object, bytes });
    this.#listed?.add(uid);
  }

  #delete(uid: string): void {
    this.#memory.grow(-(this.#objects.get(uid)?.bytes ?? 0));
    this.#objects.delete(uid);
  }

  #complete(): void {
    for (const uid of this.#objects.keys()) if (!this.#listed?.has(uid)) this.#delete(uid);
    this.#listed = undefined;
    this.#isSynced = true;
  }
}
