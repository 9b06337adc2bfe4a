import { getHeapStatistics } from 'node:v8';

/** The part of the heap's limit that requests may hold together: objects take more memory than their JSON. */
const REQUESTS_PART = 0.2;

/** The default of the memory budget in bytes, by the size that V8's heap may have (--max-old-space-size). */
export function defaultMemoryBudget(): number {
  return Math.floor(getHeapStatistics().heap_size_limit * REQUESTS_PART);
}
