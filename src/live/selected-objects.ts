import type { Reservation } from '../budgets/memory-budget.ts';
import type { AnyObject } from '../kubernetes/reader.ts';
import type { Change } from './change.ts';

/** What counts for an object of which it is known whether it was in the selection. */
const OBJECT_BYTES = 150;

/** Which objects a subscriber has been sent, so that it is told when one leaves its selection. */
export class SelectedObjects {
  readonly #select: (object: AnyObject) => boolean;
  readonly #memory: Reservation;
  /** Whether an object was in the selection, by UID, as far as it is known. */
  readonly #selected = new Map<string, boolean>();
  /** Whether an object that is not known could have been in the selection. */
  #isUnknown: boolean;

  /**
   * @param memory counts what is kept
   * @param isResumed whether the subscriber has been sent objects before
   */
  constructor(select: (object: AnyObject) => boolean, memory: Reservation, isResumed: boolean) {
    this.#select = select;
    this.#memory = memory;
    this.#isUnknown = isResumed;
  }

  /** The subscriber gets a new snapshot. */
  clear(): void {
    this.#memory.grow(-this.#selected.size * OBJECT_BYTES);
    this.#selected.clear();
    this.#isUnknown = false;
  }

  /** Whether an object of a snapshot is in the selection. */
  add(object: AnyObject): boolean {
    const isSelected = this.#select(object);
    if (isSelected) this.#set(object.metadata.uid, true);
    return isSelected;
  }

  /** What a change is for the selection: an object that leaves it is deleted. Undefined if it was and is outside. */
  typeOf({ type, object }: Change): Change['type'] | undefined {
    const { uid } = object.metadata;
    const was = this.#selected.get(uid) ?? (this.#isUnknown && type !== 'ADDED');
    const isSelected = type !== 'DELETED' && this.#select(object);
    if (isSelected || (this.#isUnknown && type !== 'DELETED')) this.#set(uid, isSelected);
    else this.#forget(uid);
    if (isSelected) return was ? type : 'ADDED';
    return was ? 'DELETED' : undefined;
  }

  #set(uid: string, isSelected: boolean): void {
    if (!this.#selected.has(uid)) this.#memory.grow(OBJECT_BYTES);
    this.#selected.set(uid, isSelected);
  }

  #forget(uid: string): void {
    if (this.#selected.delete(uid)) this.#memory.grow(-OBJECT_BYTES);
  }
}
