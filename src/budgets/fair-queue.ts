/** Queued items, in order within each group. Groups take turns: one with many items does not delay the others. */
export class FairQueue<T> {
  readonly #groupOf: (item: T) => string;
  readonly #maxPerGroup: number;
  readonly #queued = new Map<string, T[]>();
  readonly #taken = new Map<string, number>();
  #length = 0;

  /** @param maxPerGroup how many items of one group may be taken at the same time */
  constructor(groupOf: (item: T) => string, maxPerGroup: number) {
    this.#groupOf = groupOf;
    this.#maxPerGroup = maxPerGroup;
  }

  /** How many items are queued, of all groups or of one. */
  get length(): number {
    return this.#length;
  }

  lengthOf(group: string): number {
    return this.#queued.get(group)?.length ?? 0;
  }

  /** How many items of a group are taken. */
  takenOf(group: string): number {
    return this.#taken.get(group) ?? 0;
  }

  push(item: T): void {
    const group = this.#groupOf(item);
    const items = this.#queued.get(group);
    if (items) items.push(item);
    else this.#queued.set(group, [item]);
    this.#length += 1;
  }

  /** The next item, which counts as taken until it is released; undefined if none may be taken now. */
  take(): T | undefined {
    for (const [group, items] of this.#queued) {
      const taken = this.#taken.get(group) ?? 0;
      if (taken >= this.#maxPerGroup) continue;
      const item = items.shift();
      // A group with more items goes behind the others.
      this.#queued.delete(group);
      if (items.length > 0) this.#queued.set(group, items);
      this.#taken.set(group, taken + 1);
      this.#length -= 1;
      return item;
    }
    return undefined;
  }

  release(item: T): void {
    const group = this.#groupOf(item);
    const taken = (this.#taken.get(group) ?? 0) - 1;
    if (taken > 0) this.#taken.set(group, taken);
    else this.#taken.delete(group);
  }

  /** Removes an item that is still queued. */
  remove(item: T): void {
    const group = this.#groupOf(item);
    const items = this.#queued.get(group);
    const index = items?.indexOf(item) ?? -1;
    if (!items || index < 0) return;
    items.splice(index, 1);
    this.#length -= 1;
    if (items.length === 0) this.#queued.delete(group);
  }

  clear(): void {
    this.#queued.clear();
    this.#length = 0;
  }
}
