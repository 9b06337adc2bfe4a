/**
 * The results of calls that were begun together. It settles when all of them have: none is on its way any more when what follows
 * cleans up. Of several errors, it throws the first in the order of the arguments.
 */
export async function inParallel<T extends readonly unknown[]>(
  ...calls: { [Index in keyof T]: Promise<T[Index]> }
): Promise<T> {
  const settled = await Promise.allSettled(calls);
  const failed = settled.find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
  return settled.map((each) => (each as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
