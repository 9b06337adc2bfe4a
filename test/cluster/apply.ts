import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../src/sandbox/objects.ts';
import type { KubernetesClient } from '../support/kubernetes-client.ts';

/** What of an object it takes to create one. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: Partial<KubeObject['metadata']> & { name: string };
  [field: string]: unknown;
}

const APPLY = { 'content-type': 'application/apply-patch+yaml' };

/** As kustomize orders them: what others live in, or are kinds of, goes first. */
const FIRST = ['Namespace', 'CustomResourceDefinition'];

/**
 * Server-side apply of the objects, with their status where they have one. What the server alone may set (UID, creation
 * time) is left to it. Answers what is stored, in the order of applying.
 */
export async function applyManifests(admin: KubernetesClient, manifests: Manifest[]): Promise<KubeObject[]> {
  const rank = ({ kind }: Manifest) => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length);
  const stored: KubeObject[] = [];
  for (const manifest of manifests.toSorted((a, b) => rank(a) - rank(b)))
    stored.push(await apply(admin, manifest));
  return stored;
}

async function apply(admin: KubernetesClient, manifest: Manifest): Promise<KubeObject> {
  const { status, metadata: given, ...object } = manifest;
  const { uid, creationTimestamp, resourceVersion, generation, ...metadata } = given;
  const { apiVersion, kind } = manifest;
  const { name, namespace } = metadata;
  const path = `${await pathOf(admin, apiVersion, kind, namespace)}/${name}`;
  const query = '?fieldManager=writ-test&force=true';
  const main = await admin.must('PATCH', path + query, { ...object, metadata }, APPLY);
  if (kind === 'CustomResourceDefinition') await established(admin, path);
  if (status === undefined) return main;
  const withStatus = { apiVersion, kind, metadata: { name, namespace }, status };
  return admin.must('PATCH', `${path}/status${query}`, withStatus, APPLY);
}

async function pathOf(admin: KubernetesClient, apiVersion: string, kind: string, namespace?: string) {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = await admin.must('GET', base);
  const found = resources.find(
    (resource: { kind: string; name: string }) => resource.kind === kind && !resource.name.includes('/'),
  );
  if (!found) throw new Error(`the cluster has no ${kind} in ${apiVersion}`);
  return `${base}/${found.namespaced ? `namespaces/${namespace}/` : ''}${found.name}`;
}

/** Until its resources are served. */
async function established(admin: KubernetesClient, path: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const { spec, status } = await admin.must('GET', path);
    const conditions: { type: string; status: string }[] = status?.conditions ?? [];
    const isEstablished = conditions.some(({ type, status }) => type === 'Established' && status === 'True');
    const [{ name: version }] = spec.versions;
    const resource = `/apis/${spec.group}/${version}/${spec.names.plural}?limit=1`;
    // Discovery and the endpoint follow the condition a little later.
    if (isEstablished && (await admin.get(resource)).status === 200) {
      const { resources } = (await admin.get(`/apis/${spec.group}/${version}`)).body;
      if (resources?.some(({ kind }: { kind: string }) => kind === spec.names.kind)) return;
    }
    if (Date.now() > deadline) throw new Error(`${path} is not established: ${JSON.stringify(conditions)}`);
    await sleep(20);
  }
}
