import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { untilBound } from './in-force.ts';
import { type kubernetesAs, SESSIONS } from './kubernetes.ts';
import { isRealCluster } from './test-cluster.ts';

type Kubernetes = ReturnType<typeof kubernetesAs>;
type Fields = Record<string, unknown>;

export const JOBS = (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/jobs`;
export const CORE = (namespace: string, resource: string) => `/api/v1/namespaces/${namespace}/${resource}`;
const RBAC = (namespace: string, resource: string) =>
  `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${resource}`;

/** Creates it, or fails the test. */
export async function put(admin: Kubernetes, path: string, object: Fields) {
  const { status, body } = await admin.create(path, object);
  expect(status, body.message).toBe(201);
  return body;
}

/** A project without sessions: its runners have their keys, alice may edit, victor may view, Writ and its controller may act. */
export async function putProject(admin: Kubernetes, name: string, metadata: Fields = {}): Promise<void> {
  await put(admin, '/api/v1/namespaces', {
    metadata: { name, labels: { 'ambient-code.io/managed': 'true' }, ...metadata },
  });
  await bind(admin, name, 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'alice' });
  await bind(admin, name, 'ClusterRole/ambient-project-view', { kind: 'User', name: 'victor' });
  const own = { kind: 'ServiceAccount', namespace: 'writ-system' };
  await bind(admin, name, 'ClusterRole/writ-backend-project', { ...own, name: 'writ-api' });
  await bind(admin, name, 'ClusterRole/writ-controller-project', { ...own, name: 'writ-controller' });
  await put(admin, CORE(name, 'secrets'), {
    metadata: { name: 'ambient-runner-secrets' },
    stringData: { ANTHROPIC_API_KEY: 'x', GEMINI_API_KEY: 'x' },
  });
}

/** @param role such as `Role/reader` */
export async function bind(admin: Kubernetes, namespace: string, role: string, subject: Fields) {
  const [kind, name] = role.split('/');
  await put(admin, RBAC(namespace, 'rolebindings'), {
    metadata: { generateName: `${name}-` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects: [{ ...(subject.kind === 'User' && { apiGroup: 'rbac.authorization.k8s.io' }), ...subject }],
  });
  if (!isRealCluster()) return;
  const path = kind === 'Role' ? RBAC(namespace, 'roles') : '/apis/rbac.authorization.k8s.io/v1/clusterroles';
  // A binding may be there before its role.
  const { rules } = (await admin.get(`${path}/${name}`)).body;
  await untilBound(admin, namespace, rules ?? [], subject);
}

/** Gives the user these rules in the namespace, and nothing else. */
export async function allow(admin: Kubernetes, namespace: string, user: string, rules: Fields[]) {
  const { metadata } = await put(admin, RBAC(namespace, 'roles'), {
    metadata: { generateName: `${user}-` },
    rules,
  });
  await bind(admin, namespace, `Role/${metadata.name}`, { kind: 'User', name: user });
}

/** Stores a session, and its status if one is given. */
export async function putSession(
  admin: Kubernetes,
  namespace: string,
  name: string,
  { metadata = {}, spec = {}, status }: { metadata?: Fields; spec?: Fields; status?: Fields } = {},
) {
  const path = SESSIONS(namespace);
  const session = await put(admin, path, { metadata: { name, ...metadata }, spec });
  if (!status) return session;
  const answer = await admin.patch(`${path}/${name}/status`, { status });
  expect(answer.status, answer.body.message).toBe(200);
  return answer.body;
}

export async function putSessions(admin: Kubernetes, namespace: string, names: string[]) {
  for (const name of names) await putSession(admin, namespace, name);
}

type Owner = { kind: string; apiVersion: string; metadata: { name: string; uid: string; namespace: string } };

export function ownedBy({ apiVersion, kind, metadata: { name, uid } }: Owner) {
  return [{ apiVersion, kind, name, uid, controller: true }];
}

/** A run of the session as Writ makes it, as far as reading goes. */
export async function putJob(admin: Kubernetes, session: Owner, metadata: Fields = {}) {
  const { namespace, uid } = session.metadata;
  return put(admin, JOBS(namespace), {
    metadata: {
      name: `session-${uid}-1`,
      labels: { 'ambient-code.io/session-uid': uid },
      ownerReferences: ownedBy(session),
      ...metadata,
    },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'runner', image: 'i' }] } } },
  });
}

/** The job as its controller leaves it at its end. */
export async function finishJob(admin: Kubernetes, path: string, type: 'Complete' | 'Failed') {
  const before = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const because = { status: 'True', reason: type === 'Complete' ? 'CompletionsReached' : 'DeadlineExceeded' };
  const answer = await admin.patch(`${path}/status`, {
    status: {
      startTime: '2026-01-01T00:00:00Z',
      ...(type === 'Complete' && { completionTime: '2026-01-01T00:01:00Z', succeeded: 1 }),
      conditions: [before, type].map((condition) => ({ type: condition, ...because })),
    },
  });
  expect(answer.status, answer.body.message).toBe(200);
}

/** A pod of a session's job, in this state. */
export async function putPod(
  admin: Kubernetes,
  job: Owner,
  { metadata = {}, spec = {}, status }: { metadata?: Fields; spec?: Fields; status?: Fields } = {},
) {
  const { namespace, name } = job.metadata;
  const { labels } = job.metadata as unknown as { labels: Fields };
  const pod = await put(admin, CORE(namespace, 'pods'), {
    metadata: { generateName: `${name}-`, labels, ownerReferences: ownedBy(job), ...metadata },
    spec: { containers: [{ name: 'runner', image: 'i' }], ...spec },
  });
  if (!status) return pod;
  const answer = await admin.patch(`${CORE(namespace, 'pods')}/${pod.metadata.name}/status`, { status });
  expect(answer.status, answer.body.message).toBe(200);
  return answer.body;
}

/** An event about the object. */
export async function putEvent(admin: Kubernetes, about: Owner, event: Fields = {}) {
  const { apiVersion, kind, metadata } = about;
  const { namespace, name, uid } = metadata;
  return put(admin, CORE(namespace, 'events'), {
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
