import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBinaries } from '../cluster/binaries.ts';
import { startControlPlane } from '../cluster/control-plane.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { hasKubectl } from '../support/kubectl.ts';
import { CORE, NAMESPACES, SESSIONS, session } from '../support/objects.ts';
import { hasTool } from './go-tools.ts';
import { CHARTS, useHelm, type Values } from './rendered.ts';

const canInstall = hasTool('helm') && hasKubectl(27, 'the charts on a real control plane');

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const DEPLOYMENT = '/apis/apps/v1/namespaces/writ-system/deployments/writ-api';
const DEFINITION =
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/agenticsessions.vteam.ambient-code';
const POLICY = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/writ-key';
const MEMBER_ROLE = `${RBAC}/clusterroles/ambient-project-view`;
const MEMBER = `${RBAC}/namespaces/demo/rolebindings/alice`;
const SESSION = `${SESSIONS('demo')}/kept`;

const TAKE_OVER = ['--take-ownership', '--force-conflicts'];

/* The tests follow each other: each starts from what the one before has left. */
describe.runIf(canInstall)('the charts on a cluster', () => {
  const { home, helm, render } = useHelm();
  const cluster = started(
    DESCRIBE,
    async () => {
      const controlPlane = await startControlPlane({ binaries: await findBinaries(() => {}), runner: false });
      writeFileSync(join(home, 'kubeconfig'), controlPlane.kubeconfig());
      const { admin } = controlPlane;
      // The tests' control plane brings it.
      await admin.delete(`${NAMESPACES}/writ-system`);
      await eventually(async () => expect((await admin.get(`${NAMESPACES}/writ-system`)).status).toBe(404));
      return controlPlane;
    },
    ({ close }) => close(),
  );
  const access = () => ['--kubeconfig', join(home, 'kubeconfig')];
  const kubectl = (args: string[], input?: string) =>
    spawnSync('kubectl', [...access(), '--context', 'admin', ...args], { encoding: 'utf8', input });
  const run = (args: string[], values?: Values) =>
    helm([...args, ...access(), '--kube-context', 'admin'], values);
  const succeeds = (args: string[], values?: Values) => {
    const { status, stderr } = run(args, values);
    expect(status, stderr).toBe(0);
  };
  const IN_KUBE_SYSTEM = ['--namespace', 'kube-system'];
  const installBase = (...options: string[]) =>
    succeeds(['install', 'writ-base', CHARTS.base, ...IN_KUBE_SYSTEM, ...options]);
  const statusOf = async (...paths: string[]) =>
    Promise.all(paths.map(async (path) => (await cluster().admin.get(path)).status));

  it('writ is refused without the policies that limit its rights', async () => {
    const { status, stderr } = run(['install', 'writ', CHARTS.writ]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('install the chart writ-base first')]);
    expect(await statusOf(`${RBAC}/clusterroles/writ-api`)).toEqual([404]);
  });

  it('both are installed, in the order of docs/deployment.md', async () => {
    installBase();
    const other = run(['install', 'writ', CHARTS.writ], { coexistence: true });
    expect([other.status, other.stderr]).toEqual([
      1,
      expect.stringContaining('The value coexistence is not'),
    ]);
    succeeds(['install', 'writ', CHARTS.writ]);
    expect(await statusOf(DEPLOYMENT, DEFINITION, POLICY, MEMBER_ROLE)).toEqual([200, 200, 200, 200]);
    const labels = (await cluster().admin.get(`${NAMESPACES}/writ-system`)).body.metadata.labels;
    expect(labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
    const asWrit = {
      'impersonate-user': 'system:serviceaccount:writ-system:writ-api',
      'impersonate-group': 'system:masters',
    };
    await eventually(async () => {
      const secret = { metadata: { name: 'any' } };
      const { status, body } = await cluster().admin.send(
        'POST',
        CORE('writ-system', 'secrets'),
        secret,
        asWrit,
      );
      expect([status, body.message]).toEqual([
        403,
        expect.stringMatching(/ValidatingAdmissionPolicy 'writ-/),
      ]);
    });
  });

  it('with every value, the API server takes all objects', () => {
    const scheduling = {
      nodeSelector: { pool: 'a' },
      tolerations: [{ key: 'a', operator: 'Exists' }],
      affinity: { nodeAffinity: {} },
      topologySpreadConstraints: [
        { topologyKey: 'rack', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: {} },
      ],
      priorityClassName: 'system-cluster-critical',
      podAnnotations: { a: 'b' },
      podLabels: { a: 'b' },
      serviceAccount: { annotations: { a: 'b' } },
      podDisruptionBudget: { enabled: true, maxUnavailable: '50%' },
    };
    const text = render('writ', {
      image: { digest: `sha256:${'a'.repeat(64)}`, pullPolicy: 'Always' },
      imagePullSecrets: [{ name: 'registry' }],
      settings: { WRIT_BASE_PATH: '/writ' },
      schedules: { url: 'https://writ.example.com/writ/graphql' },
      api: { ...scheduling, autoscaling: { enabled: true } },
      controller: scheduling,
      networkPolicy: {
        clients: [{ podSelector: {} }],
        apiServer: { to: [{ ipBlock: { cidr: '10.0.0.1/32' } }] },
      },
      ingress: {
        enabled: true,
        host: 'a.example.com',
        className: 'nginx',
        tlsSecretName: 'tls',
        annotations: { a: 'b' },
      },
    });
    const command = ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'];
    const { status, stdout, stderr } = kubectl(command, text);
    expect(status, stderr).toBe(0);
    // Of the Pod Security Standard, which the namespace asks for.
    expect(stderr).not.toMatch(/warning/i);
    expect(stdout).toMatch(/horizontalpodautoscaler.*\n/);
  });

  it('an upgrade changes what the values change, and the custom resource definitions', async () => {
    const { admin } = cluster();
    await admin.create(NAMESPACES, {
      metadata: { name: 'demo', labels: { 'ambient-code.io/managed': 'true' } },
    });
    await admin.create(SESSIONS('demo'), session('kept'));
    await admin.create(`${RBAC}/namespaces/demo/rolebindings`, {
      metadata: { name: 'alice' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'ambient-project-view' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'alice' }],
    });
    const newer = join(home, 'newer');
    cpSync(CHARTS.base, newer, { recursive: true });
    const file = join(newer, 'templates/crds/agenticsessions.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('shortNames: [as]', 'shortNames: [as, newer]'));
    succeeds(['upgrade', 'writ-base', newer, ...IN_KUBE_SYSTEM]);
    expect((await admin.get(DEFINITION)).body.spec.names.shortNames).toEqual(['as', 'newer']);

    succeeds(['upgrade', 'writ', CHARTS.writ], {
      settings: { WRIT_LOG_LEVEL: 'debug' },
      api: { autoscaling: { enabled: true } },
      networkPolicy: { enabled: false },
    });
    const [container] = (await admin.get(DEPLOYMENT)).body.spec.template.spec.containers;
    expect(container.env).toContainEqual({ name: 'WRIT_LOG_LEVEL', value: 'debug' });
    const scaler = '/apis/autoscaling/v2/namespaces/writ-system/horizontalpodautoscalers/writ-api';
    const network = '/apis/networking.k8s.io/v1/namespaces/writ-system/networkpolicies/writ-api';
    expect(await statusOf(scaler, network, SESSION)).toEqual([200, 404, 200]);
  });

  it('removing writ removes its rights, and nothing of the projects', async () => {
    succeeds(['uninstall', 'writ']);
    const removed = [
      DEPLOYMENT,
      `${RBAC}/clusterrolebindings/writ-api`,
      `${RBAC}/clusterroles/writ-backend-project`,
    ];
    await eventually(async () => expect(await statusOf(...removed)).toEqual([404, 404, 404]));
    expect(await statusOf(POLICY, DEFINITION, SESSION, MEMBER, MEMBER_ROLE)).toEqual([
      200, 200, 200, 200, 200,
    ]);
  });

  it('removing writ-base removes the policies, and neither sessions nor the namespace', async () => {
    succeeds(['uninstall', 'writ-base', ...IN_KUBE_SYSTEM]);
    expect(await statusOf(POLICY)).toEqual([404]);
    const kept = [DEFINITION, SESSION, MEMBER, MEMBER_ROLE, `${NAMESPACES}/writ-system`];
    expect(await statusOf(...kept)).toEqual([200, 200, 200, 200, 200]);
    expect((await cluster().admin.get(`${NAMESPACES}/writ-system`)).body.status.phase).toBe('Active');
  });

  it('an installation after that takes over what was kept', async () => {
    installBase();
    succeeds(['install', 'writ', CHARTS.writ]);
    expect(await statusOf(DEPLOYMENT, POLICY, SESSION)).toEqual([200, 200, 200]);
    succeeds(['uninstall', 'writ']);
    succeeds(['uninstall', 'writ-base', ...IN_KUBE_SYSTEM]);
  });

  it('an installation by kubectl is taken over on request alone', async () => {
    const apply = ['apply', '--server-side', '--force-conflicts', '--field-manager', 'writ', '-k', 'deploy'];
    const { status, stderr } = kubectl(apply);
    expect(status, stderr).toBe(0);
    const refused = run(['install', 'writ-base', CHARTS.base, ...IN_KUBE_SYSTEM]);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('cannot be imported')]);
    installBase(...TAKE_OVER);
    succeeds(['install', 'writ', CHARTS.writ, ...TAKE_OVER]);
    expect(await statusOf(DEPLOYMENT, POLICY, SESSION)).toEqual([200, 200, 200]);
  });
});
