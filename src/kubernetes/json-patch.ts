/** An operation of a JSON patch (RFC 6902). In Kubernetes, a test for null passes if there is no such field. */
export type PatchOperation =
  | { op: 'test' | 'add'; path: string; value: unknown }
  | { op: 'remove'; path: string };

/** The path of an annotation in a JSON patch. */
export function annotationPath(key: string): string {
  return fieldPath('/metadata/annotations', key);
}

/** A slash in a field's name is escaped as `~1` (RFC 6901). */
function fieldPath(parent: string, name: string): string {
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a JSON merge patch (RFC 7396) of the field would do, as operations of a JSON patch, which can have other
 * preconditions. They fail if the field's structure is no longer the one that was read; fields that are not changed may have
 * other values by then.
 *
 * @param stored the field's value as it was read
 * @param changes undefined leaves a field unchanged, null removes it
 */
export function mergeOperations(path: string, stored: unknown, changes: Fields): PatchOperation[] {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return [];
  if (!isFields(stored)) {
    const given = entries.filter(([, value]) => value !== null);
    return [
      { op: 'test', path, value: stored ?? null },
      { op: 'add', path, value: Object.fromEntries(given.map(([key, value]) => [key, withoutNull(value)])) },
    ];
  }
  return entries.flatMap(([key, value]): PatchOperation[] => {
    const field = fieldPath(path, key);
    const isStored = Object.hasOwn(stored, key);
    if (isFields(value)) return mergeOperations(field, isStored ? stored[key] : undefined, value);
    if (value !== null) return [{ op: 'add', path: field, value }];
    return [isStored ? { op: 'remove', path: field } : { op: 'test', path: field, value: null }];
  });
}

function withoutNull(value: unknown): unknown {
  if (!isFields(value)) return value;
  const entries = Object.entries(value).filter(([, field]) => field != null);
  return Object.fromEntries(entries.map(([key, field]) => [key, withoutNull(field)]));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
