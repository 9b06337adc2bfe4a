import { applyManifests } from '../cluster/apply.ts';
import { baseManifests } from '../cluster/seed.ts';
import { type Rule, type Subject, untilBound } from './in-force.ts';
import type { KubernetesClient } from './kubernetes-client.ts';

const PROJECTS = ['demo', 'research'];
const OF_THE_SYSTEM = /^(default|kube-.*|writ-system)$/;

/** Collections of a namespace that a test, or a controller for it, may have put something into. */
const COLLECTIONS = [
  ['vteam.ambient-code/v1alpha1', 'agenticsessions', 'projectsettings'],
  ['batch/v1', 'jobs', 'cronjobs'],
  ['v1', 'pods', 'events', 'secrets', 'configmaps', 'serviceaccounts'],
  ['rbac.authorization.k8s.io/v1', 'rolebindings', 'roles'],
].flatMap(([version = '', ...resources]) =>
  resources.map((resource) => (namespace: string) => {
    const base = version === 'v1' ? '/api/v1' : `/apis/${version}`;
    return `${base}/namespaces/${namespace}/${resource}`;
  }),
);
const DELETE_NOW = {
  kind: 'DeleteOptions',
  apiVersion: 'v1',
  gracePeriodSeconds: 0,
  propagationPolicy: 'Background',
};
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/writ-system/leases';
/** What tests change of the cluster itself. */
const RESTORED = ['ClusterRole', 'ClusterRoleBinding', 'Namespace', 'RoleBinding'];

interface Binding {
  kind: string;
  metadata: { namespace: string };
  roleRef: { kind: string; name: string };
  subjects: Subject[];
}

type Named = { metadata: { name: string; finalizers?: string[] } };

/** The cluster as Writ finds it: the projects demo and research with nothing but who may do what in them. */
export async function emptyCluster(admin: KubernetesClient): Promise<void> {
  const { items } = await admin.must('GET', '/api/v1/namespaces');
  const names: string[] = items.map(({ metadata }: Named) => metadata.name);
  const used = names.filter((name) => !OF_THE_SYSTEM.test(name));
  // Some at a time: the API server serves 200 writes at once.
  for (let first = 0; first < used.length; first += 10) {
    await Promise.all(
      used.slice(first, first + 10).map(async (name) => {
        if (PROJECTS.includes(name)) await emptyNamespace(admin, name);
        else await removeNamespace(admin, name);
      }),
    );
  }
  await admin.must('DELETE', LEASES);
  const restored = baseManifests().filter(({ kind }) => RESTORED.includes(kind));
  await applyManifests(admin, restored);
  for (const { kind, metadata, roleRef, subjects } of restored as unknown as Binding[]) {
    if (kind !== 'RoleBinding' || !PROJECTS.includes(metadata.namespace)) continue;
    const role = restored.find(
      ({ kind, metadata: { name } }) => kind === roleRef.kind && name === roleRef.name,
    );
    for (const subject of subjects) {
      await untilBound(
        admin,
        metadata.namespace,
        (role as { rules?: Rule[] } | undefined)?.rules ?? [],
        subject,
      );
    }
  }
}

/** At once: the controller of namespaces would wait for five seconds first. */
async function removeNamespace(admin: KubernetesClient, name: string): Promise<void> {
  const path = `/api/v1/namespaces/${name}`;
  // From now on nothing can be created in it.
  await admin.delete(path);
  const unheld = { metadata: { finalizers: null } };
  await admin.send('PATCH', path, unheld, { 'content-type': 'application/merge-patch+json' });
  await emptyNamespace(admin, name);
  const { status, body } = await admin.get(path);
  if (status === 404) return;
  await admin.send('PUT', `${path}/finalize`, { ...body, spec: { finalizers: [] } });
  await until(async () => (await admin.get(path)).status === 404);
}

async function emptyNamespace(admin: KubernetesClient, name: string): Promise<void> {
  await Promise.all(
    COLLECTIONS.map(async (collection) => {
      const path = collection(name);
      await admin.must('DELETE', path, DELETE_NOW);
      await until(async () => {
        const left = (await admin.must('GET', path)).items.filter(
          (item: Named) => !isOfControllers(path, item),
        );
        for (const { metadata } of left) {
          const without = { metadata: { finalizers: null } };
          const type = { 'content-type': 'application/merge-patch+json' };
          if (metadata.finalizers) await admin.send('PATCH', `${path}/${metadata.name}`, without, type);
        }
        return left.length === 0;
      });
    }),
  );
}

/** What a project always has, made anew when it is deleted. */
function isOfControllers(path: string, { metadata }: Named): boolean {
  return /(serviceaccounts default|configmaps kube-root-ca.crt)$/.test(`${path} ${metadata.name}`);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('the cluster could not be emptied within 120 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
