/**
 * The value of an enum for a stored word, such as READY for Ready. Null if there is none; UNKNOWN for any other, so that a
 * newer operator's word does not fail a page.
 */
export function enumValueOf<const Value extends string>(
  values: readonly Value[],
  stored: unknown,
): Value | 'UNKNOWN' | null {
  if (stored === undefined || stored === null) return null;
  return values.find((value) => stored === value.charAt(0) + value.slice(1).toLowerCase()) ?? 'UNKNOWN';
}
