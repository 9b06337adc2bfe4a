import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { kubeconfig } from '../../src/sandbox/kubeconfig.ts';
import { baseManifests } from '../cluster/seed.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { untilBound } from '../support/in-force.ts';
import { hasKubectl } from '../support/kubectl.ts';
import { CORE, heldPod, JOBS, NAMESPACES } from '../support/objects.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { startWrit } from '../support/writ.ts';

/** The version that docs/deployment.md asks for. */
const MINIMUM_MINOR = 27;
const canApply = hasKubectl(MINIMUM_MINOR, 'kubectl apply -k of deploy and deploy/project');

const startDirectory = () =>
  started(
    DESCRIBE,
    async () => mkdtempSync(join(tmpdir(), 'writ-apply-')),
    (path) => rmSync(path, { recursive: true }),
  );

/** kubectl as the cluster's administrator. */
function startKubectl() {
  const cluster = inject('cluster');
  const directory = startDirectory();
  return (...command: string[]) => {
    const file = join(directory(), 'kubeconfig');
    writeFileSync(file, kubeconfig(cluster.server, cluster.ca, { admin: cluster.identities.admin.token }));
    return spawnSync('kubectl', ['--kubeconfig', file, ...command], { encoding: 'utf8' });
  };
}

describe.runIf(canApply)('kubectl apply -k deploy', () => {
  startTestCluster();
  const kubectl = startKubectl();

  type Named = { kind: string; metadata: { name: string } };
  const idOf = ({ kind, metadata: { name } }: Named) => `${kind}/${name}`;
  let objects: Named[] = [];
  beforeAll(() => {
    const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', 'deploy'], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    objects = parseAllDocuments(stdout).map((document) => document.toJS() as Named);
  });

  it('installs what the suite runs with, and the runners it configures', () => {
    const seeded = baseManifests().map(idOf);
    const others = objects.map(idOf).filter((id) => !seeded.includes(id));
    expect(others).toEqual([expect.stringMatching(/^ConfigMap\/writ-runners/)]);
  });

  it('is taken by the API server whole, twice', () => {
    for (let time = 1; time <= 2; time += 1) {
      const { status, stdout, stderr } = kubectl(
        'apply',
        '-k',
        'deploy',
        '--server-side',
        '--force-conflicts',
      );
      expect(status, stderr).toBe(0);
      expect(stdout.trim().split('\n')).toHaveLength(objects.length);
    }
  });
});

describe.runIf(canApply)('kubectl apply -n PROJECT -k deploy/project', () => {
  const project = 'by-the-book';
  const writ = startWrit();
  const admin = writ.kubernetes('admin');
  const kubectl = startKubectl();
  const CREATE =
    'mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { uid } } }';
  const apply = () => kubectl('apply', '-n', project, '-k', 'deploy/project');
  beforeAll(async () => {
    await admin.create(NAMESPACES, {
      metadata: { name: project, labels: { 'ambient-code.io/managed': 'true' } },
    });
    await admin.create(CORE(project, 'secrets'), {
      metadata: { name: 'ambient-runner-secrets' },
      stringData: { ANTHROPIC_API_KEY: 'x' },
    });
  });

  it('is taken by the API server whole, twice', () => {
    for (let time = 1; time <= 2; time += 1) {
      const { status, stdout, stderr } = apply();
      expect(status, stderr).toBe(0);
      expect(stderr).not.toMatch(/warning/i);
      expect(stdout.trim().split('\n')).toHaveLength(3);
    }
  });

  it('gives Writ the rights that it needs there, and selects the pods of runs and no others', async () => {
    expect(apply().status).toBe(0);
    const { rules } = (
      await admin.get('/apis/rbac.authorization.k8s.io/v1/clusterroles/writ-backend-project')
    ).body;
    await untilBound(admin, project, rules, { name: 'writ-api', namespace: 'writ-system' });
    const { data, errors } = await writ.as('admin', CREATE, { input: { project } });
    expect(errors).toBeUndefined();
    const { uid } = data.createSession.session;
    const job = (await admin.get(`${JOBS(project)}/session-${uid}-1`)).body;
    await admin.create(CORE(project, 'pods'), heldPod('of-a-run', job.spec.template.metadata));
    await admin.create(CORE(project, 'pods'), heldPod('other', { labels: { app: 'database' } }));

    const policies = `/apis/networking.k8s.io/v1/namespaces/${project}/networkpolicies`;
    const { podSelector } = (await admin.get(`${policies}/writ-runs`)).body.spec;
    const [{ key, operator }] = podSelector.matchExpressions;
    expect([podSelector.matchLabels, operator]).toEqual([undefined, 'Exists']);
    const pods = await admin.get(`${CORE(project, 'pods')}?labelSelector=${encodeURIComponent(key)}`);
    const names = pods.body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    expect(names).toEqual(['of-a-run']);
  });
});

