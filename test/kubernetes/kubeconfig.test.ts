import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCluster } from '../../src/kubernetes/connection/kubeconfig.ts';

describe('a kubeconfig that cannot be used', () => {
  const directory = mkdtempSync(join(tmpdir(), 'writ-kubeconfig-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const load = (text: string) => {
    const kubeconfig = join(directory, 'config');
    writeFileSync(kubeconfig, text);
    return () => loadCluster({ kubeconfigs: [kubeconfig] });
  };

  it.each([
    ['broken YAML', 'users:\n- name: a\n  user:\n    token: CANARY-TOKEN\n   bad: [indent'],
    ['no kubeconfig', 'just a CANARY-TOKEN'],
    ['odd users', 'users: {token: CANARY-TOKEN}'],
  ])('is refused, and nothing of it is quoted: %s', (_, text) => {
    let said = '';
    try {
      load(text)();
    } catch (error) {
      said = String((error as Error).message);
    }
    expect(said).toContain(directory);
    expect(said).not.toContain('CANARY');
  });

  it('whose plugin fails gives UNAVAILABLE, and nothing that the plugin printed', async () => {
    const text = JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [
        {
          name: 'u',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: 'sh',
              args: ['-c', 'echo CANARY-TOKEN >&2; exit 1'],
            },
          },
        },
      ],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    });
    const failure = await load(text)()
      .backendCredential()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'UNAVAILABLE' });
    expect(String((failure as Error).stack)).not.toContain('CANARY');
  });

  it('that is not there is named, with the reason', () => {
    const absent = join(directory, 'absent');
    const asked = () => loadCluster({ kubeconfigs: [absent] });
    expect(asked).toThrow(`${absent} cannot be read as a kubeconfig (ENOENT)`);
  });
});
