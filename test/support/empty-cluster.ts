import { applyManifests } from '../cluster/apply.ts';
import type { ClusterClient } from '../cluster/cluster-client.ts';
import { baseManifests } from '../cluster/seed.ts';

const KEPT_NAMESPACES = ['demo', 'research'];

/** Collections of a project that a test may have put something into. */
const COLLECTIONS = [
  'apis/vteam.ambient-code/v1alpha1/namespaces/NAMESPACE/agenticsessions',
  'apis/vteam.ambient-code/v1alpha1/namespaces/NAMESPACE/projectsettings',
  'apis/batch/v1/namespaces/NAMESPACE/jobs',
  'api/v1/namespaces/NAMESPACE/pods',
  'api/v1/namespaces/NAMESPACE/events',
  'api/v1/namespaces/NAMESPACE/secrets',
  'apis/rbac.authorization.k8s.io/v1/namespaces/NAMESPACE/rolebindings',
  'apis/rbac.authorization.k8s.io/v1/namespaces/NAMESPACE/roles',
];
const DELETE_NOW = {
  kind: 'DeleteOptions',
  apiVersion: 'v1',
  gracePeriodSeconds: 0,
  propagationPolicy: 'Background',
};

/** The cluster as Writ finds it: the projects demo and research with nothing but who may do what in them. */
export async function emptyCluster(admin: ClusterClient): Promise<void> {
  const managed = '/api/v1/namespaces?labelSelector=ambient-code.io/managed';
  const others = async () => {
    const names = (await admin.must('GET', managed)).items.map(
      (namespace: { metadata: { name: string } }) => namespace.metadata.name,
    );
    return names.filter((name: string) => !KEPT_NAMESPACES.includes(name));
  };
  for (const name of await others()) await admin.delete(`/api/v1/namespaces/${name}`);
  for (const namespace of KEPT_NAMESPACES) {
    for (const collection of COLLECTIONS) {
      await admin.delete(`/${collection.replace('NAMESPACE', namespace)}`, DELETE_NOW);
    }
    await deleteAccounts(admin, namespace);
  }
  await until(async () => (await others()).length === 0 && (await isEmpty(admin)));
  await applyManifests(
    admin,
    baseManifests().filter(({ kind }) => kind !== 'CustomResourceDefinition'),
  );
}

async function deleteAccounts(admin: ClusterClient, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  for (const { metadata } of (await admin.must('GET', path)).items) {
    if (metadata.name !== 'default') await admin.delete(`${path}/${metadata.name}`);
  }
}

async function isEmpty(admin: ClusterClient): Promise<boolean> {
  for (const namespace of KEPT_NAMESPACES) {
    for (const collection of COLLECTIONS.slice(0, 4)) {
      const { items } = await admin.must('GET', `/${collection.replace('NAMESPACE', namespace)}`);
      if (items.length > 0) return false;
    }
  }
  return true;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('the cluster could not be emptied within 60 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
