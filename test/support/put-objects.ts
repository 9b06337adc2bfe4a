import { randomUUID } from 'node:crypto';
import { untilBound } from './in-force.ts';
import type { KubernetesClient } from './kubernetes-client.ts';
import {
  CORE,
  controlledBy,
  JOB_SPEC,
  JOBS,
  jobEnd,
  NAMESPACES,
  type Owner,
  POD_SPEC,
  RBAC,
  SESSIONS,
  session,
} from './objects.ts';
import { isRealCluster } from './test-cluster.ts';

type Fields = Record<string, unknown>;
type InNamespace = Owner & { metadata: { namespace: string } };

/** A project without sessions: its runners have their keys, alice may edit, victor may view, Writ and its controller may act. */
export async function putProject(
  admin: KubernetesClient,
  name: string,
  metadata: Fields = {},
): Promise<void> {
  const labels = { 'ambient-code.io/managed': 'true' };
  await admin.create(NAMESPACES, { metadata: { name, labels, ...metadata } });
  await bind(admin, name, 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'alice' });
  await bind(admin, name, 'ClusterRole/ambient-project-view', { kind: 'User', name: 'victor' });
  const own = { kind: 'ServiceAccount', namespace: 'writ-system' };
  await bind(admin, name, 'ClusterRole/writ-backend-project', { ...own, name: 'writ-api' });
  await bind(admin, name, 'ClusterRole/writ-controller-project', { ...own, name: 'writ-controller' });
  await admin.create(CORE(name, 'secrets'), {
    metadata: { name: 'ambient-runner-secrets' },
    stringData: { ANTHROPIC_API_KEY: 'x', GEMINI_API_KEY: 'x' },
  });
}

/** @param role such as `Role/reader` */
export async function bind(admin: KubernetesClient, namespace: string, role: string, subject: Fields) {
  const [kind, name] = role.split('/');
  const apiGroup = 'rbac.authorization.k8s.io';
  await admin.create(RBAC(namespace, 'rolebindings'), {
    metadata: { generateName: `${name}-` },
    roleRef: { apiGroup, kind, name },
    subjects: [{ ...(subject.kind === 'User' && { apiGroup }), ...subject }],
  });
  if (!isRealCluster()) return;
  const path = kind === 'Role' ? RBAC(namespace, 'roles') : `/apis/${apiGroup}/v1/clusterroles`;
  // A binding may exist before its role.
  const { rules } = (await admin.get(`${path}/${name}`)).body;
  await untilBound(admin, namespace, rules ?? [], subject);
}

/** Gives the user or subject these rules in the namespace, and nothing else. */
export async function allow(
  admin: KubernetesClient,
  namespace: string,
  who: string | Fields,
  rules: Fields[],
): Promise<void> {
  const subject = typeof who === 'string' ? { kind: 'User', name: who } : who;
  const role = { metadata: { generateName: `${subject.name}-` }, rules };
  const { metadata } = await admin.create(RBAC(namespace, 'roles'), role);
  await bind(admin, namespace, `Role/${metadata.name}`, subject);
}

/** Replaces these fields of the status. */
export async function putStatus(admin: KubernetesClient, path: string, status: Fields) {
  const type = { 'content-type': 'application/merge-patch+json' };
  return admin.must('PATCH', `${path}/status`, { status }, type);
}

/** Stores a session, and its status if one is given. */
export async function putSession(
  admin: KubernetesClient,
  namespace: string,
  name: string,
  { metadata = {}, spec = {}, status }: { metadata?: Fields; spec?: Fields; status?: Fields } = {},
) {
  const path = SESSIONS(namespace);
  const stored = await admin.create(path, session(name, { metadata: { name, ...metadata }, spec }));
  return status ? putStatus(admin, `${path}/${name}`, status) : stored;
}

export async function putSessions(admin: KubernetesClient, namespace: string, names: string[]) {
  for (const name of names) await putSession(admin, namespace, name);
}

/** A run of the session as Writ creates it, as far as reading goes. */
export async function putJob(admin: KubernetesClient, owner: InNamespace, metadata: Fields = {}) {
  const { namespace, uid } = owner.metadata;
  return admin.create(JOBS(namespace), {
    metadata: {
      name: `session-${uid}-1`,
      labels: { 'ambient-code.io/session-uid': uid },
      ...controlledBy(owner),
      ...metadata,
    },
    spec: JOB_SPEC,
  });
}

/** The Job as its controller leaves it at its end. */
export function finishJob(admin: KubernetesClient, path: string, type: 'Complete' | 'Failed') {
  const reason = type === 'Complete' ? 'CompletionsReached' : 'DeadlineExceeded';
  const end = jobEnd(type, '2026-01-01T00:01:00Z', reason);
  return putStatus(admin, path, { startTime: '2026-01-01T00:00:00Z', ...end });
}

/** A pod of a session's Job, in this state. */
export async function putPod(
  admin: KubernetesClient,
  job: InNamespace & { metadata: { labels?: Fields } },
  { metadata = {}, spec = {}, status }: { metadata?: Fields; spec?: Fields; status?: Fields } = {},
) {
  const { namespace, name, labels } = job.metadata;
  const path = CORE(namespace, 'pods');
  const pod = await admin.create(path, {
    metadata: { generateName: `${name}-`, labels, ...controlledBy(job), ...metadata },
    spec: { ...POD_SPEC, ...spec },
  });
  return status ? putStatus(admin, `${path}/${pod.metadata.name}`, status) : pod;
}

/** A pod of a run that another operator has made: controlled by the session, with its name as a label. */
export function putOperatorPod(
  admin: KubernetesClient,
  owner: InNamespace,
  { metadata = {}, ...more }: Parameters<typeof putPod>[2] = {},
) {
  const labels = { 'agentic-session': owner.metadata.name };
  return putPod(admin, owner, { metadata: { labels, ...metadata }, ...more });
}

/** An event about the object. */
export async function putEvent(admin: KubernetesClient, about: InNamespace, event: Fields = {}) {
  const { apiVersion, kind, metadata } = about;
  const { namespace, name, uid } = metadata;
  return admin.create(CORE(namespace, 'events'), {
    metadata: { name: `event-${randomUUID()}` },
    involvedObject: { apiVersion, kind, name, namespace, uid },
    type: 'Normal',
    reason: 'Created',
    message: 'It was created',
    count: 1,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    // What an event of the new kind, with an eventTime, must have.
    ...(event.eventTime !== undefined && {
      action: 'Testing',
      reportingComponent: 'writ.test/tests',
      reportingInstance: 'tests-1',
    }),
    ...event,
  });
}
