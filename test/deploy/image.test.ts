import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../deploy/image/bundle.ts';
import { base64, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { startProcess } from '../support/process.ts';
import { openSocketStream } from '../support/socket-stream.ts';
import { startTestCluster } from '../support/test-cluster.ts';

const CREATE = `mutation {
  createSession(input: { project: "demo", initialPrompt: "Read it." }) { session { phase } receipt { __typename } }
}`;
const SUBSCRIBE = 'subscription { sessions(project: "demo") { resourceVersion } }';

describe('the program of the image', () => {
  const cluster = startTestCluster();
  // As in the image: no packages and no sources are found from there.
  const directory = mkdtempSync(join(tmpdir(), 'writ-image-'));
  beforeAll(async () => {
    copyFileSync('package.json', join(directory, 'package.json'));
    await bundle(join(directory, 'dist'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  function start(args: string[], environment: Record<string, string> = {}) {
    return startProcess(args, environment, directory, join(directory, 'dist/main.js'));
  }

  function startFor(
    command: string,
    who: 'backend' | 'controller',
    environment: Record<string, string> = {},
  ) {
    const { server, ca, identities } = cluster;
    const file = kubeconfigFile(
      { server, 'certificate-authority-data': base64(ca) },
      { token: identities[who].token },
    );
    const ports = { WRIT_PORT: '0', WRIT_ADMIN_PORT: '0', WRIT_SHUTDOWN_DRAIN_MS: '0' };
    return start([command, '--kubeconfig', file], { ...ports, ...environment });
  }

  it('serves queries, privileged mutations, subscriptions, the playground and the console', async () => {
    const api = startFor('serve', 'backend', { WRIT_PLAYGROUND: 'true' });
    const [, url = ''] = await api.printed(/"url":"([^"]+)"/);
    const authorization = `Bearer ${cluster.identities.alice.token}`;
    const post = async (query: string) => {
      const headers = { 'content-type': 'application/json', authorization };
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
    };
    expect(await post('{ viewer { username } }')).toEqual({ data: { viewer: { username: 'alice' } } });
    expect(await post(CREATE)).toMatchObject({ data: { createSession: { receipt: {} } } });

    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    expect(page.includes('renderYogaGraphiQL')).toBe(true);
    expect(page.includes('writ-token')).toBe(true);

    const console = await fetch(new URL('console/', url), { headers: { accept: 'text/html' } });
    const [script = ''] = /assets\/[^"]+\.js/.exec(await console.text()) ?? [];
    expect((await fetch(new URL(`console/${script}`, url))).status).toBe(200);

    const stream = openSocketStream(url, { query: SUBSCRIBE }, cluster.identities.alice.token);
    expect(await stream.next()).toMatchObject({ data: {} });
    stream.close();
    expect(await api.stop()).toBe(0);
  });

  it('is the controller', async () => {
    const controller = startFor('controller', 'controller');
    await controller.printed(/acquired leadership/);
    expect(await controller.stop()).toBe(0);
  });

  it('exports traces if that is on', async () => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    await startFor('serve', 'backend', endpoint).printed(/traces are exported.*API started/s);
  });

  it.each([
    ['trigger', 'WRIT_SCHEDULE_JOB is not set'],
    ['verify', 'Name an audit log'],
  ])('has the command %s', async (command, problem) => {
    const { code, lastLine } = await start([command]).exited;
    expect(lastLine).toContain(problem);
    expect(code).not.toBe(0);
  });

  it('has no sandbox', async () => {
    const { code } = await start(['sandbox']).exited;
    expect(code).toBe(2);
  });
});
