/** An operation of a JSON patch (RFC 6902). */
export type PatchOperation =
  | { op: 'test' | 'add'; path: string; value: unknown }
  | { op: 'remove'; path: string };

/** The path of an annotation in a JSON patch: a slash in its key is escaped as `~1` (RFC 6901). */
export function annotationPath(key: string): string {
  return `/metadata/annotations/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
