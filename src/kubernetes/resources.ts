import type {
  CoreV1Event,
  V1ContainerStatus,
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

/** A resource of the API, in its own terms: what a path and an access review need. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function namespaced(group: string, version: string, resource: string, kind: string): ResourceType {
  return Object.freeze({ group, version, resource, kind, namespaced: true });
}

export const SESSION_GROUP = 'vteam.ambient-code';
export const AGENTIC_SESSIONS = namespaced(SESSION_GROUP, 'v1alpha1', 'agenticsessions', 'AgenticSession');
export const PROJECT_SETTINGS = namespaced(SESSION_GROUP, 'v1alpha1', 'projectsettings', 'ProjectSettings');
export const JOBS = namespaced('batch', 'v1', 'jobs', 'Job');
export const PODS = namespaced('', 'v1', 'pods', 'Pod');
export const EVENTS = namespaced('', 'v1', 'events', 'Event');
export const SECRETS = namespaced('', 'v1', 'secrets', 'Secret');
export const SERVICE_ACCOUNTS = namespaced('', 'v1', 'serviceaccounts', 'ServiceAccount');
export const ROLES = namespaced('rbac.authorization.k8s.io', 'v1', 'roles', 'Role');
export const ROLE_BINDINGS = namespaced('rbac.authorization.k8s.io', 'v1', 'rolebindings', 'RoleBinding');
export const NAMESPACES: ResourceType = Object.freeze({
  group: '',
  version: 'v1',
  resource: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
});

export function apiVersionOf({ group, version }: ResourceType): string {
  return group ? `${group}/${version}` : version;
}

/** client-node's models as they stand in JSON: a timestamp is an RFC 3339 string there. */
export type AsJson<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? AsJson<Item>[]
    : T extends object
      ? { [Key in keyof T]: AsJson<T[Key]> }
      : T;

/** An object that the cluster has stored: the metadata that it always fills in is there. */
export type Stored<T extends { metadata?: unknown }> = T & {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta & { name: string; uid: string; resourceVersion: string; creationTimestamp: string };
};

export type ObjectMeta = AsJson<V1ObjectMeta>;
export type OwnerReference = AsJson<V1OwnerReference>;
export type Namespace = Stored<AsJson<V1Namespace>>;
export type Job = Stored<AsJson<V1Job>>;
export type Pod = Stored<AsJson<V1Pod>>;
export type ContainerStatus = AsJson<V1ContainerStatus>;
export type KubernetesEvent = Stored<AsJson<CoreV1Event>>;
export type Secret = AsJson<V1Secret>;
export type ServiceAccount = AsJson<V1ServiceAccount>;
export type Role = AsJson<V1Role>;
export type RoleBinding = AsJson<V1RoleBinding>;

/** What a stored AgenticSession may hold. Anybody with edit can have written it: each part may be absent or odd. */
export interface AgenticSessionSpec {
  initialPrompt?: string;
  displayName?: string;
  project?: string;
  llmSettings?: { model?: string; temperature?: number; maxTokens?: number };
  timeout?: number;
  inactivityTimeout?: number;
  stopOnRunFinished?: boolean;
  repos?: { url: string; branch?: string; autoPush?: boolean }[];
  environmentVariables?: Record<string, string>;
  activeWorkflow?: { gitUrl?: string; branch?: string; path?: string };
  mcpServers?: { custom?: Record<string, unknown>; disabled?: string[] };
  userContext?: { userId?: string; displayName?: string; groups?: string[] };
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  observedGeneration?: number;
}

export interface AgenticSessionStatus {
  observedGeneration?: number;
  phase?: string;
  startTime?: string;
  completionTime?: string;
  lastActivityTime?: string;
  stoppedReason?: string;
  conditions?: Condition[];
}

export interface AgenticSessionManifest {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: AgenticSessionSpec;
}

export type AgenticSession = Stored<{
  metadata?: ObjectMeta;
  spec?: AgenticSessionSpec;
  status?: AgenticSessionStatus;
}>;

/** Of a project's one ProjectSettings, what Writ uses. */
export type ProjectSettings = Stored<{
  metadata?: ObjectMeta;
  spec?: { inactivityTimeoutSeconds?: number };
}>;

/** Names that Writ reads and writes on objects (compatible with clusters that have such sessions already). */
export const MANAGED_LABEL = 'ambient-code.io/managed';
export const SESSION_UID_LABEL = 'ambient-code.io/session-uid';
export const DESIRED_PHASE = 'ambient-code.io/desired-phase';
export const REQUESTED_BY = 'ambient-code.io/requested-by';
export const REQUEST_ID = 'ambient-code.io/request-id';
export const START_REQUESTED_AT = 'ambient-code.io/start-requested-at';
export const STOP_REQUESTED_AT = 'ambient-code.io/stop-requested-at';
export const TOKEN_EXPIRES_AT = 'ambient-code.io/token-expires-at';
export const TOKEN_MINTED_AT = 'ambient-code.io/token-minted-at';
export const INPUT_DIGEST = 'ambient-code.io/input-digest';
export const PARENT_SESSION = 'vteam.ambient-code/parent-session-id';
export const DISPLAY_NAME = 'openshift.io/display-name';
export const DESCRIPTION = 'openshift.io/description';

/** The UID of the one owner that controls an object, or undefined. */
export function controllerUidOf(object: { metadata?: ObjectMeta }): string | undefined {
  return object.metadata?.ownerReferences?.find((owner) => owner.controller === true)?.uid;
}
