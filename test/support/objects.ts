type Fields = Record<string, unknown>;

export const SESSION_GROUP = 'vteam.ambient-code';
export const NAMESPACES = '/api/v1/namespaces';
const inGroup = (group: string) => (namespace: string, resource: string) =>
  `/apis/${group}/namespaces/${namespace}/${resource}`;
const custom = inGroup(`${SESSION_GROUP}/v1alpha1`);

/** The paths of collections in a namespace. */
export const CORE = (namespace: string, resource: string) => `${NAMESPACES}/${namespace}/${resource}`;
export const RBAC = inGroup('rbac.authorization.k8s.io/v1');
export const JOBS = (namespace: string) => inGroup('batch/v1')(namespace, 'jobs');
export const CRON_JOBS = (namespace: string) => inGroup('batch/v1')(namespace, 'cronjobs');
export const SESSIONS = (namespace: string) => custom(namespace, 'agenticsessions');
export const SETTINGS = (namespace: string) => custom(namespace, 'projectsettings');

export function named(name: string, more: Fields = {}): Fields & { metadata: Fields } {
  return { metadata: { name }, ...more };
}

/** The server accepts custom resources only with apiVersion and kind. */
export function session(name: string, more: Fields = {}): Fields & { metadata: Fields } {
  return { apiVersion: `${SESSION_GROUP}/v1alpha1`, kind: 'AgenticSession', ...named(name), ...more };
}

export function projectSettings(spec: Fields): Fields {
  return { ...session('projectsettings'), kind: 'ProjectSettings', spec };
}

export const POD_SPEC = { restartPolicy: 'Never', containers: [{ name: 'runner', image: 'example/runner' }] };
export const JOB_SPEC = { template: { spec: POD_SPEC } };

/** A Job that no controller creates pods of. */
export function suspendedJob(name: string, metadata: Fields = {}): Fields {
  return { metadata: { name, ...metadata }, spec: { suspend: true, ...JOB_SPEC } };
}

/** A pod that no scheduler binds. */
export function heldPod(name: string, metadata: Fields = {}): Fields {
  const spec = { ...POD_SPEC, schedulingGates: [{ name: 'writ.test/held' }] };
  return { metadata: { name, ...metadata }, spec };
}

/** What the kubelet says of the one container of a pod. */
export function containerStatuses(state: Fields) {
  const container = { name: 'runner', image: 'i', imageID: '', ready: false, restartCount: 0 };
  return { containerStatuses: [{ ...container, state }] };
}

/** What the Job controller says of a Job at its end, besides when it began. */
export function jobEnd(type: 'Complete' | 'Failed', at: string, reason = 'CompletionsReached') {
  const condition = { status: 'True', reason, message: 's3cret', lastTransitionTime: at };
  const before = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  return {
    active: 0,
    ready: 0,
    ...(type === 'Complete' && { succeeded: 1, completionTime: at }),
    conditions: [
      { ...condition, type: before },
      { ...condition, type },
    ],
  };
}

export interface Owner {
  apiVersion: string;
  kind: string;
  metadata: { name: string; uid: string };
}

/** For the metadata of a dependent. */
export function ownedBy({ apiVersion, kind, metadata: { name, uid } }: Owner, more: Fields = {}) {
  return { ownerReferences: [{ apiVersion, kind, name, uid, ...more }] };
}

/** For the metadata of a dependent that the owner controls. */
export function controlledBy(owner: Owner, more: Fields = {}) {
  return ownedBy(owner, { controller: true, ...more });
}
