import { invalidValue } from '../field-errors.ts';
import { type Fields, stringAt } from '../objects.ts';
import { badRequest, invalid } from '../status.ts';
import type { Resource } from './resources.ts';

export function typeMeta({ group, version, kind }: Resource): { apiVersion: string; kind: string } {
  return { apiVersion: group ? `${group}/${version}` : version, kind };
}

/** Checks apiVersion and kind of a body and sets missing ones; custom resources require both. */
export function requireTypeMeta(resource: Resource, body: Fields): void {
  const expected = typeMeta(resource);
  const missing = resource.schema && (body.kind ? !body.apiVersion && 'apiVersion' : 'Kind');
  if (missing) {
    const shown = JSON.stringify(body);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): Object '${missing}' is missing in '${shown}'`,
    );
  }
  const apiVersion = body.apiVersion ?? expected.apiVersion;
  const kind = body.kind ?? expected.kind;
  if (apiVersion !== expected.apiVersion) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected.apiVersion})`,
    );
  }
  if (kind !== expected.kind) {
    if (!resource.schema) {
      throw badRequest(`the kind in the data (${kind}) does not match the expected kind (${expected.kind})`);
    }
    const name = stringAt(body, 'metadata', 'name') ?? '';
    const cause = invalidValue('kind', String(kind), `must be ${expected.kind}`);
    throw invalid({ ...resource, kind: String(kind) }, name, [cause]);
  }
  Object.assign(body, expected);
}

/** Checks that the namespace in the metadata, if any, is that of the request. */
export function requireNamespace(metadata: Fields, namespace: string | undefined): void {
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}
