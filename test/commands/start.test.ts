import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { base64, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { startProcess } from '../support/process.ts';
import { startTestCluster } from '../support/test-cluster.ts';

describe('a process of Writ', () => {
  const sandbox = startTestCluster();
  const kubeconfig = (user: object = { token: sandbox.identities.backend.token }) =>
    kubeconfigFile({ server: sandbox.server, 'certificate-authority-data': base64(sandbox.ca) }, user);

  async function busyPort(): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return String((server.address() as AddressInfo).port);
  }

  it.each([
    ['serve', 'WRIT_PORT'],
    ['serve', 'WRIT_ADMIN_PORT'],
    ['controller', 'WRIT_ADMIN_PORT'],
    ['sandbox', 'WRIT_SANDBOX_PORT'],
  ])('%s with a port that is in use names the setting %s', async (command, setting) => {
    const port = await busyPort();
    const ports = { WRIT_PORT: '0', WRIT_ADMIN_PORT: '0', WRIT_SANDBOX_PORT: '0', [setting]: port };
    const { code, lastLine } = await startProcess([command, '--kubeconfig', kubeconfig()], ports).exited;
    expect(lastLine).toBe(
      `${setting}: port ${port} at 127.0.0.1 is in use by another process (EADDRINUSE). Set another one; 0 picks a free port`,
    );
    expect(code).toBe(1);
  });

  it('names WRIT_HOST if it is no address of the machine', async () => {
    const ports = { WRIT_PORT: '0', WRIT_ADMIN_PORT: '0', WRIT_HOST: '192.0.2.1' };
    const { lastLine } = await startProcess(['serve', '--kubeconfig', kubeconfig()], ports).exited;
    expect(lastLine).toBe('WRIT_HOST: cannot listen on "192.0.2.1" (EADDRNOTAVAIL)');
  });

  it.each(['serve', 'controller'])(
    '%s says at the start where and why it cannot reach the cluster',
    async (command) => {
      const file = kubeconfigFile({ server: 'https://127.0.0.1:1' }, { token: 'CANARY' });
      const { code, lastLine } = await startProcess([command, '--kubeconfig', file]).exited;
      expect(lastLine).toBe(
        'The cluster cannot be reached: https://127.0.0.1:1: connection refused: nothing listens there (ECONNREFUSED)',
      );
      expect(code).toBe(1);
    },
  );

  it.each(['serve', 'controller'])('%s does not start with a plugin that is not there', async (command) => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'not-installed',
      installHint: 'Install it\nfirst',
    };
    const { code, lastLine } = await startProcess([command, '--kubeconfig', kubeconfig({ exec })]).exited;
    expect(lastLine).toBe(
      "Writ's own credentials cannot be read: the credential plugin not-installed cannot be run (ENOENT): Install it first",
    );
    expect(code).toBe(1);
  });

  it('reads KUBECONFIG as a list', async () => {
    const KUBECONFIG = `/not/there:${kubeconfig()}`;
    const writ = startProcess(['serve'], { KUBECONFIG, WRIT_PORT: '0', WRIT_ADMIN_PORT: '0' });
    await writ.printed(/API started/);
  });

  it('API and controller run side by side with the same settings', async () => {
    const file = kubeconfig({ token: sandbox.identities.admin.token });
    const admins = [];
    for (const command of ['serve', 'controller']) {
      const { printed } = startProcess([command, '--kubeconfig', file], { WRIT_PORT: '0' });
      const [, url = ''] = await printed(/"adminUrl":"([^"]+)"/);
      admins.push(url);
    }
    for (const url of admins) expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(new Set(admins).size).toBe(2);
  });
});
