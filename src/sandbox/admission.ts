import { isDeepStrictEqual } from 'node:util';
import { type Fields, isFields, type KubeObject, listAt } from './objects.ts';
import { parseBinding, parseRole } from './rbac.ts';
import type { WriteOptions } from './registry.ts';
import type { Resource } from './resources.ts';
import { badRequest, type Cause, invalid } from './status.ts';

/**
 * The object as it may be stored: custom resources pruned, defaulted and validated by their schema, built-in ones
 * by what Writ and the sandbox depend on and no more.
 *
 * @param object changed in place
 */
export function admitted(
  resource: Resource,
  object: KubeObject,
  previous: KubeObject | undefined,
  options: WriteOptions,
): KubeObject {
  const causes = resource.schema
    ? admitCustom(resource.schema, object, options)
    : admitBuiltIn(resource, object, previous);
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
  return object;
}

function admitCustom(
  schema: NonNullable<Resource['schema']>,
  object: KubeObject,
  options: WriteOptions,
): Cause[] {
  const { pruned, causes } = schema.admit(object);
  const unknown = pruned.map((path) => `unknown field "${path}"`);
  if (unknown.length > 0 && options.fieldValidation === 'Strict') {
    throw badRequest(`strict decoding error: ${unknown.join(', ')}`);
  }
  if (options.fieldValidation !== 'Ignore') for (const message of unknown) options.warn?.(message);
  return causes;
}

function admitBuiltIn(resource: Resource, object: KubeObject, previous: KubeObject | undefined): Cause[] {
  switch (resource.kind) {
    case 'Namespace':
      object.metadata.labels = {
        ...object.metadata.labels,
        'kubernetes.io/metadata.name': object.metadata.name,
      };
      object.spec = { finalizers: ['kubernetes'] };
      return [];
    case 'Secret':
      return admitSecret(object);
    case 'Job':
      return requireContainers(
        listAt(object, 'spec', 'template', 'spec', 'containers'),
        'spec.template.spec',
      );
    case 'Pod':
      return requireContainers(listAt(object, 'spec', 'containers'), 'spec');
    case 'Role':
    case 'ClusterRole':
      parseRole(object);
      return [];
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return admitBinding(object, previous);
    default:
      return [];
  }
}

function admitSecret(secret: KubeObject): Cause[] {
  const { stringData, data, type } = secret;
  const given = isFields(data) ? data : {};
  const plain = isFields(stringData) ? Object.entries(stringData) : [];
  const encoded = plain.map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')]);
  const merged: Fields = { ...given, ...Object.fromEntries(encoded) };
  delete secret.stringData;
  if (Object.keys(merged).length > 0) secret.data = merged;
  secret.type = type ?? 'Opaque';
  for (const value of Object.values(merged)) {
    if (typeof value !== 'string' || Buffer.from(value, 'base64').toString('base64') !== value) {
      throw badRequest('Secret in version "v1" cannot be handled as a Secret: illegal base64 data');
    }
  }
  return Object.keys(merged)
    .filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key))
    .map((key) => ({
      field: `data[${key}]`,
      reason: 'FieldValueInvalid',
      message: `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.'`,
    }));
}

function requireContainers(containers: Fields[], field: string): Cause[] {
  const required = (path: string) => ({
    field: path,
    reason: 'FieldValueRequired',
    message: 'Required value',
  });
  if (containers.length === 0) return [required(`${field}.containers`)];
  return containers.flatMap((container, i) =>
    typeof container.name === 'string' ? [] : [required(`${field}.containers[${i}].name`)],
  );
}

function admitBinding(binding: KubeObject, previous: KubeObject | undefined): Cause[] {
  const { subjects, ...rest } = parseBinding(binding);
  const group = 'rbac.authorization.k8s.io';
  const defaults = (kind: string) => (kind === 'ServiceAccount' ? {} : { apiGroup: group });
  Object.assign(binding, {
    roleRef: { ...rest.roleRef, apiGroup: group },
    subjects: subjects.map((s) => ({ ...defaults(s.kind), ...s })),
  });
  if (!previous || isDeepStrictEqual(previous.roleRef, binding.roleRef)) return [];
  const message = `Invalid value: ${JSON.stringify(binding.roleRef)}: cannot change roleRef`;
  return [{ field: 'roleRef', reason: 'FieldValueInvalid', message }];
}
