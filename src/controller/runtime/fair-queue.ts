/** Queued keys, in order within each group. Groups take turns: one with many keys does not delay the others. */
export class FairQueue {
  readonly #groupOf: (key: string) => string;
  readonly #maxPerGroup: number;
  readonly #queued = new Map<string, string[]>();
  readonly #taken = new Map<string, number>();

  /** @param maxPerGroup how many keys of one group may be taken at the same time */
  constructor(groupOf: (key: string) => string, maxPerGroup: number) {
    this.#groupOf = groupOf;
    this.#maxPerGroup = maxPerGroup;
  }

  push(key: string): void {
    const group = this.#groupOf(key);
    const keys = this.#queued.get(group);
    if (keys) keys.push(key);
    else this.#queued.set(group, [key]);
  }

  /** The next key, which counts as taken until it is released; undefined if no key may be taken now. */
  take(): string | undefined {
    for (const [group, keys] of this.#queued) {
      const taken = this.#taken.get(group) ?? 0;
      if (taken >= this.#maxPerGroup) continue;
      const key = keys.shift();
      // A group with more keys goes behind the others.
      this.#queued.delete(group);
      if (keys.length > 0) this.#queued.set(group, keys);
      this.#taken.set(group, taken + 1);
      return key;
    }
    return undefined;
  }

  release(key: string): void {
    const group = this.#groupOf(key);
    const taken = (this.#taken.get(group) ?? 0) - 1;
    if (taken > 0) this.#taken.set(group, taken);
    else this.#taken.delete(group);
  }

  clear(): void {
    this.#queued.clear();
  }
}
