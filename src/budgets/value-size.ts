/** What the parts of a value count. */
interface Weights {
  string(text: string): number;
  number(number: number): number;
  /** An array or object of so many members, without its members. */
  container(isArray: boolean, members: number): number;
  key(name: string): number;
}

/** Strings whose JSON is as long as they are, but for the quotes. */
const PLAIN = /^[ !#-[\]-~]*$/;

const JSON_WEIGHTS: Weights = {
  string: (text) => (PLAIN.test(text) ? text.length + 2 : Buffer.byteLength(JSON.stringify(text))),
  number: (number) => String(number).length,
  container: (_, members) => 2 + Math.max(0, members - 1),
  key: (name) => JSON_WEIGHTS.string(name) + 1,
};

/** Measured: half of what V8 takes, which for objects of Kubernetes is about the length of their JSON. */
const MEMORY_WEIGHTS: Weights = {
  string: (text) => 8 + Buffer.byteLength(text),
  number: (number) => (Number.isInteger(number) ? 0 : 8),
  container: (isArray, members) => (isArray ? 20 : 24) + 4 * members,
  key: (name) => name.length + 4,
};

/**
 * The length of a value as JSON in bytes, of UTF-8. It stops soon after the limit, so that it costs no more than what the
 * limit allows.
 *
 * @param maxDepth of arrays and objects within each other: a value that is deeper has an infinite length
 */
export function jsonBytes(
  value: unknown,
  limit = Number.POSITIVE_INFINITY,
  maxDepth = Number.POSITIVE_INFINITY,
): number {
  return sizeOf(value, JSON_WEIGHTS, limit, maxDepth);
}

/**
 * What a parsed value counts in a memory budget, in bytes: about the length of its JSON, and more for a value of many small
 * parts, whose JSON is far shorter than what they take in memory.
 */
export function memoryBytes(value: unknown): number {
  return sizeOf(value, MEMORY_WEIGHTS, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
}

const measured = new WeakMap<object, number>();

/** As {@link memoryBytes}, of an object that does not change any more: it is measured once. */
export function objectBytes(object: object): number {
  const known = measured.get(object);
  if (known !== undefined) return known;
  const bytes = memoryBytes(object);
  measured.set(object, bytes);
  return bytes;
}

/** Not recursive: a stored object can be deeper than the stack. */
function sizeOf(root: unknown, weights: Weights, limit: number, maxDepth: number): number {
  let size = 0;
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return Number.POSITIVE_INFINITY;
    const next: unknown[] = [];
    for (const part of level) {
      if (size > limit) return size;
      if (typeof part === 'string') size += weights.string(part);
      else if (typeof part === 'number') size += weights.number(part);
      else if (typeof part !== 'object' || part === null) size += 4;
      else if (Array.isArray(part)) {
        size += weights.container(true, part.length);
        for (const member of part) next.push(member);
      } else {
        let members = 0;
        for (const key in part) {
          members += 1;
          size += weights.key(key);
          next.push((part as Record<string, unknown>)[key]);
        }
        size += weights.container(false, members);
      }
    }
    level = next;
  }
  return size;
}
