import type { Reservation } from '../budgets/memory-budget.ts';
import { compareResourceVersions } from '../kubernetes/resource-version.ts';
import type { Change } from './change.ts';

/** The changes that wait for a subscriber: of each object the newest, in the order in which they were reported. */
export class ChangeQueue {
  readonly #memory: Reservation;
  readonly #limit: number;
  /** By UID. */
  readonly #changes = new Map<string, Change>();
  #bytes = 0;

  /** @param limit of the size of all changes but one, in bytes, which count towards the memory */
  constructor(memory: Reservation, limit: number) {
    this.#memory = memory;
    this.#limit = limit;
  }

  get size(): number {
    return this.#changes.size;
  }

  /** The change that is next. */
  get first(): Change | undefined {
    return this.#changes.values().next().value;
  }

  /** Whether the change fits into the queue. Errors: as {@link Reservation.grow}, if it is the only one. */
  push(change: Change): boolean {
    const { uid } = change.object.metadata;
    const queued = this.#changes.get(uid);
    if (queued) this.#take(queued);
    if (this.size > 0 && this.#bytes + change.bytes > this.#limit) return false;
    try {
      this.#memory.grow(change.bytes);
    } catch (error) {
      if (this.size > 0) return false;
      throw error;
    }
    this.#bytes += change.bytes;
    // An object that the subscriber has not been sent yet is new to it.
    const isNew = queued?.type === 'ADDED' && change.type === 'MODIFIED';
    this.#changes.set(uid, isNew ? { ...change, type: 'ADDED' } : change);
    return true;
  }

  /** Removes each change when it is read. */
  *take(): Generator<Change> {
    for (const change of this.#changes.values()) {
      this.#take(change);
      yield change;
    }
  }

  /** Removes the changes up to a version. */
  dropUntil(version: string): void {
    for (const change of this.#changes.values()) {
      if (compareResourceVersions(change.resourceVersion, version) <= 0) this.#take(change);
    }
  }

  clear(): void {
    for (const change of this.#changes.values()) this.#take(change);
  }

  #take({ object, bytes }: Change): void {
    this.#changes.delete(object.metadata.uid);
    this.#bytes -= bytes;
    this.#memory.grow(-bytes);
  }
}
