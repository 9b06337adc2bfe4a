import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kubeconfig } from '../../src/sandbox/kubeconfig.ts';
import { baseManifests } from '../cluster/seed.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { hasKubectl } from '../support/kubectl.ts';
import { startTestCluster } from '../support/test-cluster.ts';

/** The version that docs/deployment.md asks for. */
const MINIMUM_MINOR = 27;

describe.runIf(hasKubectl(MINIMUM_MINOR, 'kubectl apply -k deploy'))('kubectl apply -k deploy', () => {
  const cluster = inject('cluster');
  startTestCluster();
  const directory = started(
    DESCRIBE,
    async () => mkdtempSync(join(tmpdir(), 'writ-apply-')),
    (path) => rmSync(path, { recursive: true }),
  );

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
    const file = join(directory(), 'kubeconfig');
    writeFileSync(file, kubeconfig(cluster.server, cluster.ca, { admin: cluster.identities.admin.token }));
    const command = ['--kubeconfig', file, 'apply', '-k', 'deploy', '--server-side', '--force-conflicts'];
    for (let time = 1; time <= 2; time += 1) {
      const { status, stdout, stderr } = spawnSync('kubectl', command, { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      expect(stdout.trim().split('\n')).toHaveLength(objects.length);
    }
  });
});
