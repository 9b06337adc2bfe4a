import { isDeepStrictEqual } from 'node:util';
import { type PolicyRule, parseBinding, parseRole } from '../access/policy.ts';
import { type Cause, immutable, invalidValue, required, unsupported } from '../field-errors.ts';
import { type Fields, isFields, type KubeObject, listAt } from '../objects.ts';
import { badRequest, invalid } from '../status.ts';
import { admitJob } from './jobs.ts';
import type { Resource } from './resources.ts';
import type { CustomSchema } from './schema.ts';

export interface AdmissionOptions {
  /** Unknown fields are a 400 with `Strict`, pruned silently with `Ignore`, else pruned with a warning. */
  fieldValidation?: string | undefined;
  warn?: (message: string) => void;
}

/**
 * Defaults and validates the object in place: custom resources by their schema, which also prunes them; built-in ones
 * only as far as Writ and the sandbox depend on it.
 */
export function admit(
  resource: Resource,
  object: KubeObject,
  previous: KubeObject | undefined,
  options: AdmissionOptions,
): void {
  const causes = resource.schema
    ? admitCustom(resource.schema, object, options)
    : admitBuiltIn(resource, object, previous);
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
}

function admitCustom(schema: CustomSchema, object: KubeObject, options: AdmissionOptions): Cause[] {
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
      return admitSecret(object, previous);
    case 'Job':
      return [
        ...containerCauses(
          listAt(object, 'spec', 'template', 'spec', 'containers'),
          'spec.template.spec.containers',
        ),
        ...admitJob(object, previous),
      ];
    case 'Pod':
      return containerCauses(listAt(object, 'spec', 'containers'), 'spec.containers');
    case 'Role':
    case 'ClusterRole':
      return parseRole(object).flatMap(ruleCauses);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return admitBinding(object, previous);
    default:
      return [];
  }
}

function admitSecret(secret: KubeObject, previous: KubeObject | undefined): Cause[] {
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
  if (previous && previous.type !== secret.type) return [immutable('type', secret.type)];
  const rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  return Object.keys(merged)
    .filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key))
    .map((key) => invalidValue(`data[${key}]`, key, rule));
}

function containerCauses(containers: Fields[], field: string): Cause[] {
  if (containers.length === 0) return [required(field)];
  return containers.flatMap(({ name }, i) =>
    typeof name === 'string' ? [] : [required(`${field}[${i}].name`)],
  );
}

function ruleCauses(rule: PolicyRule, i: number): Cause[] {
  const needed =
    rule.nonResourceURLs.length > 0 ? (['verbs'] as const) : (['apiGroups', 'resources', 'verbs'] as const);
  return needed.filter((field) => rule[field].length === 0).map((field) => required(`rules[${i}].${field}`));
}

function admitBinding(binding: KubeObject, previous: KubeObject | undefined): Cause[] {
  const { subjects, roleRef } = parseBinding(binding);
  const apiGroup = 'rbac.authorization.k8s.io';
  binding.roleRef = { ...roleRef, apiGroup };
  binding.subjects = subjects.map((s) => ({ ...(s.kind !== 'ServiceAccount' && { apiGroup }), ...s }));
  const causes = [
    ...kindCauses('roleRef.kind', roleRef.kind, ['Role', 'ClusterRole']),
    ...subjects.flatMap(({ kind }, i) =>
      kindCauses(`subjects[${i}].kind`, kind, ['ServiceAccount', 'User', 'Group']),
    ),
  ];
  if (!previous || isDeepStrictEqual(previous.roleRef, binding.roleRef)) return causes;
  return [...causes, immutable('roleRef', binding.roleRef)];
}

function kindCauses(field: string, kind: string, supported: string[]): Cause[] {
  return supported.includes(kind) ? [] : [unsupported(field, kind, supported)];
}
