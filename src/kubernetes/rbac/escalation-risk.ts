import type { ResourceAttributes } from '../resource-attributes.ts';

interface Risk {
  /** `*` for any. */
  verbs?: readonly string[];
  group?: string;
  /** With their subresources as RBAC writes them; absent for any. */
  resources?: readonly string[];
  why: string;
}

const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/**
 * What can give its holder more rights than it says:
 * https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
 */
const RISKS: readonly Risk[] = [
  { verbs: ['escalate'], why: 'it allows to write roles with rights that one does not have' },
  { verbs: ['bind'], why: 'it allows to give roles with rights that one does not have' },
  { verbs: ['impersonate'], why: 'it allows to act as others' },
  { group: '', resources: ['secrets'], why: 'Secrets contain credentials of others' },
  {
    group: '',
    resources: ['serviceaccounts/token'],
    why: 'it allows to act as the service account',
  },
  {
    group: '',
    resources: ['nodes/proxy'],
    why: "it gives access to the kubelet's API, past the API server and its audit log",
  },
  {
    group: '',
    resources: ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy', 'pods/ephemeralcontainers'],
    why: 'it gives access to what runs in pods, and to their service accounts and Secrets',
  },
  {
    verbs: WRITES,
    group: '',
    resources: ['persistentvolumes'],
    why: "a persistent volume can be a directory of a node's host",
  },
  {
    verbs: ['create', 'update', 'patch', 'approve', 'sign'],
    group: 'certificates.k8s.io',
    why: 'it allows to get certificates of other users',
  },
  {
    verbs: WRITES,
    group: 'admissionregistration.k8s.io',
    why: 'it changes what the cluster admits, and webhooks see the objects of all users',
  },
  {
    verbs: WRITES,
    group: 'rbac.authorization.k8s.io',
    why: 'it changes what others may do',
  },
  {
    verbs: ['update', 'patch'],
    group: '',
    resources: ['namespaces'],
    why: 'the labels of a namespace decide which policies apply in it',
  },
];

/** Null if Kubernetes names no such risk. */
export function escalationRiskOf({ verb, group, resource, subresource }: ResourceAttributes): string | null {
  const full = subresource ? `${resource}/${subresource}` : resource;
  if (verb === '*' || group === '*' || full === '*' || full.startsWith('*/')) {
    return 'it has a wildcard, and so includes rights that nobody asked for';
  }
  const risk = RISKS.find(
    (each) =>
      (!each.verbs || each.verbs.includes(verb)) &&
      (each.group === undefined || each.group === group) &&
      (!each.resources || each.resources.includes(full)),
  );
  return risk?.why ?? null;
}
