/** The maximum length of a timestamp in an annotation. */
export const MAX_TIMESTAMP_LENGTH = 64;

/** Milliseconds since 1970; undefined if the text is not a timestamp. */
export function parseTimestamp(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** In the format of Kubernetes (metav1.Time): RFC 3339 with whole seconds. */
export function formatTimestamp(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}
