import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findBinaries } from '../cluster/binaries.ts';
import { startControlPlane } from '../cluster/control-plane.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { hasKubectl } from '../support/kubectl.ts';
import { buildWith, examples } from './my-writ.ts';
import { objectsIn, type Rendered } from './rendered.ts';

const canApply = hasKubectl(27, 'the examples on a real control plane');

describe.runIf(canApply)('the examples', () => {
  const directory = mkdtempSync(join(tmpdir(), 'writ-examples-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  started(
    DESCRIBE,
    async () => {
      const controlPlane = await startControlPlane({ binaries: await findBinaries(() => {}), runner: false });
      writeFileSync(join(directory, 'kubeconfig'), controlPlane.kubeconfig());
      return controlPlane;
    },
    ({ close }) => close(),
  );
  function apply(objects: Rendered[]) {
    const options = ['--kubeconfig', join(directory, 'kubeconfig'), '--context', 'admin'];
    const command = ['apply', '--server-side', '--force-conflicts', '--field-manager', 'writ', '-f', '-'];
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    return spawnSync('kubectl', [...options, ...command], { encoding: 'utf8', input });
  }

  it.each(examples)('%s is taken by the API server whole, without a warning', (example) => {
    // Only OpenShift has Routes.
    const objects = objectsIn(buildWith(example)).filter(({ kind }) => kind !== 'Route');
    const { status, stdout, stderr } = apply(objects);
    expect(status, stderr).toBe(0);
    expect(stderr).not.toMatch(/warning/i);
    expect(stdout.trim().split('\n')).toHaveLength(objects.length);
  });

  it.each(examples.flatMap((example) => ['deploy', 'deploy/coexistence'].map((base) => [example, base])))(
    '%s on %s leads from the host to pods that may be connected to',
    (example = '', base) => {
      const objects = objectsIn(buildWith(example, base));
      const inNamespace = (kind: string, namespace: string) =>
        objects.filter((object) => object.kind === kind && object.metadata.namespace === namespace);
      const [entry, ...others] = objects.filter(({ kind }) => kind === 'Ingress' || kind === 'Route');
      expect(others).toEqual([]);
      const { namespace } = entry.metadata;
      const { name, port } =
        entry.kind === 'Route'
          ? { name: entry.spec.to.name, port: entry.spec.port.targetPort }
          : { ...entry.spec.rules[0].http.paths[0].backend.service, port: 'http' };
      const service = inNamespace('Service', namespace).find(({ metadata }) => metadata.name === name);
      const [{ targetPort }] = service.spec.ports.filter((each: { name: string }) => each.name === port);
      const [deployment] = inNamespace('Deployment', namespace).filter(
        ({ spec }) => JSON.stringify(spec.template.metadata.labels) === JSON.stringify(service.spec.selector),
      );
      const ports = deployment.spec.template.spec.containers[0].ports.map(
        (each: { name: string }) => each.name,
      );
      expect(ports).toContain(targetPort);
      const [policy] = inNamespace('NetworkPolicy', namespace).filter(
        ({ spec }) => JSON.stringify(spec.podSelector.matchLabels) === JSON.stringify(service.spec.selector),
      );
      expect(policy.spec.ingress[0].ports).toEqual([{ port: targetPort, protocol: 'TCP' }]);
      expect(JSON.stringify(policy.spec.ingress[0].from)).toMatch(
        /ingress-nginx|network.openshift.io\/ingress/,
      );
      expect(JSON.stringify(entry.spec)).toMatch(/"tls":/);
    },
  );

  it('oauth2-proxy protects browsers: Writ knows of it, and its namespace may connect to Writ', () => {
    const objects = objectsIn(buildWith('oauth2-proxy'));
    const [api] = objects.filter(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'writ-api',
    );
    const env = api.spec.template.spec.containers[0].env;
    expect(env).toContainEqual({ name: 'WRIT_AUTHENTICATING_PROXY', value: 'true' });
    const [namespace] = objects.filter(({ metadata }) => metadata.name === 'writ-proxy');
    expect(namespace.metadata.labels['ambient-code.io/writ-client']).toBe('true');
  });
});
