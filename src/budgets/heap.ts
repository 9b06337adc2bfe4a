import { getHeapStatistics } from 'node:v8';

/** The part of the heap's limit that requests may hold together: objects take more memory than their JSON. */
const REQUESTS_PART = 0.2;

/** The part that mirrors may have besides, and no more than this: they count about what V8 takes for them. */
const MIRRORS_PART = 0.1;
const MAX_MIRROR_BYTES = 128 * 1024 * 1024;

/** The default of what all mirrors may have, in bytes. */
export function defaultMirrorBytes(): number {
  return Math.min(MAX_MIRROR_BYTES, Math.floor(getHeapStatistics().heap_size_limit * MIRRORS_PART));
}

/** The default of the memory budget in bytes, by the size that V8's heap may have (--max-old-space-size). */
export function defaultMemoryBudget(): number {
  return Math.floor(getHeapStatistics().heap_size_limit * REQUESTS_PART);
}
