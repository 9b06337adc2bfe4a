import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { hasKubectl } from '../support/kubectl.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const run = promisify(execFile);
/** The first version with all commands that are tested: `create token`, `auth whoami` and others. */
const MINIMUM_MINOR = 28;

describe.runIf(hasKubectl(MINIMUM_MINOR, 'kubectl on the sandbox'))('kubectl', () => {
  let sandbox: Sandbox;
  let directory: string;
  const environment = () => ({ ...process.env, KUBECONFIG: join(directory, 'kubeconfig'), HOME: directory });

  beforeAll(async () => {
    sandbox = await startSandbox({ runner: false });
    directory = mkdtempSync(join(tmpdir(), 'writ-sandbox-'));
    writeFileSync(join(directory, 'kubeconfig'), sandbox.kubeconfig(), { mode: 0o600 });
    // The first command fills kubectl's discovery cache.
    await kubectl('get', 'namespaces');
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(directory, { recursive: true });
  });

  async function kubectl(...args: string[]): Promise<string> {
    return (await run('kubectl', args, { env: environment() })).stdout;
  }

  /** What kubectl, which is expected to fail, prints to stderr. */
  async function refused(...args: string[]): Promise<string> {
    const error: unknown = await kubectl(...args).catch((failure: unknown) => failure);
    return String((error as { stderr?: string }).stderr);
  }

  function manifest(name: string, displayName: string): string {
    const file = join(directory, `${name}.yaml`);
    const yaml = `apiVersion: vteam.ambient-code/v1alpha1
kind: AgenticSession
metadata: { name: ${name} }
spec: { displayName: ${displayName}, repos: [{ url: "https://example.com/r", branch: main, autoPush: false }] }
`;
    writeFileSync(file, yaml);
    return file;
  }

  it('gets tables, YAML and single fields', async () => {
    const table = await kubectl('get', 'as');
    expect(table).toMatch(/^NAME +PHASE +DISPLAY NAME +AGE\n/);
    expect(table).toMatch(/\nfix-cart-rounding +Running +Fix rounding in the cart +24m\n/);
    expect(await kubectl('get', 'as', '-A')).toMatch(/\nresearch +reproduce-benchmark/);
    expect(await kubectl('get', 'as', 'migrate-ci', '-o', 'yaml')).toContain('phase: Failed');
    expect(await kubectl('get', 'as', 'migrate-ci', '-o', 'jsonpath={.status.phase}')).toBe('Failed');
    expect(await kubectl('get', 'pods,jobs,events,secrets,crd')).toContain('job.batch/session-');
    expect(await kubectl('get', 'as', '--chunk-size=2')).toBe(table);
  });

  it('watches for new objects', async () => {
    const watching = spawn('kubectl', ['get', 'configmaps', '-w', '--no-headers'], { env: environment() });
    let printed = '';
    const before = sandbox.requests.length;
    await vi.waitFor(
      () => expect(sandbox.requests.slice(before).map(({ verb }) => verb)).toContain('watch'),
      { timeout: 30_000 },
    );
    await kubectl('create', 'configmap', 'watched');
    for await (const chunk of watching.stdout) {
      printed += String(chunk);
      if (printed.includes('\n')) break;
    }
    watching.kill();
    expect(printed).toMatch(/^watched +\d+s/);
  });

  it('describes sessions, pods, jobs and namespaces', async () => {
    expect(await kubectl('describe', 'as', 'migrate-ci')).toMatch(/Reason: +BranchNotFound/);
    const pod = await kubectl('describe', 'pods');
    expect(pod).toMatch(/Status: +Running/);
    expect(pod).toMatch(/Normal +Started .*kubelet +Started container runner/);
    expect(await kubectl('describe', 'jobs')).toMatch(/Pods Statuses: +1 Active/);
    expect(await kubectl('describe', 'namespace', 'demo')).toContain('ambient-code.io/managed=true');
  });

  it('creates and deletes', async () => {
    expect(await kubectl('create', '-f', manifest('created', 'A'))).toContain('/created created');
    expect(await refused('create', '-f', manifest('created', 'A'))).toContain('AlreadyExists');
    expect(await kubectl('delete', 'as', 'created')).toContain('deleted');
    expect(await kubectl('create', 'namespace', 'short-lived')).toContain('created');
    expect(await kubectl('delete', 'namespace', 'short-lived')).toContain('deleted');
    expect(await kubectl('create', 'serviceaccount', 'made')).toContain('created');
    expect(await kubectl('create', 'token', 'made')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(await kubectl('create', 'secret', 'generic', 'made', '--from-literal=a=b')).toContain('created');
    expect(await kubectl('create', 'job', 'made', '--image=example/x')).toContain('created');
    expect(await kubectl('delete', 'job', 'made')).toContain('deleted');
  });

  it('applies a manifest, and applies it again with a change', async () => {
    const apply = (displayName: string) => kubectl('apply', '-f', manifest('applied', displayName));
    expect(await apply('A')).toContain('created');
    expect(await apply('A')).toContain('unchanged');
    expect(await apply('B')).toContain('configured');
    expect(await kubectl('get', 'as', 'applied', '-o', 'jsonpath={.spec.displayName}')).toBe('B');
    const roles = await kubectl('apply', '-f', 'deploy/roles/project-roles.yaml');
    expect(roles).toContain('clusterrole.rbac.authorization.k8s.io/ambient-project-edit configured');
  });

  it('reports unknown and invalid fields', async () => {
    const file = join(directory, 'wrong.yaml');
    const kind = 'apiVersion: vteam.ambient-code/v1alpha1\nkind: AgenticSession\nmetadata: { name: wrong }\n';
    writeFileSync(file, `${kind}spec: { surprise: 1 }\n`);
    expect(await refused('apply', '-f', file)).toContain('unknown field "spec.surprise"');
    writeFileSync(file, `${kind}spec: { timeout: -1 }\n`);
    expect(await refused('create', '-f', file)).toContain('spec.timeout: Invalid value: -1');
  });

  it('annotates, labels, patches and edits a status', async () => {
    const annotation = 'ambient-code.io/desired-phase=Running';
    expect(await kubectl('annotate', 'as', 'migrate-ci', annotation)).toContain('annotated');
    expect(await kubectl('label', 'as', 'migrate-ci', 'team=ci')).toContain('labeled');
    expect(await kubectl('get', 'as', '-l', 'team=ci', '-o', 'name')).toContain('/migrate-ci\n');
    const patch = ['patch', 'as', 'migrate-ci', '--type=merge', '-p'];
    await kubectl(...patch, '{"status":{"phase":"Pending"}}', '--subresource=status');
    expect(await kubectl('get', 'as', 'migrate-ci', '-o', 'jsonpath={.status.phase}')).toBe('Pending');
    await kubectl('annotate', 'namespace', 'demo', 'openshift.io/description=new', '--overwrite');
    expect(await kubectl('describe', 'namespace', 'demo')).toContain('description: new');
  });

  it('explains built-in and custom kinds', async () => {
    expect(await kubectl('explain', 'as.spec')).toMatch(/displayName\s+<string>/);
    expect(await kubectl('explain', 'pod.spec.containers')).toMatch(/image\s+<string>/);
    expect(await kubectl('explain', 'job', '--recursive')).toMatch(/activeDeadlineSeconds\s+<integer>/);
  });

  it('applies on the server, and says who owns what', async () => {
    const apply = (displayName: string, ...more: string[]) =>
      ['apply', '--server-side', '-f', manifest('owned', displayName), ...more] as const;
    expect(await kubectl(...apply('A'))).toContain('serverside-applied');
    await kubectl('patch', 'as', 'owned', '--type=merge', '-p', '{"spec":{"displayName":"B"}}');
    expect(await refused(...apply('C'))).toContain('conflict with "kubectl-patch"');
    expect(await kubectl(...apply('C', '--force-conflicts'))).toContain('serverside-applied');
    await kubectl('apply', '-f', manifest('migrated', 'A'));
    // kubectl hands over the fields that it has applied by itself when it first applies them on the server.
    for (const displayName of ['A', 'B']) {
      const migrated = ['apply', '--server-side', '-f', manifest('migrated', displayName)];
      expect(await kubectl(...migrated)).toContain('serverside-applied');
    }
    expect(await kubectl('get', 'as', 'migrated', '--show-managed-fields', '-o', 'yaml')).toContain(
      'manager: kubectl',
    );
  });

  it('shows the events of one object', async () => {
    const job = 'job/session-5e551000-0000-4000-8000-000000000002-1';
    expect(await kubectl('events', '--for', job)).toContain('Created pod');
    expect(await kubectl('events', '--for', 'agenticsessions/migrate-ci')).not.toContain('Created pod');
  });

  it('impersonates', async () => {
    expect(await kubectl('auth', 'can-i', 'create', 'as', '--as=alice')).toBe('yes\n');
    expect(await refused('get', 'secrets', '--as=victor')).toContain('User "victor" cannot list');
    expect(
      await kubectl('get', 'secrets', '--as=x', '--as-group=a', '--as-group=system:masters'),
    ).toBeDefined();
    expect(await refused('get', 'as', '--as=victor', '--context=alice')).toContain('cannot impersonate');
  });

  it('creates tokens, Jobs and CronJobs with protocol buffers', async () => {
    expect(await kubectl('create', 'token', 'default', '--duration=20m')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(await refused('create', 'token', 'default', '--duration=1m')).toContain('10 minutes');
    await kubectl('create', 'cronjob', 'nightly', '--image=x', '--schedule=0 0 * * *');
    expect(await kubectl('create', 'job', 'once', '--from=cronjob/nightly')).toContain('created');
    expect(await kubectl('get', 'all')).toContain('job.batch/once');
    expect(await refused('annotate', 'as', 'migrate-ci', 'ambient-code.io/requested-by=eve')).toContain(
      "ValidatingAdmissionPolicy 'writ-origin'",
    );
    expect(await refused('get', 'as', '-l', 'team=plat*')).toContain('a valid label must be');
  });

  it('reads logs', async () => {
    const job = 'job/session-5e551000-0000-4000-8000-000000000002-1';
    expect(await kubectl('logs', job, '--tail=1')).toBe('test fails as expected: 19.98 != 19.99\n');
    expect((await kubectl('logs', job)).split('\n')).toHaveLength(6);
    expect(await kubectl('logs', job, '--tail=1', '--timestamps')).toMatch(/^\d{4}-\S+Z test fails/);
    expect(await kubectl('logs', job, '--since-time=2100-01-01T00:00:00Z')).toBe('');
    expect(await refused('logs', job, '--previous')).toContain('previous terminated container "runner"');
  });

  it('discovers the resources', async () => {
    expect(await kubectl('api-resources')).toMatch(/agenticsessions +as +vteam.ambient-code\/v1alpha1 +true/);
    expect(await kubectl('version')).toContain('v1.30.0-sandbox');
  });

  it('reviews access and shows the user', async () => {
    expect(await kubectl('auth', 'can-i', 'create', 'agenticsessions', '--context=alice')).toBe('yes\n');
    const denied = run('kubectl', ['auth', 'can-i', 'create', 'as', '--context=victor'], {
      env: environment(),
    });
    await expect(denied).rejects.toMatchObject({ stdout: 'no\n' });
    expect(await kubectl('auth', 'can-i', '--list', '--context=victor')).toContain('pods/log');
    expect(await kubectl('auth', 'whoami', '--context=backend')).toContain('writ-system:writ-api');
  });

  it('reports what RBAC forbids', async () => {
    expect(await refused('delete', 'as', 'migrate-ci', '--context=alice')).toContain(
      'Error from server (Forbidden)',
    );
    expect(await refused('get', 'pods', '--context=mallory')).toContain('cannot list resource "pods"');
    expect(await refused('get', 'pods', '--token=bad')).toContain('Unauthorized');
  });
});
