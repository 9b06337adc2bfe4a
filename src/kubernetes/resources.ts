import type {
  CoreV1Event,
  V1ContainerStatus,
  V1CronJob,
  V1Job,
  V1Namespace,
  V1ObjectMeta,
  V1OwnerReference,
  V1Pod,
  V1Role,
  V1RoleBinding,
  V1Secret,
  V1ServiceAccount,
} from '@kubernetes/client-node';

/** A resource of the Kubernetes API: what paths and access reviews need of it. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export function namespacedResource(
  group: string,
  version: string,
  resource: string,
  kind: string,
): ResourceType {
  return Object.freeze({ group, version, resource, kind, namespaced: true });
}

export function clusterScopedResource(
  group: string,
  version: string,
  resource: string,
  kind: string,
): ResourceType {
  return Object.freeze({ group, version, resource, kind, namespaced: false });
}

export const JOBS = namespacedResource('batch', 'v1', 'jobs', 'Job');
export const CRON_JOBS = namespacedResource('batch', 'v1', 'cronjobs', 'CronJob');
export const PODS = namespacedResource('', 'v1', 'pods', 'Pod');
export const EVENTS = namespacedResource('', 'v1', 'events', 'Event');
export const SECRETS = namespacedResource('', 'v1', 'secrets', 'Secret');
export const SERVICE_ACCOUNTS = namespacedResource('', 'v1', 'serviceaccounts', 'ServiceAccount');
export const ROLES = namespacedResource('rbac.authorization.k8s.io', 'v1', 'roles', 'Role');
export const ROLE_BINDINGS = namespacedResource(
  'rbac.authorization.k8s.io',
  'v1',
  'rolebindings',
  'RoleBinding',
);
export const CLUSTER_ROLES = clusterScopedResource(
  'rbac.authorization.k8s.io',
  'v1',
  'clusterroles',
  'ClusterRole',
);
export const CLUSTER_ROLE_BINDINGS = clusterScopedResource(
  'rbac.authorization.k8s.io',
  'v1',
  'clusterrolebindings',
  'ClusterRoleBinding',
);
export const LEASES = namespacedResource('coordination.k8s.io', 'v1', 'leases', 'Lease');
export const NAMESPACES = clusterScopedResource('', 'v1', 'namespaces', 'Namespace');
export const SELF_SUBJECT_REVIEWS = clusterScopedResource(
  'authentication.k8s.io',
  'v1',
  'selfsubjectreviews',
  'SelfSubjectReview',
);
export const SELF_SUBJECT_ACCESS_REVIEWS = clusterScopedResource(
  'authorization.k8s.io',
  'v1',
  'selfsubjectaccessreviews',
  'SelfSubjectAccessReview',
);
export const SELF_SUBJECT_RULES_REVIEWS = clusterScopedResource(
  'authorization.k8s.io',
  'v1',
  'selfsubjectrulesreviews',
  'SelfSubjectRulesReview',
);
export const LOCAL_SUBJECT_ACCESS_REVIEWS = namespacedResource(
  'authorization.k8s.io',
  'v1',
  'localsubjectaccessreviews',
  'LocalSubjectAccessReview',
);

/** Those above, which every cluster serves. */
export const BUILT_IN_TYPES: readonly ResourceType[] = [
  JOBS,
  CRON_JOBS,
  PODS,
  EVENTS,
  SECRETS,
  SERVICE_ACCOUNTS,
  ROLES,
  ROLE_BINDINGS,
  LEASES,
  NAMESPACES,
  SELF_SUBJECT_REVIEWS,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
  LOCAL_SUBJECT_ACCESS_REVIEWS,
];

export function apiVersionOf({ group, version }: ResourceType): string {
  return group ? `${group}/${version}` : version;
}

/** A model of client-node as it is in JSON, where a timestamp is an RFC 3339 string. */
export type AsJson<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? AsJson<Item>[]
    : T extends object
      ? { [Key in keyof T]: AsJson<T[Key]> }
      : T;

/** An object as stored by the API server, with the metadata that it always sets. */
export type Stored<T extends { metadata?: unknown }> = T & {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta & { name: string; uid: string; resourceVersion: string; creationTimestamp: string };
};

export type ObjectMeta = AsJson<V1ObjectMeta>;
export type OwnerReference = AsJson<V1OwnerReference>;
export type Namespace = Stored<AsJson<V1Namespace>>;
export type Job = Stored<AsJson<V1Job>>;
export type CronJob = Stored<AsJson<V1CronJob>>;
export type Pod = Stored<AsJson<V1Pod>>;
export type ContainerStatus = AsJson<V1ContainerStatus>;
export type KubernetesEvent = Stored<AsJson<CoreV1Event>>;
export type Secret = AsJson<V1Secret>;
export type ServiceAccount = AsJson<V1ServiceAccount>;
export type Role = AsJson<V1Role>;
export type RoleBinding = AsJson<V1RoleBinding>;

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  observedGeneration?: number;
}

/** The UID of the object's controller, the owner with `controller: true`; undefined if it has none. */
export function controllerUidOf(object: { metadata?: ObjectMeta }): string | undefined {
  return object.metadata?.ownerReferences?.find((owner) => owner.controller === true)?.uid;
}
