import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { parse, stringify } from 'yaml';
import { startOwnControlPlane } from '../cluster/own-control-plane.ts';
import { freePorts } from '../cluster/processes.ts';
import { openSocket, PROTOCOL, subscribe } from '../http/websocket-fixture.ts';
import { openEventStream } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { startWritOn } from '../support/writ.ts';
import { hasTool, pathOf } from './go-tools.ts';
import { startIdentityProvider } from './identity-provider.ts';

const CONFIG = 'deploy/examples/oauth2-proxy/oauth2-proxy.cfg';
const WHO = '{ viewer { username groups } }';
const csrf = { 'x-writ-csrf': '1' };

/** The file that docs/deployment.md has for the API server, with another issuer. */
function documentedAuthentication(issuer: string, ca: string): string {
  const [block = ''] =
    readFileSync('docs/deployment.md', 'utf8').match(
      /(?<=```yaml\n)[^`]*kind: AuthenticationConfiguration[^`]*/,
    ) ?? [];
  const configuration = parse(block);
  Object.assign(configuration.jwt[0].issuer, { url: issuer, certificateAuthority: ca });
  return stringify(configuration);
}

describe.runIf(hasTool('oauth2-proxy'))(
  'a browser behind oauth2-proxy, as deploy/examples configures it',
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'writ-proxy-'));
    afterAll(() => rmSync(directory, { recursive: true }));
    const claims = { email: 'alice@example.com', email_verified: true, groups: ['team'] };
    const provider = started(
      DESCRIBE,
      () => startIdentityProvider(claims),
      ({ close }) => close(),
    );
    const { cluster } = startOwnControlPlane(() => ({
      authentication: documentedAuthentication(provider().issuer, provider().ca),
    }));
    const writ = startWritOn(cluster, { environment: { WRIT_AUTHENTICATING_PROXY: 'true' }, playground: {} });
    const proxy = started(DESCRIBE, startProxy, ({ close }) => close());

    async function startProxy() {
      const [port] = await freePorts(1);
      const url = `http://127.0.0.1:${port}`;
      const ca = join(directory, 'ca.crt');
      writeFileSync(ca, provider().ca);
      const child = spawn(
        pathOf('oauth2-proxy'),
        [
          `--config=${CONFIG}`,
          `--oidc-issuer-url=${provider().issuer}`,
          `--provider-ca-file=${ca}`,
          `--redirect-url=${url}/oauth2/callback`,
          `--upstream=${new URL(writ.url).origin}/`,
          `--http-address=127.0.0.1:${port}`,
          '--cookie-secure=false',
        ],
        {
          env: { OAUTH2_PROXY_CLIENT_SECRET: 'secret', OAUTH2_PROXY_COOKIE_SECRET: 'c'.repeat(32) },
          stdio: 'pipe',
        },
      );
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
      await eventually(async () => {
        if (child.exitCode !== null) throw new Error(said);
        expect((await fetch(`${url}/ping`)).status).toBe(200);
      });
      return {
        url,
        endpoint: `${url}/graphql`,
        async close() {
          child.kill('SIGKILL');
          await once(child, 'close');
        },
      };
    }

    /** As a browser that follows redirects and keeps cookies. */
    async function logIn() {
      const jar = new Map<string, string>();
      const cookie = () => [...jar].map((pair) => pair.join('=')).join('; ');
      let url = proxy().endpoint;
      for (let hop = 0; hop < 10; hop += 1) {
        const response = url.startsWith(provider().issuer)
          ? await atProvider(url)
          : await fetch(url, { redirect: 'manual', headers: { accept: 'text/html', cookie: cookie() } });
        for (const line of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          jar.set(name, value);
        }
        const location = response.headers.get('location');
        if (location === null) return { cookie: cookie(), page: response };
        url = new URL(location, url).href;
      }
      throw new Error(`The login does not end: ${url}`);
    }

    /** The provider's certificate is its own. */
    async function atProvider(url: string) {
      const { Agent, fetch: fetchWith } = await import('undici');
      const dispatcher = new Agent({ connect: { ca: provider().ca } });
      onTestFinished(() => dispatcher.destroy());
      return fetchWith(url, { redirect: 'manual', dispatcher });
    }

    async function post(headers: Record<string, string>, query = WHO) {
      const response = await fetch(proxy().endpoint, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      });
      return { status: response.status, text: await response.text() };
    }

    let cookie = '';
    let page = '';
    beforeAll(async () => {
      // The API server reads the provider's keys after it has started.
      const token = provider().tokenOf(claims);
      const ask = () => writ.post({ query: WHO }, { authorization: `Bearer ${token}`, ...csrf });
      await eventually(async () => expect((await ask()).status).toBe(200));
    });

    it('logs in, and gets the playground, which asks for no token', async () => {
      const login = await logIn();
      cookie = login.cookie;
      page = await login.page.text();
      expect(login.page.status).toBe(200);
      expect(page).toContain('<title>Writ</title>');
      expect(page).not.toContain('id="writ-token"');
    });

    it('is the user that the API server makes of the ID token', async () => {
      const { status, text } = await post({ cookie, ...csrf });
      expect([status, JSON.parse(text).data]).toEqual([
        200,
        { viewer: { username: 'oidc:alice@example.com', groups: ['oidc:team', 'system:authenticated'] } },
      ]);
    });

    it('is refused without the header that only scripts of the page can set', async () => {
      const { status, text } = await post({ cookie, origin: 'https://evil.example.com' });
      expect([status, text]).toEqual([403, expect.stringContaining('x-writ-csrf')]);
    });

    it('cannot choose a token of its own', async () => {
      const authorization = `Bearer ${cluster.identities.admin.token}`;
      const own = { authorization, 'x-forwarded-access-token': cluster.identities.admin.token };
      expect((await post({ cookie, ...csrf, ...own })).text).toContain('oidc:alice@example.com');
      const without = await post({ ...csrf, ...own });
      expect(without.status).not.toBe(200);
      expect(without.text).not.toContain('viewer');
    });

    it('has subscriptions over event streams and WebSockets, the latter from its own origin alone', async () => {
      const { admin } = cluster.identities;
      void admin;
      const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/demo/rolebindings';
      await cluster.as('admin').create(bindings, {
        metadata: { name: 'oidc-team' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'ambient-project-view' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'oidc:team' }],
      });
      const query = 'subscription { sessions(project: "demo") { events { type } } }';
      const reset = { sessions: { events: expect.arrayContaining([{ type: 'RESET' }]) } };
      const stream = await openEventStream(proxy().endpoint, { query }, { cookie, ...csrf });
      expect((await stream.next()).data).toEqual(reset);
      stream.close();

      const socket = await openSocket(proxy().endpoint, { headers: { cookie, origin: proxy().url } });
      socket.send({ type: 'connection_init' });
      expect((await socket.next()).type).toBe('connection_ack');
      socket.send(subscribe('1', query));
      expect((await socket.next()).payload).toEqual({ data: reset });

      const options: ClientOptions = { headers: { cookie, origin: 'https://evil.example.com', ...csrf } };
      const foreign = new WebSocket(proxy().endpoint.replace('http', 'ws'), [PROTOCOL], options);
      foreign.on('error', () => {});
      onTestFinished(() => foreign.terminate());
      const [, { statusCode }] = await once(foreign, 'unexpected-response');
      expect(statusCode).toBe(403);
    });
  },
);
