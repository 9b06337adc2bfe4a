import type { Writ } from '../authorization/writ.ts';
import { inParallel } from '../kubernetes/in-parallel.ts';

/**
 * Has a mutation reviewed while the user's own reads are made, which no review guards. Their errors come first, as if they had been
 * made before. If they took so long that the review is too old for a write, it is repeated.
 */
export async function authorizeDuring<T>(
  reads: Promise<T>,
  authorize: () => Promise<Writ>,
): Promise<[T, Writ]> {
  const [read, writ] = await inParallel<[T, Writ]>(reads, authorize());
  return [read, writ.mayBegin ? writ : await authorize()];
}
