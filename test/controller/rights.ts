import type { kubernetesAs } from '../support/kubernetes.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ACCOUNT = { kind: 'ServiceAccount', namespace: 'writ-system', name: 'writ-controller' };

/** What the controller's roles have to say (deploy/roles/controller-roles.yaml, deploy/controller/lease-role.yaml). */
const CLUSTER_RULES = [
  { apiGroups: [''], resources: ['namespaces', 'pods'], verbs: ['list', 'watch'] },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'watch'] },
  { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['list', 'watch'] },
];
const PROJECT_RULES = [
  { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['get', 'patch'] },
  { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions/status'], verbs: ['get', 'patch'] },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'create', 'delete'] },
  { apiGroups: [''], resources: ['secrets'], verbs: ['create', 'patch', 'delete'] },
  { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'list', 'create', 'delete'] },
  { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
  {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['roles', 'rolebindings'],
    verbs: ['get', 'list', 'create', 'delete'],
  },
];
const LEASE_RULES = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: ['writ-controller'],
    verbs: ['get', 'update'],
  },
];

type Kubernetes = ReturnType<typeof kubernetesAs>;

/** The controller's own identity, with its rights in the whole cluster and no others. Its token. */
export async function makeControllerIdentity(admin: Kubernetes): Promise<string> {
  const accounts = '/api/v1/namespaces/writ-system/serviceaccounts';
  await admin.create(accounts, { metadata: { name: ACCOUNT.name } });
  await admin.create(`${RBAC}/clusterroles`, { metadata: { name: 'test-controller' }, rules: CLUSTER_RULES });
  await admin.create(`${RBAC}/clusterrolebindings`, binding('test-controller', 'ClusterRole'));
  await admin.create(`${RBAC}/clusterroles`, {
    metadata: { name: 'test-controller-project' },
    rules: PROJECT_RULES,
  });
  const system = `${RBAC}/namespaces/writ-system`;
  await admin.create(`${system}/roles`, { metadata: { name: 'test-lease' }, rules: LEASE_RULES });
  await admin.create(`${system}/rolebindings`, binding('test-lease', 'Role'));
  const { body } = await admin.create(`${accounts}/${ACCOUNT.name}/token`, { spec: {} });
  return body.status.token;
}

/** In a project, as `kubectl create rolebinding` would. */
export async function letControllerAct(admin: Kubernetes, namespace: string): Promise<void> {
  const path = `${RBAC}/namespaces/${namespace}/rolebindings`;
  await admin.create(path, binding('test-controller-project', 'ClusterRole'));
}

function binding(role: string, kind: string) {
  return {
    metadata: { name: role },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: role },
    subjects: [ACCOUNT],
  };
}
