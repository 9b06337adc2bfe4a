import type { Fields } from '../objects.ts';
import { pageNotFound } from '../status.ts';
import type { Resource } from '../storage/resources.ts';
import { schemaName, schemasOf } from '../types/schemas.ts';

/** From these parameters kubectl learns that the server validates fields and knows dry runs. */
const QUERY = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => {
  return { name, in: 'query', schema: { type: 'string' } };
});

export function openapiIndex(resources: Resource[]): Fields {
  const roots = [...new Set(resources.map(rootOf))];
  return {
    paths: Object.fromEntries(roots.map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}` }])),
  };
}

/** The OpenAPI v3 document of one group and version, which `kubectl explain` prints. */
export function openapiDocument(resources: Resource[], root: string): Fields {
  const own = resources.filter((resource) => rootOf(resource) === root);
  if (own.length === 0) throw pageNotFound();
  return {
    openapi: '3.0.0',
    info: { title: 'Writ sandbox', version: 'v1.30.0-sandbox' },
    paths: Object.fromEntries(own.flatMap((resource) => paths(resource))),
    components: { schemas: schemasOf(own) },
  };
}

function rootOf({ group, version }: Resource): string {
  return group ? `apis/${group}/${version}` : `api/${version}`;
}

/** The paths of a collection and of one of its objects. */
export function pathsOf(resource: Resource): [collection: string, object: string] {
  const collection = `/${rootOf(resource)}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`;
  return [collection, `${collection}/{name}`];
}

function paths(resource: Resource): [string, Fields][] {
  const { group, version, kind } = resource;
  const schema = { $ref: `#/components/schemas/${schemaName(resource)}` };
  const operation = (action: string) => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind },
    parameters: QUERY,
    responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } },
  });
  const [collection, object] = pathsOf(resource);
  return [
    [collection, { get: operation('list'), post: operation('post') }],
    [object, { get: operation('get'), put: operation('put'), patch: operation('patch') }],
  ];
}
