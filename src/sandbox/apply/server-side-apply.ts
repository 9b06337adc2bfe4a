import { isDeepStrictEqual } from 'node:util';
import type { Fields, KubeObject } from '../objects.ts';
import { StatusError } from '../status.ts';
import type { Structure } from '../types/structure.ts';
import { displayed, elementsOf, ownedFields } from './field-paths.ts';
import { type FieldOwner, fieldOwners, isSame, type Writer, withOwner } from './managed-fields.ts';
import { merged, without } from './merge.ts';

export interface Applied {
  object: Fields;
  owners: FieldOwner[];
}

/**
 * The object with a configuration applied to it. 409 if another manager owns a field that this would change, unless
 * `force` takes it over. Fields that the writer no longer applies and no other owns are removed.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function serverSideApply(
  live: KubeObject | undefined,
  configuration: Fields,
  structure: Structure,
  writer: Writer,
  force: boolean,
): Applied {
  const apiVersion = String(configuration.apiVersion);
  const applied = new Set(ownedFields(configuration, structure, false).keys());
  if (!live) return { object: configuration, owners: withOwner([], writer, apiVersion, applied) };
  const owners = ownersOf(live, structure);
  const object = merged(live, configuration, structure) as Fields;
  const [old, now] = [live, object].map((each) => ownedFields(each, structure, false));
  const changed = new Set(
    [...(now ?? [])].flatMap(([path, value]) => (isDeepStrictEqual(old?.get(path), value) ? [] : [path])),
  );
  const others = owners.filter((owner) => !isSame(owner, writer));
  const conflicts = others.flatMap((owner) => {
    const paths = [...owner.paths].filter((path) => changed.has(path) && applied.has(path));
    return paths.length > 0 ? [{ owner, paths }] : [];
  });
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  const left = others.map((owner) => ({
    ...owner,
    paths: new Set([...owner.paths].filter((path) => !changed.has(path))),
  }));
  const own = owners.filter((owner) => isSame(owner, writer));
  const before = own[0]?.paths ?? new Set();
  const dropped = [...before].filter(
    (path) =>
      // An object without fields of its own goes with the last field in it.
      now?.has(path) &&
      !applied.has(path) &&
      !left.some(({ paths }) => paths.has(path)) &&
      !isParentOf(path, applied),
  );
  const pruned = dropped.reduce<unknown>((rest, path) => without(rest, elementsOf(path), structure), object);
  // What changes nothing leaves the time of its entry, and so is no write.
  const kept = changed.size + dropped.length === 0 ? [...left, ...own] : left;
  return { object: pruned as Fields, owners: withOwner(kept, writer, apiVersion, applied) };
}

/** An object that was written before its fields had owners has one for all of them. */
function ownersOf(live: KubeObject, structure: Structure): FieldOwner[] {
  const owners = fieldOwners(live);
  if (owners.length > 0) return owners;
  const paths = new Set(ownedFields(live, structure, true).keys());
  const { creationTimestamp: time } = live.metadata;
  return [{ manager: 'before-first-apply', operation: 'Update', apiVersion: live.apiVersion, time, paths }];
}

function isParentOf(path: string, paths: Set<string>): boolean {
  return [...paths].some((other) => other.startsWith(`${path}\0`));
}

function conflictError(conflicts: { owner: FieldOwner; paths: string[] }[]): StatusError {
  const named = conflicts.map(({ owner: { manager, operation, apiVersion }, paths }) => {
    const by = `with "${manager}"${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
    return { by, fields: paths.map(displayed).sort() };
  });
  const causes = named.flatMap(({ by, fields }) =>
    fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict ${by}`, field })),
  );
  const lines = named.map(({ by, fields }) =>
    fields.length === 1 && named.length === 1
      ? `conflict ${by}: ${fields[0]}`
      : `conflicts ${by}:\n${fields.map((field) => `- ${field}`).join('\n')}`,
  );
  const count = `Apply failed with ${causes.length} conflict${causes.length > 1 ? 's' : ''}`;
  return new StatusError(409, 'Conflict', `${count}: ${lines.join('\n')}`, { causes });
}
