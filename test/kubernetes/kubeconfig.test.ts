import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { loadCluster } from '../../src/kubernetes/connection/kubeconfig.ts';
import { makeCertificate } from '../../src/sandbox/certificates.ts';
import { base64, kubeconfigFile, testDirectory } from '../support/kubeconfig-file.ts';

const SERVER = { server: 'https://127.0.0.1:1' };
const TOKEN = { token: 'CANARY-TOKEN' };
const EXEC = { apiVersion: 'client.authentication.k8s.io/v1', command: 'plugin' };

/** The message with which a kubeconfig is refused, without its path. */
function refusal(file: string): string {
  try {
    loadCluster({ kubeconfigs: [file] });
  } catch (error) {
    return String((error as Error).message).replace(`${file}: `, '');
  }
  return 'not refused';
}

describe('a kubeconfig that cannot be used', () => {
  it.each([
    ['broken YAML', 'users:\n- name: a\n  user:\n    token: CANARY-TOKEN\n   bad: [indent', 'line 5 '],
    ['no kubeconfig', 'just a CANARY-TOKEN', 'no mapping'],
    ['odd users', 'users: {token: CANARY-TOKEN}', 'users is missing'],
    ['no context', '{}', 'no current context'],
  ])('is refused, and nothing of it is quoted: %s', (_, text, why) => {
    const file = join(testDirectory(), 'config');
    writeFileSync(file, text);
    const said = refusal(file);
    expect(said).toContain(why);
    expect(said).toContain(file);
    expect(said).not.toContain('CANARY');
  });

  it('that is not there is named, with the reason', () => {
    const absent = join(testDirectory(), 'absent');
    expect(refusal(absent)).toBe(`${absent} cannot be read as a kubeconfig (ENOENT)`);
  });

  it('without the context that was asked for says which it has', () => {
    const file = kubeconfigFile(SERVER, TOKEN);
    const asked = () => loadCluster({ kubeconfigs: [file], backendContext: 'backend' });
    expect(asked).toThrow(`${file} has no context "backend". Its contexts: context`);
  });

  it.each([
    [{}, 'server '],
    [{ server: '127.0.0.1:6443' }, 'server must be an https:// or http:// URL'],
    [{ server: 'https://me:CANARY@127.0.0.1' }, 'server must not contain a user or a password'],
    [{ ...SERVER, 'proxy-url': 'socks5://me:CANARY@127.0.0.1' }, 'proxy-url has the scheme socks5'],
    [{ ...SERVER, 'proxy-url': 'CANARY' }, 'proxy-url must be'],
    [{ ...SERVER, 'insecure-skip-tls-verify': 'yes' }, 'insecure-skip-tls-verify '],
    [
      { ...SERVER, 'certificate-authority': 'a', 'certificate-authority-data': 'CANARY' },
      'certificate-authority and certificate-authority-data cannot both be set',
    ],
    [
      { ...SERVER, 'certificate-authority': 'a', 'insecure-skip-tls-verify': true },
      'insecure-skip-tls-verify cannot be true',
    ],
    [{ ...SERVER, 'api-version': 'v1' }, 'api-version is not supported'],
  ])('for its cluster is refused by the name of the field: %j', (cluster, why) => {
    const said = refusal(kubeconfigFile(cluster, TOKEN));
    expect(said).toContain(`cluster "cluster": ${why}`);
    expect(said).not.toContain('CANARY');
  });

  it.each([
    [{}, 'token or another credential is missing'],
    [{ token: '' }, 'token or another credential is missing'],
    [{ token: 7 }, 'token '],
    [
      { 'auth-provider': { name: 'oidc', config: { 'id-token': 'CANARY' } } },
      'auth-provider is not supported',
    ],
    [{ ...TOKEN, 'as-someone': 'x' }, 'as-someone is not supported'],
    [{ ...TOKEN, 'CANARY TOKEN': 'x' }, 'a field is not supported'],
    [{ ...TOKEN, 'as-groups': ['admins'] }, 'as is missing'],
    [{ ...TOKEN, as: 'a\nb' }, 'as must be printable ASCII'],
    [{ ...TOKEN, username: 'u', password: 'CANARY' }, 'token, username are different identities'],
    [{ ...TOKEN, exec: EXEC }, 'token, exec are different identities'],
    [{ 'client-certificate-data': 'CANARY' }, 'client-key is missing'],
    [{ 'client-key-data': 'CANARY' }, 'client-certificate is missing'],
    [{ exec: { ...EXEC, apiVersion: 'client.authentication.k8s.io/v1alpha1' } }, 'exec.apiVersion '],
    [{ exec: { ...EXEC, interactiveMode: 'Always' } }, 'exec.interactiveMode cannot be Always'],
    [{ exec: { ...EXEC, command: '' } }, 'exec.command '],
    [{ exec: { ...EXEC, stdin: true } }, 'exec.stdin is not supported'],
  ])('for its user is refused by the name of the field: %j', (user, why) => {
    const said = refusal(kubeconfigFile(SERVER, user));
    expect(said).toContain(`user "writ": ${why}`);
    expect(said).not.toContain('CANARY');
  });

  it('with a certificate authority that is none is refused', () => {
    const said = refusal(
      kubeconfigFile({ ...SERVER, 'certificate-authority-data': base64('CANARY') }, TOKEN),
    );
    expect(said).toMatch(
      /^The certificate authority, client certificate or key for https:\S+ is not valid PEM/,
    );
    expect(said).not.toContain('CANARY');
  });

  it('with a certificate file that is not there names the file', () => {
    const directory = testDirectory();
    const file = kubeconfigFile({ ...SERVER, 'certificate-authority': 'ca.crt' }, TOKEN, directory);
    expect(refusal(file)).toBe(`${join(directory, 'ca.crt')} cannot be read (ENOENT)`);
  });
});

