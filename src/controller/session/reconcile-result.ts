import type { Result } from '../runtime/work-queue.ts';

/** Process the session again as soon as the queue allows. */
export const REQUEUE: Result = Object.freeze({ requeueAfterMs: 0 });
/** Nothing to do until something changes. */
export const DONE: Result = Object.freeze({});

/** Runs all steps in order, also after one has failed. Returns the earliest requeue, or throws the first error. */
export async function runSteps(...steps: (() => Promise<Result>)[]): Promise<Result> {
  const errors: unknown[] = [];
  const results: Result[] = [];
  for (const step of steps) {
    try {
      results.push(await step());
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return earliest(results);
}

function earliest(results: Result[]): Result {
  const times = results.flatMap(({ requeueAfterMs }) =>
    requeueAfterMs === undefined ? [] : [requeueAfterMs],
  );
  return times.length > 0 ? { requeueAfterMs: Math.min(...times) } : DONE;
}
