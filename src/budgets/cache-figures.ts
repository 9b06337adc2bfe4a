import type { LRUCache } from 'lru-cache';

/** What a cache holds, and how often it was of use: for metrics. */
export interface CacheFigures {
  entries: number;
  /** Absent if its size is limited by entries alone. */
  bytes?: number;
  hits: number;
  misses: number;
}

/** Counts what is found in a cache and what is not. */
export class CacheCounter {
  readonly #cache: Pick<LRUCache<never, never>, 'size' | 'calculatedSize' | 'maxSize'>;
  #hits = 0;
  #misses = 0;

  constructor(cache: Pick<LRUCache<never, never>, 'size' | 'calculatedSize' | 'maxSize'>) {
    this.#cache = cache;
  }

  get figures(): CacheFigures {
    const { size, calculatedSize, maxSize } = this.#cache;
    return {
      entries: size,
      ...(maxSize > 0 && { bytes: calculatedSize }),
      hits: this.#hits,
      misses: this.#misses,
    };
  }

  /** Counts a look-up by its result, and returns that. */
  counted<T>(found: T | undefined): T | undefined {
    if (found === undefined) this.#misses += 1;
    else this.#hits += 1;
    return found;
  }
}
