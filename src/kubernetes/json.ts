/** What JSON has since ECMAScript 2026 (source text access) and TypeScript's library does not declare yet. */
interface JsonWithSource {
  parse(
    text: string,
    reviver?: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
}
const { parse, rawJSON } = JSON as unknown as JsonWithSource;

/** An integer of 16 digits or more, or what looks like one in a string: it can be larger than 2^53. */
const LONG_INTEGER = /[:[,]\s*-?\d{16}/;

/**
 * Parses a response of the API server. Kubernetes' integers have 64 bits. One that a JavaScript number would change is kept
 * as it was written: JSON.stringify writes it again, and for everything else it is a value of a wrong type.
 */
export function parseJson(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return parse(text);
  try {
    return parse(text, (_, value, { source }) =>
      typeof value === 'number' && source !== undefined && isChanged(value, source) ? rawJSON(source) : value,
    );
  } catch (error) {
    // A reviver is called recursively: a stored object can be deeper than the stack.
    if (error instanceof RangeError) return parse(text);
    throw error;
  }
}

/** As {@link parseJson}; SyntaxError if it is no object or list. */
export function parseJsonObject(text: string): object {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) throw new SyntaxError('not an object');
  return value;
}

function isChanged(value: number, source: string): boolean {
  return !Number.isSafeInteger(value) && /^-?\d+$/.test(source) && String(value) !== source;
}