/** The kustomization in docs/deployment.md that is based on this directory. */
function documentedKustomization(base: string): string {
  const found = readFileSync('docs/deployment.md', 'utf8')
    .match(/(?<=```yaml\n)[^`]*/g)
    ?.filter((block) => block.includes(`resources: [${base}]`));
  expect(found).toHaveLength(1);
  return found?.[0] ?? '';
}

describe.runIf(canApply)('kubectl apply -k my-writ, as in docs/deployment.md', () => {
  startTestCluster();
  const kubectl = startKubectl();
  const directory = startDirectory();

  it('creates the policies before the rights that they limit, and the pods last', () => {
    const target = join(directory(), 'my-writ');
    mkdirSync(target);
    writeFileSync(join(target, 'kustomization.yaml'), documentedKustomization('../writ/deploy'));
    copyFileSync('config/runners.yaml', join(target, 'runners.yaml'));
    symlinkSync(process.cwd(), join(directory(), 'writ'));
    const { status, stdout, stderr } = kubectl(
      'apply',
      '-k',
      target,
      '--server-side',
      '--force-conflicts',
      '--dry-run=server',
    );
    expect(status, stderr).toBe(0);
    const order = stdout.split('\n').map((line) => line.split(/[./]/)[0] ?? '');
    const policies = order.lastIndexOf('validatingadmissionpolicybinding');
    expect(policies).toBeGreaterThan(0);
    expect(order.indexOf('clusterrole')).toBeGreaterThan(policies);
    expect(order.indexOf('deployment')).toBeGreaterThan(order.lastIndexOf('clusterrolebinding'));
  });
});

describe.runIf(canApply)('kubectl apply -n PROJECT -k my-project, as in docs/deployment.md', () => {
  const project = 'with-a-patch';
  const admin = startTestCluster().as('admin');
  const kubectl = startKubectl();
  const directory = startDirectory();

  it('adds the addresses of the API server to the NetworkPolicy, and nothing else', async () => {
    const documented = documentedKustomization('../writ/deploy/project');
    mkdirSync(join(directory(), 'my-project'));
    writeFileSync(join(directory(), 'my-project/kustomization.yaml'), documented);
    symlinkSync(process.cwd(), join(directory(), 'writ'));
    await admin.create(NAMESPACES, { metadata: { name: project } });
    const { status, stderr } = kubectl('apply', '-n', project, '-k', join(directory(), 'my-project'));
    expect(status, stderr).toBe(0);
    const policies = `/apis/networking.k8s.io/v1/namespaces/${project}/networkpolicies`;
    const { egress, ...others } = (await admin.get(`${policies}/writ-runs`)).body.spec;
    const base = parse(readFileSync('deploy/project/network-policy.yaml', 'utf8'));
    const { egress: baseEgress, ...baseOthers } = base.spec;
    expect(others).toEqual(baseOthers);
    expect(egress.slice(0, -1)).toEqual(baseEgress);
    expect(egress.at(-1).to).toEqual([
      { ipBlock: { cidr: '10.96.0.1/32' } },
      { ipBlock: { cidr: '172.18.0.2/32' } },
    ]);
    const ports = egress.at(-1).ports.map(({ port }: { port: number }) => port);
    expect(ports).toEqual([443, 6443]);
  });
});
