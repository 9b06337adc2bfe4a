import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCluster } from '../../src/kubernetes/connection/kubeconfig.ts';
import { startClusterProxy } from '../support/cluster-proxy.ts';
import { DESCRIBE, inTest, started } from '../support/hooks.ts';
import { base64, kubeconfigFile, testDirectory } from '../support/kubeconfig-file.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { BACKEND, startTestCluster } from '../support/test-cluster.ts';
import { codeOf, startWritOn, type WritOptions } from '../support/writ.ts';

const CREATE = createSessionMutation();
const INPUT = { input: { project: 'demo', start: false } };

describe('Writ with a kubeconfig', () => {
  const sandbox = startTestCluster();
  const proxy = started(
    DESCRIBE,
    () => startClusterProxy(sandbox),
    ({ close }) => close(),
  );

  /** Writ whose own identity is this user of a kubeconfig. */
  async function writAs(user: object) {
    const { server, ca } = proxy().endpoint;
    const file = kubeconfigFile({ server, 'certificate-authority-data': base64(ca) }, user);
    const cluster = loadCluster({ kubeconfigs: [file], environment: process.env });
    const start = (options: WritOptions, hooks = DESCRIBE) => startWritOn(sandbox, options, hooks);
    return inTest(start, { endpoints: () => cluster });
  }

  /** The calls that create a session, since `before` calls. */
  const creations = (before: number) =>
    proxy()
      .seen.slice(before)
      .filter(({ method, path }) => method === 'POST' && path.includes('/agenticsessions'));

  /** A credential plugin that prints the token in the file `token` beside it, and counts its runs. */
  function plugin(token: string, more = '') {
    const directory = testDirectory();
    const path = (name: string) => join(directory, name);
    const set = (text: string) => writeFileSync(path('token'), text);
    set(token);
    writeFileSync(
      path('plugin'),
      `#!/bin/sh
cd "$(dirname "$0")"
echo run >> runs
printf '%s' "$KUBERNETES_EXEC_INFO" > info
echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{${more}"token":"'"$(cat token)"'"}}'
`,
    );
    chmodSync(path('plugin'), 0o755);
    return {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: path('plugin'),
        provideClusterInfo: true,
        interactiveMode: 'Never',
      },
      set,
      runs: () => readFileSync(path('runs'), 'utf8').split('\n').length - 1,
      info: () => JSON.parse(readFileSync(path('info'), 'utf8')),
      remove: () => rmSync(path('plugin')),
    };
  }

  it('reads a token file for each call', async () => {
    const tokenFile = join(testDirectory(), 'token');
    writeFileSync(tokenFile, `${sandbox.identities.backend.token}\n`);
    const writ = await writAs({ tokenFile });
    expect((await writ.as('alice', CREATE, INPUT)).errors).toBeUndefined();
    writeFileSync(tokenFile, 'revoked');
    expect(codeOf(await writ.as('alice', CREATE, INPUT))).toBe('UNAVAILABLE');
    writeFileSync(tokenFile, sandbox.identities.backend.token);
    expect((await writ.as('alice', CREATE, INPUT)).errors).toBeUndefined();
  });

  it('without its token file is not ready, and says why to the administrator alone', async () => {
    const tokenFile = join(testDirectory(), 'token');
    writeFileSync(tokenFile, sandbox.identities.backend.token);
    const writ = await writAs({ tokenFile });
    rmSync(tokenFile);
    const answer = await writ.as('alice', CREATE, INPUT);
    expect(answer.errors).toMatchObject([{ message: "Writ's own credentials cannot be read" }]);
    expect(answer.text).not.toContain(tokenFile);
    const ready = await fetch(`${writ.adminUrl}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain(`${tokenFile} cannot be read (ENOENT)`);
    expect(writ.log.lines()).toContainEqual(
      expect.objectContaining({ msg: 'operation', causes: [`${tokenFile} cannot be read (ENOENT)`] }),
    );
  });

  it('impersonates whom `as` names in its own calls, and in no call of a user', async () => {
    const before = proxy().seen.length;
    const writ = await writAs({
      token: sandbox.identities.admin.token,
      as: BACKEND,
      'as-groups': ['system:serviceaccounts', 'system:authenticated'],
      'as-user-extra': { 'example.com/team': ['a', 'b'] },
    });
    await writ.as('alice', CREATE, INPUT);
    const made = proxy().seen.slice(before);
    const own = made.filter(({ authorization }) => authorization.includes(sandbox.identities.admin.token));
    expect(own.length).toBeGreaterThan(0);
    for (const { headers } of own) {
      expect(headers).toMatchObject({
        'impersonate-user': BACKEND,
        'impersonate-group': 'system:serviceaccounts, system:authenticated',
        'impersonate-extra-example.com%2fteam': 'a, b',
      });
    }
    for (const { headers } of made.filter((call) => !own.includes(call)))
      expect(Object.keys(headers).filter((name) => name.startsWith('impersonate'))).toEqual([]);
  });

  it('has the rights of whom it impersonates, and not its own', async () => {
    const token = sandbox.identities.admin.token;
    const asNobody = await writAs({ token, as: 'nobody' });
    expect(codeOf(await asNobody.as('alice', CREATE, INPUT))).toBe('FORBIDDEN');
    const asBackend = await writAs({ token, as: BACKEND });
    expect((await asBackend.as('alice', CREATE, INPUT)).errors).toBeUndefined();
  });

  it('sends a user name and a password', async () => {
    const before = proxy().seen.length;
    const writ = await writAs({ username: 'writ', password: 'pass:word' });
    await writ.as('alice', CREATE, INPUT);
    expect(creations(before).map(({ authorization }) => authorization)).toEqual([
      `Basic ${base64('writ:pass:word')}`,
    ]);
  });

  it('runs a credential plugin once, with what it has to know', async () => {
    const { exec, runs, info } = plugin(sandbox.identities.backend.token);
    const writ = await writAs({ exec });
    for (let n = 0; n < 3; n += 1) expect((await writ.as('alice', CREATE, INPUT)).errors).toBeUndefined();
    expect(runs()).toBe(1);
    expect(info()).toMatchObject({
      kind: 'ExecCredential',
      apiVersion: exec.apiVersion,
      spec: { interactive: false, cluster: { server: proxy().endpoint.server } },
    });
  });

  it('asks the plugin again if the cluster does not accept its token, and the write succeeds', async () => {
    const { exec, set, runs } = plugin('revoked');
    const writ = await writAs({ exec });
    // At the start Writ has asked whether the cluster accepts it.
    const atStart = runs();
    set(sandbox.identities.backend.token);
    const before = proxy().seen.length;
    expect((await writ.as('alice', CREATE, INPUT)).errors).toBeUndefined();
    expect(creations(before).map(({ authorization }) => authorization)).toEqual([
      'Bearer revoked',
      ...creations(before)
        .slice(1)
        .map(() => `Bearer ${sandbox.identities.backend.token}`),
    ]);
    expect(runs()).toBe(atStart + 1);
  });

  it('asks the plugin once more and not for ever', async () => {
    const { exec, runs } = plugin('revoked');
    const writ = await writAs({ exec });
    const atStart = runs();
    const before = proxy().seen.length;
    expect((await writ.as('alice', CREATE, INPUT)).errors).toMatchObject([
      { message: "The cluster did not accept Writ's own credentials", extensions: { code: 'UNAVAILABLE' } },
    ]);
    expect(creations(before)).toHaveLength(1);
    expect(runs()).toBe(atStart + 1);
  });

  it('asks the plugin again when its token has expired', async () => {
    const expired = '"expirationTimestamp":"2020-01-01T00:00:00Z",';
    const { exec, runs } = plugin(sandbox.identities.backend.token, expired);
    const writ = await writAs({ exec });
    const before = runs();
    expect((await writ.as('alice', CREATE, INPUT)).errors).toBeUndefined();
    expect(runs()).toBeGreaterThan(before);
  });

  it.each([
    ['that is not there any more', '', 'cannot be run (ENOENT)'],
    ['that fails', 'echo CANARY >&2; exit 3', 'ended with exit status 3'],
    ['that prints no credential', 'echo CANARY', 'printed no JSON'],
    [
      'that returns a certificate',
      `echo '{"kind":"ExecCredential","status":{"clientCertificateData":"CANARY"}}'`,
      'returned a client certificate, which Writ does not support',
    ],
  ])('is not ready with a plugin %s', async (_, script, why) => {
    const { exec, remove } = plugin(
      sandbox.identities.backend.token,
      '"expirationTimestamp":"2020-01-01T00:00:00Z",',
    );
    const writ = await writAs({ exec });
    remove();
    if (script) writeFileSync(exec.command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    expect((await writ.as('alice', CREATE, INPUT)).errors).toMatchObject([
      { message: "Writ's own credentials cannot be read", extensions: { code: 'UNAVAILABLE' } },
    ]);
    const ready = await fetch(`${writ.adminUrl}/readyz`);
    const text = await ready.text();
    expect([ready.status, text]).toEqual([503, expect.stringContaining(`${exec.command} ${why}`)]);
    expect(text + writ.log.text()).not.toContain('CANARY');
  });
});
