/** A step of a JSON patch (RFC 6902), which is done as a whole or not at all: 422 where a test fails. */
export type PatchOperation =
  | { op: 'test' | 'add'; path: string; value: unknown }
  | { op: 'remove'; path: string };

/** The path of an annotation in a JSON patch: a slash in its key is written `~1` (RFC 6901). */
export function annotationPath(key: string): string {
  return `/metadata/annotations/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
