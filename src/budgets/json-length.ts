/**
 * About how many characters a value has as JSON. It stops soon after the limit, so that it costs no more than what the
 * limit allows.
 */
export function jsonLength(value: unknown, limit = Number.POSITIVE_INFINITY): number {
  let length = 0;
  const add = (part: unknown): void => {
    if (length > limit) return;
    if (typeof part === 'string') length += part.length + 2;
    else if (typeof part !== 'object' || part === null) length += 6;
    else if (Array.isArray(part)) for (const item of part) add(item);
    else {
      for (const key in part) {
        length += key.length + 4;
        add((part as Record<string, unknown>)[key]);
      }
    }
  };
  add(value);
  return length;
}
