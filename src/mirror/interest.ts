import { LRUCache } from 'lru-cache';

/** What has been read of one collection with one token. */
interface Interest {
  scans: number;
  pages: number;
  /** The objects that were read, in all. */
  objects: number;
  /** How many objects there are, if that is known. */
  size: number | undefined;
}

/** Reads that are further apart than this do not count together, in ms. */
const WINDOW_MS = 60_000;
const MAX_ENTRIES = 20_000;

/**
 * When a mirror pays: with the second scan within a minute; or when the pages that were read within a minute have had as many
 * objects as the mirror would read, so that it costs at most as much again as what was read without it.
 */
export class Interests {
  readonly #interests = new LRUCache<string, Interest>({ max: MAX_ENTRIES, ttl: WINDOW_MS });

  /** Notes that the collection is about to be read. @returns whether a mirror pays */
  read(key: string, isScan: boolean): boolean {
    const interest = this.#of(key);
    const { pages, objects, size = Number.POSITIVE_INFINITY } = interest;
    const isRepeated = isScan ? interest.scans > 0 : pages > 0 && objects >= size;
    if (isScan) interest.scans += 1;
    else interest.pages += 1;
    return isRepeated;
  }

  /** Notes the objects of a page of the cluster. @param size how many objects the collection has, if that is known */
  noteObjects(key: string, count: number, size?: number): void {
    const interest = this.#interests.get(key);
    if (!interest) return;
    interest.objects += count;
    interest.size = size ?? interest.size;
  }

  #of(key: string): Interest {
    const known = this.#interests.get(key);
    if (known) return known;
    const interest: Interest = { scans: 0, pages: 0, objects: 0, size: undefined };
    this.#interests.set(key, interest);
    return interest;
  }
}
