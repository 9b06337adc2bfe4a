import { isDeepStrictEqual } from 'node:util';
import { at, type Fields, isFields, type KubeObject, listAt, stringAt } from './objects.ts';
import { type PolicyRule, parseBinding, parseRole } from './rbac.ts';
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
      return admitSecret(object, previous);
    case 'Job':
      return admitJob(object);
    case 'Pod':
      return requireContainers(listAt(object, 'spec', 'containers'), 'spec');
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
  return Object.keys(merged)
    .filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key))
    .map((key) => ({
      field: `data[${key}]`,
      reason: 'FieldValueInvalid',
      message: `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.'`,
    }));
}

function immutable(field: string, value: unknown): Cause {
  const message = `Invalid value: ${JSON.stringify(value)}: field is immutable`;
  return { field, reason: 'FieldValueInvalid', message };
}

function required(field: string, why = ''): Cause {
  return { field, reason: 'FieldValueRequired', message: `Required value${why && `: ${why}`}` };
}

function admitJob(job: KubeObject): Cause[] {
  const pod = at(job, 'spec', 'template', 'spec');
  const causes = requireContainers(listAt(pod, 'containers'), 'spec.template.spec');
  if (['Never', 'OnFailure'].includes(stringAt(pod, 'restartPolicy') ?? '')) return causes;
  return [...causes, required('spec.template.spec.restartPolicy', 'valid values: "OnFailure", "Never"')];
}

function ruleCauses(rule: PolicyRule, i: number): Cause[] {
  const needed =
    rule.nonResourceURLs.length > 0 ? (['verbs'] as const) : (['apiGroups', 'resources', 'verbs'] as const);
  return needed.filter((field) => rule[field].length === 0).map((field) => required(`rules[${i}].${field}`));
}

function requireContainers(containers: Fields[], field: string): Cause[] {
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
  const causes = [
    ...unsupported('roleRef.kind', rest.roleRef.kind, ['Role', 'ClusterRole']),
    ...subjects.flatMap(({ kind }, i) =>
      unsupported(`subjects[${i}].kind`, kind, ['ServiceAccount', 'User', 'Group']),
    ),
  ];
  if (!previous || isDeepStrictEqual(previous.roleRef, binding.roleRef)) return causes;
  return [...causes, immutable('roleRef', binding.roleRef)];
}

function unsupported(field: string, value: string, values: string[]): Cause[] {
  if (values.includes(value)) return [];
  const supported = values.map((v) => `"${v}"`).join(', ');
  const message = `Unsupported value: "${value}": supported values: ${supported}`;
  return [{ field, reason: 'FieldValueNotSupported', message }];
}
