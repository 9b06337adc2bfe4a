/** What stands for each value of a label that is not in its closed list: a client must not be able to add time series. */
export const OTHER = 'other';

export function known(values: ReadonlySet<string>, value: string, otherwise: string = OTHER): string {
  return values.has(value) ? value : otherwise;
}

/** In seconds. */
export const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** In seconds, of calls and waits, most of which are short. */
export const CALL_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** In bytes: 256, 1 Ki, 4 Ki and so on until 16 Mi. */
export const SIZE_BUCKETS = Array.from({ length: 9 }, (_, power) => 256 * 4 ** power);
