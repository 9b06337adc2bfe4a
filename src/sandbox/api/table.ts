import type { Fields, KubeObject } from '../objects.ts';
import { type Column, cell } from '../storage/columns.ts';
import type { Resource } from '../storage/resources.ts';
import { partialObject } from './partial-metadata.ts';

/** Whether the first media type that the client accepts is a meta.k8s.io/v1 Table, which kubectl requests. */
export function wantsTable(accept: string | undefined): boolean {
  return /^application\/json;[^,]*as=Table/.test(accept?.replaceAll(' ', '') ?? '');
}

/**
 * The Table that kubectl prints.
 *
 * @param includeObject None, Metadata (default) or Object
 */
export function table(
  resource: Resource,
  objects: KubeObject[],
  metadata: Fields,
  includeObject: string | null,
) {
  const columns: Column[] = [{ name: 'Name', type: 'string', path: '.metadata.name' }, ...resource.columns];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, type, priority = 0 }) => ({
      name,
      type: type === 'date' ? 'string' : type,
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => cell(column, object)),
      ...(includeObject !== 'None' && {
        object: includeObject === 'Object' ? object : partialObject(object),
      }),
    })),
  };
}