describe('several kubeconfigs', () => {
  const file = (name: string, directory: string, content: object) => {
    const path = join(directory, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const cluster = (server: string) => [{ name: 'c', cluster: { server } }];
  const contexts = (name: string) => [{ name, context: { cluster: 'c', user: 'u' } }];
  const load = (KUBECONFIG: string) => {
    const { kubeconfigs } = readConfig({ KUBECONFIG }).cluster;
    return loadCluster({ kubeconfigs });
  };

  it('are merged: the first that has a name decides, and those that do not exist are left out', async () => {
    const directory = testDirectory();
    const first = file('first', directory, { clusters: cluster('https://first:1'), 'current-context': 'x' });
    const second = file('second', directory, {
      clusters: cluster('https://second:1'),
      users: [{ name: 'u', user: { token: 'second' } }],
      contexts: [...contexts('x'), ...contexts('y')],
      'current-context': 'y',
    });
    const loaded = load(`${join(directory, 'absent')}::${first}:${second}`);
    expect(loaded.endpoint.server).toBe('https://first:1');
    expect(await loaded.backendCredential()).toBe('Bearer second');
  });

  it('that all do not exist are named', () => {
    expect(() => load('/absent/a:/absent/b')).toThrow(
      'None of these kubeconfigs exists: /absent/a, /absent/b',
    );
  });

  it('of which one cannot be read are refused', () => {
    const directory = testDirectory();
    const broken = file('broken', directory, []);
    expect(() => load(`${broken}:${kubeconfigFile(SERVER, TOKEN)}`)).toThrow(broken);
  });

  it('have paths that are relative to their own file', async () => {
    const directory = testDirectory();
    mkdirSync(join(directory, 'own'));
    writeFileSync(join(directory, 'own', 'token'), 'mine\n');
    const own = file('own/config', directory, { users: [{ name: 'u', user: { tokenFile: 'token' } }] });
    const other = file('other', directory, {
      clusters: cluster('https://c:1'),
      contexts: contexts('x'),
      'current-context': 'x',
    });
    expect(await load(`${own}:${other}`).backendCredential()).toBe('Bearer mine');
  });
});

describe('in a pod', () => {
  it('the service account of the pod is used, at the address that Kubernetes sets', async () => {
    const directory = testDirectory();
    writeFileSync(join(directory, 'ca.crt'), (await makeCertificate()).cert);
    writeFileSync(join(directory, 'token'), 'first');
    const { inCluster } = readConfig({
      KUBERNETES_SERVICE_HOST: 'fd00::1',
      KUBERNETES_SERVICE_PORT: '6443',
    }).cluster;
    const { endpoint, backendCredential } = loadCluster({ kubeconfigs: [], inCluster }, directory);
    expect(endpoint.server).toBe('https://[fd00::1]:6443');
    expect(await backendCredential()).toBe('Bearer first');
    writeFileSync(join(directory, 'token'), 'second');
    expect(await backendCredential()).toBe('Bearer second');
  });

  it('without a service account the file that is missing is named', () => {
    const { inCluster } = readConfig({ KUBERNETES_SERVICE_HOST: '10.0.0.1' }).cluster;
    expect(() => loadCluster({ kubeconfigs: [], inCluster }, '/absent')).toThrow(
      '/absent/ca.crt cannot be read',
    );
  });
});
