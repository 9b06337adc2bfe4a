import type { Fields } from '../objects.ts';
import { pageNotFound } from '../status.ts';
import type { Resource } from '../storage/resources.ts';

/** From this parameter kubectl learns that the server validates fields. */
const fieldValidation = { name: 'fieldValidation', in: 'query', schema: { type: 'string' } };

export function openapiIndex(resources: Resource[]): Fields {
  const roots = [...new Set(resources.map(rootOf))];
  return {
    paths: Object.fromEntries(roots.map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}` }])),
  };
}

export function openapiDocument(resources: Resource[], root: string): Fields {
  const own = resources.filter((resource) => rootOf(resource) === root);
  if (own.length === 0) throw pageNotFound();
  return {
    openapi: '3.0.0',
    info: { title: 'Writ sandbox', version: 'v1.30.0-sandbox' },
    paths: Object.fromEntries(own.flatMap((resource) => paths(resource))),
    components: { schemas: {} },
  };
}

function rootOf({ group, version }: Resource): string {
  return group ? `apis/${group}/${version}` : `api/${version}`;
}

function kindOf({ group, version, kind }: Resource): Fields {
  return { group, version, kind };
}

function paths(resource: Resource): [string, Fields][] {
  const collection = `/${rootOf(resource)}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`;
  const operation = (action: string) => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kindOf(resource),
    parameters: [fieldValidation],
    responses: { 200: { description: 'OK' } },
  });
  return [
    [collection, { get: operation('list'), post: operation('post') }],
    [`${collection}/{name}`, { get: operation('get'), put: operation('put'), patch: operation('patch') }],
  ];
}
