import { at, type Fields, isFields } from '../objects.ts';
import type { Resource } from '../storage/resources.ts';
import { resolved, schemaName, schemasOf } from './schemas.ts';

/** What the schema of a value says of how it is merged. */
export class Structure {
  readonly #schema: Fields;
  readonly #schemas: Record<string, Fields>;

  constructor(schema: unknown, schemas: Record<string, Fields>) {
    this.#schema = resolved(schema, schemas);
    this.#schemas = schemas;
  }

  /** Of a field of an object. */
  field(name: string): Structure {
    const { properties, additionalProperties } = this.#schema;
    return this.#of(at(properties, name) ?? additionalProperties);
  }

  /** Of an item of a list. */
  item(): Structure {
    return this.#of(this.#schema.items);
  }

  /** Whether an object has one owner as a whole. */
  get isAtomic(): boolean {
    return this.#schema['x-kubernetes-map-type'] === 'atomic';
  }

  get listType(): 'atomic' | 'set' | 'map' {
    const type = this.#schema['x-kubernetes-list-type'];
    return type === 'set' || type === 'map' ? type : 'atomic';
  }

  /** The fields that identify the items of a list of type map. */
  get keys(): string[] {
    return (this.#schema['x-kubernetes-list-map-keys'] as string[] | undefined) ?? [];
  }

  /** Whether a strategic merge patch merges the list; its objects by the `patchMergeKey`. */
  get isMergedByPatch(): boolean {
    return String(this.#schema['x-kubernetes-patch-strategy'] ?? '')
      .split(',')
      .includes('merge');
  }

  get patchMergeKey(): string {
    return String(this.#schema['x-kubernetes-patch-merge-key'] ?? '');
  }

  #of(schema: unknown): Structure {
    return new Structure(isFields(schema) ? schema : {}, this.#schemas);
  }
}

const structures = new WeakMap<Resource, Structure>();

export function structureOf(resource: Resource): Structure {
  const known = structures.get(resource);
  if (known) return known;
  const schemas = schemasOf([resource]);
  const structure = new Structure(schemas[schemaName(resource)], schemas);
  structures.set(resource, structure);
  return structure;
}
