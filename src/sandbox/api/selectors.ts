import { at, type KubeObject } from '../objects.ts';
import { badRequest } from '../status.ts';
import type { Resource } from '../storage/resources.ts';

export type Selector = (object: KubeObject) => boolean;

const setRequirement = /^([^\s!=,()]+)\s+(in|notin)\s*\(([^()]*)\)$/;
const equalityRequirement = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/;
const existsRequirement = /^(!?)\s*([^\s!=,()]+)$/;

/** The fields that Kubernetes supports in field selectors, besides name and namespace. */
const fieldsOf: Record<string, string[]> = {
  Pod: ['spec.nodeName', 'status.phase', 'spec.serviceAccountName'],
  Event: [
    'involvedObject.uid',
    'involvedObject.name',
    'involvedObject.kind',
    'involvedObject.namespace',
    'reason',
    'type',
  ],
  Namespace: ['status.phase'],
  Secret: ['type'],
  Job: ['status.successful'],
};

/** Whether an object matches the query's labelSelector and fieldSelector. */
export function selector(resource: Resource, query: URLSearchParams): Selector {
  const tests = [
    ...split(query.get('labelSelector') ?? '').map(labelTest),
    ...split(query.get('fieldSelector') ?? '').map((text) => fieldTest(resource, text)),
  ];
  return (object) => tests.every((test) => test(object));
}

/** Splits at commas outside parentheses. */
function split(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function labelTest(text: string): Selector {
  const label = (object: KubeObject, key: string) => object.metadata.labels?.[key];
  const [, setKey = '', operator, list = ''] = setRequirement.exec(text) ?? [];
  if (operator) {
    const values = new Set(list.split(',').map((value) => value.trim()));
    return (object) => values.has(label(object, setKey) ?? '\0') === (operator === 'in');
  }
  const [, key = '', sign, value] = equalityRequirement.exec(text) ?? [];
  if (sign) return (object) => (label(object, key) === value) === (sign !== '!=');
  const [, not, existing = ''] = existsRequirement.exec(text) ?? [];
  if (!existing) throw badRequest(`unable to parse requirement: ${text}`);
  return (object) => (label(object, existing) !== undefined) === (not === '');
}

function fieldTest(resource: Resource, text: string): Selector {
  const [, field = '', sign, value] = /^([^=!]+)(==|=|!=)(.*)$/.exec(text) ?? [];
  if (!sign) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const own = resource.schema ? [] : (fieldsOf[resource.kind] ?? []);
  if (!['metadata.name', 'metadata.namespace', ...own].includes(field)) {
    throw badRequest(`field label not supported: ${field}`);
  }
  return (object) => (String(at(object, ...field.split('.')) ?? '') === value) === (sign !== '!=');
}
