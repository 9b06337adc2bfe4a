import type { RequestBudget } from '../../budgets/request-budget.ts';
import { objectBytes } from '../../budgets/value-size.ts';
import { edgeOf, type Page, pageOf } from './page.ts';
import type { PageRequest } from './page-request.ts';

export interface SortedPage<T> extends Page<T> {
  totalCount: number;
}

interface Kept<T> {
  node: T;
  key: string[];
  bytes: number;
}

export interface SortedPageOptions {
  direction: 'ASC' | 'DESC';
  budget?: RequestBudget | undefined;
  /** The maximum size in bytes of a page of more than one node, for pages that are built at the same time. */
  maxBytes?: number;
}

/**
 * A page of a selection in an order of its own, built while the selection is read: of all nodes it keeps those of the page.
 * It begins behind the cursor's key, whether or not the cursor's node still exists. If the nodes of the page are larger
 * than the request may keep, the page is shorter.
 */
export class SortedPageBuilder<T extends object> {
  readonly #request: PageRequest;
  readonly #sign: 1 | -1;
  readonly #budget: RequestBudget | undefined;
  /** In order, at most `first`. */
  readonly #kept: Kept<T>[] = [];
  readonly #maxBytes: number;
  #bytes = 0;
  #total = 0;
  /** The first key that was left out: the page ends before it. */
  #end: string[] | undefined;

  constructor(
    request: PageRequest,
    { direction, budget, maxBytes = Number.POSITIVE_INFINITY }: SortedPageOptions,
  ) {
    this.#request = request;
    this.#sign = direction === 'ASC' ? 1 : -1;
    this.#budget = budget;
    this.#maxBytes = maxBytes;
  }

  /** @param key what the order compares; no two nodes have the same */
  add(node: T, key: string[]): void {
    this.#total += 1;
    const { position, first } = this.#request;
    if (position && this.#compare(key, position.key) <= 0) return;
    if (this.#end && this.#compare(key, this.#end) >= 0) return;
    const kept = { node, key, bytes: objectBytes(node) };
    this.#kept.splice(this.#indexOf(key), 0, kept);
    while (this.#kept.length > first || (this.#kept.length > 1 && this.#isTooLarge(kept.bytes))) {
      const last = this.#kept.pop();
      if (!last) break;
      this.#end = last.key;
      if (last === kept) return;
      this.#keep(-last.bytes);
    }
    this.#keep(kept.bytes);
  }

  page(): SortedPage<T> {
    const edges = this.#kept.map(({ node, key }, index) =>
      edgeOf(node, { continue: '', index, key }, this.#request),
    );
    return { ...pageOf(edges, this.#end !== undefined, this.#request), totalCount: this.#total };
  }

  #isTooLarge(bytes: number): boolean {
    return this.#bytes + bytes > this.#maxBytes || bytes > (this.#budget?.bytesLeft ?? bytes);
  }

  #keep(bytes: number): void {
    this.#budget?.keep(bytes);
    this.#bytes += bytes;
  }

  #indexOf(key: string[]): number {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#kept[middle]?.key ?? [], key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compare(a: string[], b: string[]): number {
    let index = 0;
    while (index < a.length && a[index] === b[index]) index += 1;
    if (index === a.length) return 0;
    return ((a[index] ?? '') < (b[index] ?? '') ? -1 : 1) * this.#sign;
  }
}
