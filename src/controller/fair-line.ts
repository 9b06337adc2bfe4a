/** Keys that wait, those of each group in their order, and the groups in turn: one with many keeps no other waiting. */
export class FairLine {
  readonly #groupOf: (key: string) => string;
  readonly #mostOfOne: number;
  readonly #waiting = new Map<string, string[]>();
  readonly #taken = new Map<string, number>();

  /** @param mostOfOne how many keys of one group may be taken at the same time */
  constructor(groupOf: (key: string) => string, mostOfOne: number) {
    this.#groupOf = groupOf;
    this.#mostOfOne = mostOfOne;
  }

  push(key: string): void {
    const group = this.#groupOf(key);
    const keys = this.#waiting.get(group);
    if (keys) keys.push(key);
    else this.#waiting.set(group, [key]);
  }

  /** The next key, until it is given back; undefined where none waits that may be taken now. */
  take(): string | undefined {
    for (const [group, keys] of this.#waiting) {
      const taken = this.#taken.get(group) ?? 0;
      if (taken >= this.#mostOfOne) continue;
      const key = keys.shift();
      // Behind the others, if it has more.
      this.#waiting.delete(group);
      if (keys.length > 0) this.#waiting.set(group, keys);
      this.#taken.set(group, taken + 1);
      return key;
    }
    return undefined;
  }

  giveBack(key: string): void {
    const group = this.#groupOf(key);
    const taken = (this.#taken.get(group) ?? 0) - 1;
    if (taken > 0) this.#taken.set(group, taken);
    else this.#taken.delete(group);
  }

  clear(): void {
    this.#waiting.clear();
  }
}
