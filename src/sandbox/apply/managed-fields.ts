import { isDeepStrictEqual } from 'node:util';
import { type Fields, isFields, type KubeObject, timestamp } from '../objects.ts';
import type { Structure } from '../types/structure.ts';
import { decodeFields, encodeFields, ownedFields } from './field-paths.ts';

/** One entry of metadata.managedFields, with the paths of its fields. */
export interface FieldOwner {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource?: string;
  time: string;
  paths: Set<string>;
}

/** Who writes an object, and how. */
export type Writer = Pick<FieldOwner, 'manager' | 'operation' | 'subresource'>;

export function fieldOwners({ metadata }: { metadata: KubeObject['metadata'] }): FieldOwner[] {
  return (metadata.managedFields ?? []).filter(isFields).map(({ fieldsV1, ...entry }) => {
    return { ...(entry as unknown as FieldOwner), paths: decodeFields(fieldsV1) };
  });
}

/** The owners with these paths for one writer. An entry keeps its time while its fields do. */
export function withOwner(
  owners: FieldOwner[],
  writer: Writer,
  apiVersion: string,
  paths: Set<string>,
): FieldOwner[] {
  const known = owners.find((owner) => isSame(owner, writer));
  const others = owners.filter((owner) => owner !== known && owner.paths.size > 0);
  if (paths.size === 0) return others;
  const { manager, operation, subresource } = writer;
  const time = known && isDeepStrictEqual(known.paths, paths) ? known.time : timestamp();
  return [...others, { manager, operation, apiVersion, ...(subresource && { subresource }), time, paths }];
}

export function isSame(owner: Writer, { manager, operation, subresource }: Writer): boolean {
  return owner.manager === manager && owner.operation === operation && owner.subresource === subresource;
}

/** The owners after a write that is no apply: the writer owns what it has set, and nobody what is gone. */
export function ownersAfterUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  structure: Structure,
  writer: Writer,
): FieldOwner[] {
  const old = before ? ownedFields(before, structure, true) : new Map<string, unknown>();
  const now = ownedFields(after, structure, true);
  const set = [...now].flatMap(([path, value]) => (isDeepStrictEqual(old.get(path), value) ? [] : [path]));
  const isGone = (path: string) => old.has(path) && !now.has(path);
  const owners = fieldOwners(after).map((owner) => ({
    ...owner,
    paths: new Set(
      [...owner.paths].filter((path) => !isGone(path) && (isSame(owner, writer) || !set.includes(path))),
    ),
  }));
  const own = owners.find((owner) => isSame(owner, writer))?.paths ?? [];
  return withOwner(owners, writer, after.apiVersion, new Set([...own, ...set]));
}

/** metadata.managedFields: appliers first, then by time and name. */
export function encodeOwners(owners: FieldOwner[]): Fields[] {
  const key = ({ operation, time, manager }: FieldOwner) => [operation, time, manager].join(' ');
  return owners
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
    .map(({ paths, ...entry }) => ({ ...entry, fieldsType: 'FieldsV1', fieldsV1: encodeFields(paths) }));
}
