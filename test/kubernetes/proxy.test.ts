import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { explain } from '../../src/errors.ts';
import { loadCluster } from '../../src/kubernetes/connection/kubeconfig.ts';
import { proxyFromEnvironment } from '../../src/kubernetes/connection/proxy.ts';
import { probeCluster } from '../../src/kubernetes/probe.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { DESCRIBE, inTest } from '../support/hooks.ts';
import { base64, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { transportTo } from '../support/transport.ts';
import { startWritOn, type WritOptions } from '../support/writ.ts';

describe('a cluster behind a proxy', () => {
  const sandbox = startTestCluster();

  it('is reached through it, by users and by Writ', async () => {
    const proxy = await startConnectProxy('me:pass:word');
    const cluster = load({ 'proxy-url': proxy.url });
    const start = (options: WritOptions, hooks = DESCRIBE) => startWritOn(sandbox, options, hooks);
    const writ = await inTest(start, { endpoints: () => cluster });
    const input = { project: 'demo', start: false };
    const { errors } = await writ.as('alice', createSessionMutation(), { input });
    expect(errors).toBeUndefined();
    const { host } = new URL(sandbox.server);
    expect(new Set(proxy.tunnels)).toEqual(new Set([host]));
    // Users and the backend have connections of their own.
    expect(proxy.tunnels.length).toBeGreaterThan(1);
  });

  it.each([
    ['that wants another password', 'me:other', /through the proxy http:\S+\): the proxy answered 407/],
    [
      'that is not there',
      undefined,
      /through the proxy http:\S+\): the proxy cannot be reached \(ECONNREFUSED\)/,
    ],
  ])('%s is named, and its password is not', async (_, credentials, why) => {
    const proxy = await startConnectProxy('me:pass');
    const port = credentials ? proxy.port : 1;
    const url = `http://${credentials ?? 'me:CANARY'}@127.0.0.1:${port}`;
    const transport = transportTo(load({ 'proxy-url': url }).endpoint);
    const failure = await probeCluster(transport).catch((error: Error) => explain(error));
    await transport.destroy();
    expect(failure).toMatch(why);
    expect(failure).not.toMatch(/CANARY|other|me:/);
  });

  function load(more: object) {
    const cluster = { server: sandbox.server, 'certificate-authority-data': base64(sandbox.ca), ...more };
    return loadCluster({
      kubeconfigs: [kubeconfigFile(cluster, { token: sandbox.identities.backend.token })],
    });
  }
});

describe('the proxy that the environment names', () => {
  const proxied = (server: string, environment: Record<string, string>) =>
    proxyFromEnvironment(server, readConfig(environment).cluster.proxies)?.href;
  const HTTPS_PROXY = 'http://proxy:3128';

  it.each([
    ['https://k8s.example.com', { HTTPS_PROXY }, true],
    ['https://k8s.example.com', { https_proxy: HTTPS_PROXY }, true],
    ['https://k8s.example.com', { HTTPS_PROXY: 'proxy:3128' }, true],
    ['https://k8s.example.com', { HTTP_PROXY: HTTPS_PROXY }, false],
    ['http://k8s.example.com', { HTTP_PROXY: HTTPS_PROXY }, true],
    ['https://k8s.example.com', {}, false],
    ['https://localhost:6443', { HTTPS_PROXY }, false],
    ['https://127.0.0.1:6443', { HTTPS_PROXY }, false],
    ['https://[::1]:6443', { HTTPS_PROXY }, false],
  ])('%s with %j: %s', (server, environment, isProxied) => {
    expect(proxied(server, environment as Record<string, string>)).toBe(
      isProxied ? 'http://proxy:3128/' : undefined,
    );
  });

  it.each([
    ['https://172.30.0.1', '.svc,10.128.0.0/14,172.30.0.0/16', false],
    ['https://172.31.0.1', '.svc,172.30.0.0/16', true],
    ['https://10.0.0.1', '10.0.0.1', false],
    ['https://10.0.0.10', '10.0.0.1', true],
    ['https://[fd00::1]', 'fd00::/8', false],
    ['https://[fd00::1]', 'FD00:0::1', false],
    ['https://[fd00::1]:6443', '[fd00::1]:443', true],
    ['https://[fe80::1]', 'fd00::/8, 10.0.0.0/8', true],
    ['https://example.com', 'example.com', false],
    ['https://k8s.example.com', 'EXAMPLE.com', false],
    ['https://notexample.com', 'example.com', true],
    ['https://example.com', '.example.com', true],
    ['https://k8s.example.com', '*.example.com', false],
    ['https://k8s.example.com', 'example.com:443', false],
    ['https://k8s.example.com:6443', 'example.com:443', true],
    ['https://k8s.example.com', ' other.com , * ', false],
    ['https://k8s.example.com', ',,10.0.0.0/99,nonsense/8', true],
  ])('is used for %s with NO_PROXY=%s: %s', (server, NO_PROXY, isProxied) => {
    expect(proxied(server, { HTTPS_PROXY, NO_PROXY }) !== undefined).toBe(isProxied);
  });

  it('gives way to proxy-url', () => {
    const cluster = { server: 'https://k8s.example.com', 'proxy-url': 'https://own:8080' };
    const { endpoint } = loadCluster({
      kubeconfigs: [kubeconfigFile(cluster, { token: 't' })],
      proxies: { https: HTTPS_PROXY },
    });
    expect(endpoint.proxy?.href).toBe('https://own:8080/');
  });

  it('is refused if it cannot be one, without its password', () => {
    expect(() => proxied('https://a.example', { HTTPS_PROXY: 'socks5://me:CANARY@h' })).toThrow(
      /^HTTPS_PROXY has the scheme socks5, which is not supported: http and https are$/,
    );
  });
});
