import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseManifests } from '../../src/sandbox/manifests.ts';
import { findBinaries } from '../cluster/binaries.ts';
import { startControlPlane } from '../cluster/control-plane.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { hasKubectl } from '../support/kubectl.ts';
import { NAMESPACES, SESSIONS } from '../support/objects.ts';

/*
 * A cluster on which another platform owns the custom resource definitions and the project roles. The tests follow each other:
 * each starts from what the one before has left.
 */

const PLATFORM = 'test/proof/platform';
const OVERLAY = 'deploy/coexistence';
/** As docs/deployment.md says. */
const INSTALL = ['apply', '--server-side', '--field-manager', 'writ', '-k'];

type Schema = { properties?: Record<string, Schema>; items?: Schema; default?: unknown };

/** Of each field of a schema, its path and default. */
function fieldsOf({ properties = {}, items }: Schema, path = ''): [string, unknown][] {
  return [
    ...Object.entries(properties).flatMap(([name, schema]): [string, unknown][] => [
      [`${path}.${name}`, schema.default],
      ...fieldsOf(schema, `${path}.${name}`),
    ]),
    ...(items ? fieldsOf(items, `${path}[]`) : []),
  ];
}

function definitionsIn(directory: string, files: string[]) {
  const manifests = files.flatMap((file) => parseManifests(readFileSync(join(directory, file), 'utf8')));
  const schemaOf = ({ spec }: (typeof manifests)[number]) =>
    (spec as { versions: { schema: { openAPIV3Schema: Schema } }[] }).versions[0]?.schema.openAPIV3Schema;
  return new Map(
    manifests.map((manifest) => [
      manifest.metadata.name,
      new Map(fieldsOf(schemaOf(manifest) ?? expect.fail())),
    ]),
  );
}

it("Writ's definitions have all fields of the platform's, and the defaults that choose nothing for a user", () => {
  const theirs = definitionsIn(PLATFORM, ['custom-resources.yaml']);
  const own = definitionsIn('deploy/crds', ['agenticsessions.yaml', 'projectsettings.yaml']);
  const others: string[] = [];
  for (const [name, fields] of theirs)
    for (const [path, value] of fields) {
      expect([...(own.get(name)?.keys() ?? [])]).toContain(path);
      if (own.get(name)?.get(path) !== value) others.push(path);
    }
  expect(others).toEqual([
    '.spec.interactive',
    '.spec.llmSettings.model',
    '.spec.llmSettings.temperature',
    '.spec.llmSettings.maxTokens',
    '.spec.autoPushOnComplete',
  ]);
});

const canApply = hasKubectl(27, 'kubectl apply -k deploy/coexistence');

