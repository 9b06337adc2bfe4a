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
  if (!isContainer(root)) return leafSize(root, weights);
  let size = 0;
  let next: object[] = [];
  const add = (member: unknown) => {
    if (isContainer(member)) next.push(member);
    else size += leafSize(member, weights);
  };
  let level: object[] = [root];
  for (let depth = 0; ; depth += 1) {
    let membersOfLevel = 0;
    for (const part of level) {
      let members = 0;
      if (Array.isArray(part)) {
        members = part.length;
        size += weights.container(true, members);
        for (const member of part) {
          if (size > limit) return size;
          add(member);
        }
      } else {
        // Half the time of Object.entries: graphql-js makes objects without a prototype, whose entries are slow to copy.
        for (const name in part) {
          if (size > limit) return size;
          members += 1;
          size += weights.key(name);
          add(part[name as keyof typeof part]);
        }
        size += weights.container(false, members);
      }
      membersOfLevel += members;
    }
    if (membersOfLevel > 0 && depth >= maxDepth) return Number.POSITIVE_INFINITY;
    if (next.length === 0) return size;
    level = next;
    next = [];
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function leafSize(value: unknown, weights: Weights): number {
  if (typeof value === 'string') return weights.string(value);
  return typeof value === 'number' ? weights.number(value) : 4;
}
