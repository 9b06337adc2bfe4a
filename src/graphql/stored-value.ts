/**
 * Fields of stored objects. A stored object can hold any value that its schema did not forbid when it was written. A value
 * of the wrong type is null here, and left out of a list, so that one invalid object does not fail a page.
 */

/** GraphQL's Int has 32 bits. */
const INT_MAX = 2_147_483_647;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

export function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
export function asInt(value: unknown): number | null {
  return Number.isInteger(value) && Math.abs(value as number) <= INT_MAX ? (value as number) : null;
}
export function asFloat(value: unknown): number | null {
  return Number.isFinite(value) ? (value as number) : null;
}
export function asBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}
export function asDateTime(value: unknown): string | null {
  return typeof value === 'string' && RFC_3339.test(value) && !Number.isNaN(Date.parse(value)) ? value : null;
}
/** A JSON object, not a list. */
export function asObject<T extends object>(value: T | null | undefined): T | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}
export function asList<T>(value: T[] | null | undefined): T[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}
export function asTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
export function asKeyValues(value: unknown): { key: string; value: string }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    typeof entry === 'string' ? [{ key, value: entry }] : [],
  );
}
