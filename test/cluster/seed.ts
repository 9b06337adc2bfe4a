import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { parseManifests } from '../../src/sandbox/manifests.ts';
import { type KubeObject, timestamp } from '../../src/sandbox/objects.ts';
import type { KubernetesClient } from '../support/kubernetes-client.ts';
import { SESSIONS, session } from '../support/objects.ts';
import { applyManifests, type Manifest } from './apply.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from './control-plane.ts';

const deploy = new URL('../../deploy/', import.meta.url);
const sandbox = new URL('../../src/sandbox/', import.meta.url);

/** A control plane with what the sandbox has: custom resources, roles, projects, who may do what, the demo's sessions. */
export async function startSeededControlPlane(
  options: ControlPlaneOptions & { demo?: boolean; policies?: boolean },
): Promise<ControlPlane> {
  const { demo = true, policies = true, manifests = [], ...rest } = options;
  const base = baseManifests().filter(({ kind }) => policies || !kind.startsWith('ValidatingAdmission'));
  const cluster = await startControlPlane({ ...rest, manifests: [...base, ...manifests] });
  try {
    if (policies) await policiesInForce(cluster.admin);
    if (demo) await seedDemo(cluster.admin, rest.runner !== false, rest.binaries.kwok !== undefined);
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

/** What deploy/ installs, policies included, the projects demo and research and their bindings. */
export function baseManifests(): Manifest[] {
  const bootstrap = parseManifests(readFileSync(new URL('bootstrap.yaml', sandbox), 'utf8'));
  // A real cluster brings its own, and deploy/ what is Writ's.
  const isOfPeople = ({ subjects }: Manifest) =>
    ((subjects ?? []) as { kind: string }[]).some(({ kind }) => kind === 'User');
  const isOfProjects = (manifest: Manifest) => {
    const { kind, metadata } = manifest;
    if (kind.startsWith('ClusterRole')) return isOfPeople(manifest);
    return (metadata.namespace ?? metadata.name) !== 'writ-system';
  };
  return [...resourcesOf(deploy), ...bootstrap.filter(isOfProjects)];
}

/** The files that a kustomization lists, with its labels and without what it generates. */
function resourcesOf(folder: URL): Manifest[] {
  const { resources = [], labels = [] } = parse(readFileSync(new URL('kustomization.yaml', folder), 'utf8'));
  const pairs = Object.assign({}, ...labels.map(({ pairs }: { pairs: object }) => pairs));
  const manifests: Manifest[] = resources.flatMap((path: string) =>
    path.endsWith('.yaml')
      ? parseManifests(readFileSync(new URL(path, folder), 'utf8'))
      : resourcesOf(new URL(`${path}/`, folder)),
  );
  return manifests.map(({ metadata, ...manifest }) => ({
    ...manifest,
    metadata: { ...metadata, labels: { ...metadata.labels, ...pairs } },
  })) as Manifest[];
}

/** The API server takes up new policies within seconds. */
async function policiesInForce(admin: KubernetesClient): Promise<void> {
  const forged = session('a-probe', { spec: { userContext: { userId: 'somebody' } } });
  const token = '/api/v1/namespaces/writ-system/serviceaccounts/writ-api/token?dryRun=All';
  const asWrit = {
    'impersonate-user': 'system:serviceaccount:writ-system:writ-api',
    'impersonate-group': 'system:masters',
  };
  await until('the policies of deploy/', async () => {
    const answers = [
      await admin.post(`${SESSIONS('demo')}?dryRun=All`, forged),
      await admin.send('POST', token, { spec: {} }, asWrit),
    ];
    return answers.every(
      ({ status, body }) => status === 403 && /set by Writ alone|Writ mints/.test(body.message),
    );
  });
}

/**
 * The sandbox's demo objects, oldest first, under the UIDs and creation times that the server gives. Where the Job
 * controller runs, it makes the running session's pod.
 */
export async function seedDemo(admin: KubernetesClient, runsJobs: boolean, runsPods: boolean): Promise<void> {
  const objects = demoObjects();
  const uids = new Map<string, string>();
  const put = async (manifest: KubeObject) => {
    const [stored] = await applyManifests(admin, [withUids(manifest, uids)]);
    if (stored && manifest.metadata.uid) uids.set(manifest.metadata.uid, stored.metadata.uid);
  };
  const isRun = ({ kind }: KubeObject) => kind === 'Job' || kind === 'Pod';
  for (const object of objects.filter((object) => !isRun(object))) await put(object);
  for (const namespace of new Set(objects.map(({ metadata }) => metadata.namespace ?? '')))
    await until(
      `the default service account of ${namespace}`,
      async () => (await admin.get(`/api/v1/namespaces/${namespace}/serviceaccounts/default`)).status === 200,
    );
  for (const object of objects.filter(isRun)) {
    if (!runsJobs) await put(object);
    else if (object.kind === 'Job') await put(endless(object));
  }
  if (!runsJobs || !runsPods) return;
  await until('the demo session that runs', async () => {
    const { body } = await admin.get('/apis/batch/v1/namespaces/demo/jobs');
    return body.items.every(({ status }: { status?: { ready?: number } }) => status?.ready === 1);
  });
}

function demoObjects(): KubeObject[] {
  const text = readFileSync(new URL('demo.yaml', sandbox), 'utf8');
  const dated = text.replace(
    /<(\d+) minutes ago>/g,
    (_, n) => `"${timestamp(Date.now() - Number(n) * 60_000)}"`,
  );
  const born = ({ metadata }: KubeObject) => Date.parse(metadata.creationTimestamp) || 0;
  return parseManifests(dated).sort((a, b) => born(a) - born(b));
}

/** With the server's UIDs of the objects stored before, also where they are part of a name or label. */
function withUids(manifest: KubeObject, uids: Map<string, string>): KubeObject {
  let text = JSON.stringify(manifest);
  for (const [given, stored] of uids) text = text.replaceAll(given, stored);
  return JSON.parse(text);
}

/** The Job as its controller wants it, with a pod that runs for good. */
function endless({ status, spec, ...job }: KubeObject): KubeObject {
  const { template, ...rest } = spec as { template: { metadata: object; spec: object } };
  const annotations = { 'pod-complete.stage.kwok.x-k8s.io/delay': '24h' };
  const metadata = { ...template.metadata, annotations };
  return { ...job, spec: { ...rest, template: { ...template, metadata } } };
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not there after 120 s`);
    await sleep(50);
  }
}
