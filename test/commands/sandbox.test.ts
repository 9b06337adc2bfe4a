import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { KubernetesClient } from '../support/kubernetes-client.ts';
import { startProcess } from '../support/process.ts';

const PORTS = { WRIT_PORT: '0', WRIT_ADMIN_PORT: '0', WRIT_SANDBOX_PORT: '0' };
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'writ-command-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const startSandbox = (settings: Record<string, string> = {}) =>
  startProcess(['sandbox'], { ...PORTS, ...settings }, directory);
const files = () => readdirSync(join(directory, '.sandbox')).sort();
const clusterIn = (file: string) => {
  const { server, ...cluster } = parse(readFileSync(join(directory, file), 'utf8')).clusters[0].cluster;
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
  return { server: new URL(server), ca };
};

async function health(host: string, file: string): Promise<unknown> {
  const { server, ca } = clusterIn(file);
  const client = new KubernetesClient({ server: `https://${host}:${server.port}`, ca });
  const { body } = await client.get('/healthz');
  await client.close();
  return body;
}

/** What the sandbox prints when it runs. */
async function running(settings?: Record<string, string>) {
  const { printed } = startSandbox(settings);
  const [text, label = '', url = ''] = await printed(/(\w+) +(http:\S+\/graphql)[\s\S]*Press Ctrl-C to stop/);
  const [, kubeconfig = ''] = /--kubeconfig (\S+)/.exec(text) ?? [];
  return { text, label, url, kubeconfig };
}

describe('the sandbox', () => {
  it.each(['0.0.0.0', '::'])(
    'on %s can be reached by the names and addresses of the machine',
    async (host) => {
      const { text, url, kubeconfig } = await running({ WRIT_HOST: host });
      expect(new URL(url).hostname).toBe('localhost');
      expect(text).toContain('these tokens are no secret');
      expect(clusterIn(kubeconfig).server.hostname).toBe('127.0.0.1');
      for (const name of ['127.0.0.1', 'localhost']) expect(await health(name, kubeconfig)).toBe('ok');
      const { stdout } = spawnSync('openssl', ['x509', '-noout', '-ext', 'subjectAltName'], {
        input: clusterIn(kubeconfig).ca,
        encoding: 'utf8',
      });
      if (stdout) expect(stdout).toContain(`DNS:${hostname()}`);
    },
  );

  it('leaves the kubeconfig of another one that runs, also if it fails to start', async () => {
    const first = await running();
    const before = readFileSync(join(directory, first.kubeconfig), 'utf8');
    const second = await running();
    expect(second.kubeconfig).toMatch(/^\.sandbox\/kubeconfig-\d+$/);
    expect(await health('127.0.0.1', second.kubeconfig)).toBe('ok');
    const { exited } = startSandbox({ WRIT_PORT: new URL(first.url).port });
    expect((await exited).lastLine).toContain('is in use by another process');
    expect(readFileSync(join(directory, first.kubeconfig), 'utf8')).toBe(before);
    expect(files().filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('replaces the kubeconfig of one that has ended', async () => {
    const { kubeconfig } = await running();
    expect(kubeconfig).toBe('.sandbox/kubeconfig');
    expect(await health('127.0.0.1', kubeconfig)).toBe('ok');
  });

  it('heeds WRIT_PLAYGROUND', async () => {
    const { label, url } = await running({ WRIT_PLAYGROUND: 'false' });
    expect(label).toBe('GraphQL');
    expect((await fetch(url, { headers: { accept: 'text/html' } })).status).not.toBe(200);
  });

  it('heeds WRIT_TOKEN_HEADER, in the playground too', async () => {
    const { url } = await running({ WRIT_TOKEN_HEADER: 'x-forwarded-access-token' });
    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    expect(page).toMatch(/x-forwarded-access-token[\\"]+: [\\"]+sandbox-alice-token/);
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-writ-csrf': 'test',
        'x-forwarded-access-token': 'sandbox-alice-token',
      },
      body: JSON.stringify({ query: '{ viewer { username } }' }),
    });
    const { data } = await response.json();
    expect(data).toEqual({ viewer: { username: 'alice' } });
  });

  it('lists the calls of an operation, with commands for its kubeconfig', async () => {
    const { url } = await running();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox-alice-token' },
      body: JSON.stringify({ query: '{ viewer { username } }' }),
    });
    const { extensions } = await response.json();
    expect(extensions.upstream).toMatchObject([{ command: 'kubectl auth whoami -o json --context=alice' }]);
  });

  it('logs JSON with the names of levels and RFC 3339 times where there is no terminal', async () => {
    const { printed } = startSandbox();
    const [line] = await printed(/^\{.*"acquired leadership".*\}$/m);
    const { level, time } = JSON.parse(line);
    expect(level).toBe('info');
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});

describe('an older Node', () => {
  it('is told which version Writ needs, and why that is missing', () => {
    const script =
      "Object.defineProperty(process.versions, 'node', { value: '20.1.0' }); require('./src/require-node.cjs')";
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^Writ needs Node 24, and this is Node 20\.1\.0\. .*--ignore-scripts.*NODE_ENV=production/,
    );
  });

  it('is checked before the program is read', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const name of ['start', 'serve', 'controller'])
      expect(scripts[name]).toMatch(/^node --require \.\/src\/require-node\.cjs /);
  });
});
