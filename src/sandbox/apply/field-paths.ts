import { type Fields, isFields } from '../objects.ts';
import type { Structure } from '../types/structure.ts';

/**
 * Fields that have owners, and their values. A path is a text of elements as in FieldsV1: `f:` and a name, `k:` and the keys
 * of an item of a list, `v:` and an item itself. What an object or item contains has paths of its own.
 */
export type OwnedFields = Map<string, unknown>;

const SEPARATOR = '\0';
/** The value of a path that is the object or item itself, without its fields. */
const ITSELF = Symbol('itself');
/** The server sets the other fields of metadata. */
const OWNED_METADATA = ['generateName', 'labels', 'annotations', 'ownerReferences', 'finalizers'];

/** The fields of an object that have owners; `withParents` counts the objects that contain them too. */
export function ownedFields(object: Fields, structure: Structure, withParents: boolean): OwnedFields {
  const { apiVersion: _a, kind: _k, metadata, ...rest } = object;
  const all = isFields(metadata) ? Object.entries(metadata) : [];
  const owned = all.filter(([name, value]) => OWNED_METADATA.includes(name) && value !== undefined);
  const found: OwnedFields = new Map();
  for (const [name, value] of owned) {
    collect(value, structure.field('metadata').field(name), ['f:metadata', `f:${name}`], withParents, found);
  }
  for (const [name, value] of Object.entries(rest)) {
    collect(value, structure.field(name), [`f:${name}`], withParents, found);
  }
  return found;
}

function collect(
  value: unknown,
  structure: Structure,
  path: string[],
  withParents: boolean,
  found: OwnedFields,
): void {
  const add = (what: unknown, at = path) => found.set(at.join(SEPARATOR), what);
  if (value === undefined) return;
  if (isFields(value) && !structure.isAtomic && Object.keys(value).length > 0) {
    if (withParents || path.at(-1)?.startsWith('k:')) add(ITSELF);
    for (const [name, inner] of Object.entries(value)) {
      collect(inner, structure.field(name), [...path, `f:${name}`], withParents, found);
    }
    return;
  }
  if (!Array.isArray(value) || structure.listType === 'atomic' || value.length === 0) return void add(value);
  if (withParents) add(ITSELF);
  for (const item of value) {
    const itemPath = [...path, itemElement(item, structure)];
    if (structure.listType === 'set') add(item, itemPath);
    else collect(item, structure.item(), itemPath, withParents, found);
  }
}

/** The element of a path for an item of a list that is no atom. */
export function itemElement(item: unknown, structure: Structure): string {
  if (structure.listType === 'set') return `v:${JSON.stringify(item)}`;
  const keys = structure.keys.filter((key) => isFields(item) && item[key] !== undefined).sort();
  return `k:${JSON.stringify(Object.fromEntries(keys.map((key) => [key, (item as Fields)[key]])))}`;
}

export function elementsOf(path: string): string[] {
  return path.split(SEPARATOR);
}

/** As messages name it: `.spec.repos[name="a"].url` */
export function displayed(path: string): string {
  const shown = elementsOf(path).map((element) => {
    const rest = element.slice(2);
    if (element.startsWith('f:')) return `.${rest}`;
    if (element.startsWith('v:')) return `[=${rest}]`;
    const keys = Object.entries(JSON.parse(rest)).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return `[${keys.join(',')}]`;
  });
  return shown.join('');
}

/** FieldsV1: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export function encodeFields(paths: Iterable<string>): Fields {
  const root: Fields = {};
  for (const path of [...paths].sort()) {
    const node = elementsOf(path).reduce((parent, element) => {
      parent[element] ??= {};
      return parent[element] as Fields;
    }, root);
    node['.'] = {};
  }
  return withoutDotsOfLeaves(root);
}

function withoutDotsOfLeaves(node: Fields): Fields {
  const { '.': dot, ...children } = node;
  const entries = Object.entries(children).map(([element, child]) => [
    element,
    withoutDotsOfLeaves(child as Fields),
  ]);
  return { ...(dot !== undefined && entries.length > 0 && { '.': {} }), ...Object.fromEntries(entries) };
}

export function decodeFields(fields: unknown, path: string[] = []): Set<string> {
  if (!isFields(fields)) return new Set();
  const { '.': dot, ...children } = fields;
  const inner = Object.entries(children).flatMap(([element, child]) => [
    ...decodeFields(child, [...path, element]),
  ]);
  const isMember = path.length > 0 && (dot !== undefined || inner.length === 0);
  return new Set([...(isMember ? [path.join(SEPARATOR)] : []), ...inner]);
}
