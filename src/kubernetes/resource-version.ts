const DECIMAL = /^[1-9]\d{0,19}$/;

/** Whether the text can be the resourceVersion of a stored object or of a list. */
export function isResourceVersion(text: string): boolean {
  return DECIMAL.test(text);
}

/**
 * Compares two resourceVersions of one resource as the decimal integers that they are.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 *
 * @returns a negative number if `a` is earlier
 */
export function compareResourceVersions(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

export function laterVersion(a: string, b: string): string {
  return compareResourceVersions(a, b) < 0 ? b : a;
}

export function earlierVersion(a: string, b: string): string {
  return compareResourceVersions(a, b) < 0 ? a : b;
}
