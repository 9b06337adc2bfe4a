import { at, type KubeObject } from '../objects.ts';
import { badRequest } from '../status.ts';
import type { Resource } from '../storage/resources.ts';

const NAME = 'metadata.name';
const NAMESPACE = 'metadata.namespace';

/** The fields that Kubernetes supports, if they are others than name and namespace (pkg/apis/<group>/v1/conversion.go). */
const FIELDS: Record<string, string[]> = {
  Pod: [
    NAME,
    NAMESPACE,
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  Event: [
    NAME,
    NAMESPACE,
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (field) => `involvedObject.${field}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Namespace: [NAME, 'status.phase'],
  Secret: [NAME, NAMESPACE, 'type'],
  Job: [NAME, NAMESPACE, 'status.successful'],
};

/** The values that are not at the path of their name, or that are not strings there. */
const VALUES: Record<string, (object: KubeObject) => unknown> = {
  source: (event) => at(event, 'source', 'component') || at(event, 'reportingComponent'),
  'spec.hostNetwork': (pod) => at(pod, 'spec', 'hostNetwork') ?? false,
  'spec.schedulerName': (pod) => at(pod, 'spec', 'schedulerName') ?? 'default-scheduler',
  'spec.restartPolicy': (pod) => at(pod, 'spec', 'restartPolicy') ?? 'Always',
  'status.successful': (job) => at(job, 'status', 'succeeded') ?? 0,
};

/** The test of a field selector, parsed by the rules of k8s.io/apimachinery/pkg/fields; 400 for an invalid one. */
export function fieldSelector(resource: Resource, text: string): (object: KubeObject) => boolean {
  const terms = (text.match(/(?:\\[\s\S]?|[^\\,])+/g) ?? []).map((term) => {
    const [, field = '', operator, rest = ''] = /^([\s\S]*?)(!=|==|=)([\s\S]*)$/.exec(term) ?? [];
    if (!operator) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const value = unescaped(rest);
    requireField(resource, field);
    return { read: VALUES[field] ?? readPath(field), value, isEqual: operator !== '!=' };
  });
  return (object) =>
    terms.every(({ read, value, isEqual }) => (String(read(object) ?? '') === value) === isEqual);
}

function readPath(field: string): (object: KubeObject) => unknown {
  return (object) => at(object, ...field.split('.'));
}

function requireField({ schema, kind, namespaced }: Resource, field: string): void {
  const supported = (!schema && FIELDS[kind]) || (schema && !namespaced ? [NAME] : [NAME, NAMESPACE]);
  if (supported.includes(field)) return;
  if (schema || FIELDS[kind]) throw badRequest(`field label not supported: ${field}`);
  throw badRequest(`"${field}" is not a known field selector: only "${NAME}", "${NAMESPACE}"`);
}

function unescaped(value: string): string {
  const [wrong] = /\\(?![\\,=])[\s\S]?/.exec(value.replace(/\\[\\,=]/g, '')) ?? [];
  if (wrong !== undefined) throw badRequest(`invalid field selector: invalid escape sequence: ${wrong}`);
  const [bare] = /[,=]/.exec(value.replace(/\\[\\,=]/g, '')) ?? [];
  if (bare) {
    throw badRequest(`invalid field selector: unescaped character in value: ${bare.codePointAt(0)}`);
  }
  return value.replace(/\\([\\,=])/g, '$1');
}
