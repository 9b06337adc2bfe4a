import { randomInt } from 'node:crypto';
import { type Cause, invalidValue, required, tooLong } from '../field-errors.ts';
import { labelValueProblems, qualifiedNameProblems, subdomainProblems } from '../label-syntax.ts';
import { type Fields, isFields, type ObjectMeta, type OwnerReference } from '../objects.ts';
import { badRequest } from '../status.ts';
import type { Resource } from './resources.ts';

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const annotationsLimit = 256 * 1024;

const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const nameLimits: Record<string, number> = { Namespace: 63, Job: 63, CronJob: 52 };

function nameCauses(resource: Resource, name: string, field = 'metadata.name'): Cause[] {
  const wrong = (why: string) => [invalidValue(field, name, why)];
  if (resource.group === 'rbac.authorization.k8s.io') {
    const bad = /[/%]/.test(name) || name === '.' || name === '..';
    return bad ? wrong("may not be '.', '..' or contain '/' or '%'") : [];
  }
  const limit = nameLimits[resource.kind] ?? 253;
  if (name.length > limit) return wrong(`must be no more than ${limit} characters`);
  if (resource.kind === 'Namespace') return dnsLabel.test(name) ? [] : wrong(labelRule);
  return subdomainProblems(name).map((problem) => invalidValue(field, name, problem));
}

function stringMap(value: unknown, field: string): Record<string, string> {
  if (!isFields(value) || Object.values(value).some((v) => typeof v !== 'string')) {
    throw badRequest(
      `json: cannot unmarshal into Go struct field ObjectMeta.metadata.${field}: a map of strings`,
    );
  }
  return value as Record<string, string>;
}

function listOf<T>(value: unknown, field: string, is: (item: unknown) => boolean): T[] {
  if (Array.isArray(value) && value.every(is)) return value as T[];
  throw badRequest(`json: cannot unmarshal into Go struct field ObjectMeta.metadata.${field}`);
}

function referenceCauses(reference: OwnerReference, i: number): Cause[] {
  return (['apiVersion', 'kind', 'name', 'uid'] as const)
    .filter((field) => !reference[field])
    .map((field) => required(`metadata.ownerReferences[${i}].${field}`, 'must not be empty'));
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

function finalizerCauses(resource: Resource, finalizer: string, i: number): Cause[] {
  const problems = qualifiedNameProblems(finalizer);
  if (problems.length > 0) return problems.map((p) => invalidValue('metadata.finalizers', finalizer, p));
  if (resource.schema || finalizer.includes('/') || standardFinalizers.includes(finalizer)) return [];
  const why = 'name is neither a standard finalizer name nor is it fully qualified';
  return [invalidValue(`metadata.finalizers[${i}]`, finalizer, why)];
}

/** The metadata in a body that a client may write. Wrong JSON types are a 400, as in Go's decoder. */
export function writableMetadata(metadata: Fields): Partial<ObjectMeta> {
  const { labels, annotations, ownerReferences, finalizers } = metadata;
  const isString = (item: unknown) => typeof item === 'string';
  return {
    ...(labels != null && { labels: stringMap(labels, 'labels') }),
    ...(annotations != null && { annotations: stringMap(annotations, 'annotations') }),
    ...(ownerReferences != null && {
      ownerReferences: listOf<OwnerReference>(ownerReferences, 'ownerReferences', isFields),
    }),
    ...(finalizers != null && { finalizers: listOf<string>(finalizers, 'finalizers', isString) }),
  };
}

export function labelCauses(field: string, labels: Record<string, string>): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((problem) => invalidValue(field, key, problem)),
    ...labelValueProblems(value).map((problem) => invalidValue(field, value, problem)),
  ]);
}

export function metadataCauses(resource: Resource, metadata: ObjectMeta): Cause[] {
  const { name, generateName, labels = {}, annotations = {} } = metadata;
  const { ownerReferences = [], finalizers = [] } = metadata;
  const causes = [
    // A prefix may end in a dash or dot, because the generated suffix follows.
    ...(generateName ? nameCauses(resource, `${generateName.slice(0, 58)}x`, 'metadata.generateName') : []),
    ...nameCauses(resource, name),
    ...ownerReferences.flatMap(referenceCauses),
  ];
  causes.push(...labelCauses('metadata.labels', labels));
  for (const key of Object.keys(annotations)) {
    for (const p of qualifiedNameProblems(key.toLowerCase())) {
      causes.push(invalidValue('metadata.annotations', key, p));
    }
  }
  if (Buffer.byteLength(Object.entries(annotations).flat().join('')) > annotationsLimit) {
    causes.push(tooLong('metadata.annotations', annotationsLimit));
  }
  causes.push(...finalizers.flatMap((finalizer, i) => finalizerCauses(resource, finalizer, i)));
  if (ownerReferences.filter((owner) => owner.controller).length > 1) {
    const why = 'Only one reference can have Controller set to true';
    causes.push(invalidValue('metadata.ownerReferences', ownerReferences, why));
  }
  return causes;
}

/** A name from generateName as Kubernetes builds it: the base cut at 58, and five characters without vowels. */
export function generatedName(base: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const suffix = Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]);
  return base.slice(0, 58) + suffix.join('');
}