describe.runIf(canApply)("a cluster with another platform's resources and roles", () => {
  const directory = mkdtempSync(join(tmpdir(), 'writ-coexistence-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const cluster = started(
    DESCRIBE,
    async () => {
      const controlPlane = await startControlPlane({
        binaries: await findBinaries(() => {}),
        runner: false,
      });
      writeFileSync(join(directory, 'kubeconfig'), controlPlane.kubeconfig());
      return controlPlane;
    },
    ({ close }) => close(),
  );
  const kubectl = (...command: string[]) => {
    const options = ['--kubeconfig', join(directory, 'kubeconfig'), '--context', 'admin'];
    return spawnSync('kubectl', [...options, ...command], { encoding: 'utf8' });
  };
  const succeeds = (...command: string[]) => {
    const { status, stdout, stderr } = kubectl(...command);
    expect(status, stderr).toBe(0);
    return stdout;
  };

  const manifests = ['custom-resources.yaml', 'roles.yaml'].flatMap((file) =>
    parseManifests(readFileSync(join(PLATFORM, file), 'utf8')),
  );
  const pathOf = ({ kind, metadata: { name } }: (typeof manifests)[number]) =>
    kind === 'ClusterRole'
      ? `/apis/rbac.authorization.k8s.io/v1/clusterroles/${name}`
      : `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
  /** What the platform's objects say, without what the server notes about them. */
  async function platformObjects() {
    const read = manifests.map(async (manifest) => (await cluster().admin.get(pathOf(manifest))).body);
    return (await Promise.all(read)).map(({ kind, metadata, spec, rules }) => {
      const { name, uid, labels, generation } = metadata;
      return { kind, name, uid, labels, generation, spec, rules };
    });
  }
  const isPresent = async () =>
    (await Promise.all(manifests.map((manifest) => cluster().admin.get(pathOf(manifest))))).map(
      ({ status }) => status,
    );
  const applyPlatform = () => succeeds('apply', '-f', PLATFORM);
  const all = (status: number) => manifests.map(() => status);

  it('refuses the full installation: nothing of the platform changes, and kubectl says which objects are there', async () => {
    applyPlatform();
    const before = await platformObjects();
    const { status, stderr } = kubectl(...INSTALL, 'deploy');
    expect(status).toBe(1);
    expect(stderr.match(/Apply failed with \d+ conflict/g)).toHaveLength(manifests.length);
    expect(await platformObjects()).toEqual(before);
  });

  it('refuses it too as a client-side apply that would replace them, once the policies are in force', async () => {
    const before = await platformObjects();
    const deadline = Date.now() + 60_000;
    for (;;) {
      const { status, stderr } = kubectl('apply', '--dry-run=server', '-k', 'deploy');
      const denied = stderr.match(/not of Writ's installation: use deploy\/coexistence/g) ?? [];
      if (status === 1 && denied.length === manifests.length) break;
      if (Date.now() > deadline) expect.fail(`${status}: ${stderr}`);
    }
    kubectl('apply', '-k', 'deploy');
    expect(await platformObjects()).toEqual(before);
    succeeds('delete', '-k', OVERLAY, '--wait', '--ignore-not-found');
    const origin = 'validatingadmissionpolicy,validatingadmissionpolicybinding';
    succeeds('delete', origin, 'writ-origin', '--wait');
    expect(await isPresent()).toEqual(all(200));
  });

  it("takes deploy/coexistence, twice, and leaves the platform's objects as they are", async () => {
    const before = await platformObjects();
    for (let time = 1; time <= 2; time += 1) succeeds(...INSTALL, OVERLAY);
    expect(await platformObjects()).toEqual(before);
  });

  it("keeps the platform's fields and defaults in its sessions", async () => {
    const { admin } = cluster();
    await admin.create(NAMESPACES, { metadata: { name: 'shared' } });
    const stored = await admin.create(SESSIONS('shared'), {
      apiVersion: 'vteam.ambient-code/v1alpha1',
      kind: 'AgenticSession',
      metadata: { name: 'theirs' },
      spec: {
        llmSettings: {},
        activeWorkflow: {},
        repos: [{ url: 'https://example.com/r' }],
        userContext: { userId: 'by-their-backend' },
      },
    });
    expect(stored.spec).toEqual({
      interactive: true,
      timeout: 300,
      autoPushOnComplete: false,
      llmSettings: { model: 'claude-3-7-sonnet-latest', temperature: 0.7, maxTokens: 4000 },
      activeWorkflow: { branch: 'main' },
      repos: [{ url: 'https://example.com/r', branch: 'main', autoPush: false }],
      userContext: { userId: 'by-their-backend' },
    });
  });

  it('keeps them when deploy/coexistence is deleted, and takes the platform after it', async () => {
    succeeds('delete', '-k', OVERLAY, '--wait');
    expect(await isPresent()).toEqual(all(200));
    succeeds('delete', '-f', PLATFORM, '--wait');
    succeeds(...INSTALL, OVERLAY);
    expect(await isPresent()).toEqual(all(404));
    applyPlatform();
    const before = await platformObjects();
    succeeds(...INSTALL, OVERLAY);
    expect(await platformObjects()).toEqual(before);
    for (const { kind, name, rules } of before)
      if (kind === 'ClusterRole')
        expect(rules).toEqual(manifests.find(({ metadata }) => metadata.name === name)?.rules);
  });
});
