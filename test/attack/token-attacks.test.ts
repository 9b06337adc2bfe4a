import { describe, expect, it } from 'vitest';
import { sendRaw } from '../support/raw-request.ts';
import { startWrit } from '../support/writ.ts';
import { startWatchedWrit } from './watched-writ.ts';

const WHO = '{ viewer { username } project(name: "demo") { sessions { nodes { name } } } }';
const ALICE = 'sandbox-alice-token';
const ADMIN = 'sandbox-admin-token';

describe('a token that is none', () => {
  const writ = startWrit();

  it.each([
    ['no header', []],
    ['an empty header', ['Authorization:']],
    ['the scheme alone', ['Authorization: Bearer']],
    ['the scheme and spaces', ['Authorization: Bearer   ']],
    ['the token alone', [`Authorization: ${ALICE}`]],
    ['no space behind the scheme', [`Authorization: Bearer${ALICE}`]],
    ['a tab behind the scheme', [`Authorization: Bearer\t${ALICE}`]],
    ['Basic', [`Authorization: Basic ${Buffer.from(`alice:${ALICE}`).toString('base64')}`]],
    ['Token', [`Authorization: Token ${ALICE}`]],
    ['Negotiate', ['Authorization: Negotiate YII=']],
    ['a space within', ['Authorization: Bearer sandbox-alice -token']],
    ['two tokens', [`Authorization: Bearer ${ALICE} ${ADMIN}`]],
    ['two schemes', [`Authorization: Bearer Bearer ${ALICE}`]],
    ['two schemes, listed', [`Authorization: Bearer ${ALICE}, Bearer ${ADMIN}`]],
    ['a comma', [`Authorization: Bearer ${ALICE},`]],
    ['quotes', [`Authorization: Bearer "${ALICE}"`]],
    ['a parameter', [`Authorization: Bearer token=${ALICE}`]],
    ['a percent sign', ['Authorization: Bearer sandbox%2Dalice-token']],
    ['a character beyond ASCII', [`Authorization: Bearer ${ALICE}\u00e9`]],
    ['a no-break space', [`Authorization: Bearer\u00a0${ALICE}`]],
    ['a padding sign in the middle', ['Authorization: Bearer sandbox=alice-token']],
    ['more than a token may have', [`Authorization: Bearer ${'a'.repeat(32_769)}`]],
    ['the header twice', [`Authorization: Bearer ${ALICE}`, `authorization: Bearer ${ALICE}`]],
    ['the header twice, the first wrong', ['Authorization: Bearer x', `AUTHORIZATION: Bearer ${ADMIN}`]],
    ['another header', [`Proxy-Authorization: Bearer ${ALICE}`, `X-Authorization: Bearer ${ALICE}`]],
    ['the header of the other mode', [`X-Forwarded-Access-Token: ${ALICE}`]],
    ['a cookie', [`Cookie: token=${ALICE}; access_token=${ALICE}; Authorization=Bearer ${ALICE}`]],
    ['an underscore', [`X_Authorization: Bearer ${ALICE}`]],
  ] as [string, string[]][])('%s: 401, and the cluster is asked nothing', async (_, lines) => {
    const { result, requests } = await writ.requestsDuring(() => sendRaw(writ.url, lines, WHO));
    expect(result.status).toBe(401);
    expect(result.text).toMatch(/WWW-Authenticate: Bearer/i);
    expect(result.text).toContain('"code":"UNAUTHENTICATED"');
    expect(result.text).not.toMatch(/"data"|alice/);
    expect(requests).toEqual([]);
  });

  it('the longest: the cluster is asked', async () => {
    const lines = [`Authorization: Bearer ${'a'.repeat(32_768)}`];
    const { result, requests } = await writ.requestsDuring(() => sendRaw(writ.url, lines, WHO));
    expect(result.status).toBe(401);
    expect(requests).toMatchObject([{ resource: 'selfsubjectreviews', status: 401 }]);
  });

  it.each([
    ['a folded line', [`Authorization: Bearer\r\n ${ALICE}`], 400],
    ['a bare line feed', [`Authorization: Bearer x\n${ALICE}`], 400],
    ['a NUL', [`Authorization: Bearer ${ALICE}\0`], 400],
    ['a space before the colon', [`Authorization : Bearer ${ALICE}`], 400],
    ['64 kB', [`Authorization: Bearer ${'a'.repeat(65_536)}`], 431],
  ] as [string, string[], number][])('%s is no HTTP: %i', async (_, lines, status) => {
    const { result, requests } = await writ.requestsDuring(() => sendRaw(writ.url, lines, WHO));
    expect(result.status).toBe(status);
    expect(requests).toEqual([]);
  });

  it.each([
    ['the query string', '?access_token=T&token=T&authorization=Bearer%20T', {}],
    ['the body', '', { access_token: ALICE, token: ALICE, authorization: `Bearer ${ALICE}` }],
    [
      'extensions',
      '',
      { extensions: { authorization: `Bearer ${ALICE}`, headers: { authorization: ALICE } } },
    ],
    ['variables', '', { variables: { authorization: `Bearer ${ALICE}`, token: ALICE } }],
    ['__proto__', '', JSON.parse(`{"__proto__":{"authorization":"Bearer ${ALICE}"}}`)],
  ])('a token in %s is not looked for', async (_, search, more) => {
    const { result, requests } = await writ.requestsDuring(() =>
      fetch(writ.url + search.replaceAll('T', ALICE), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: WHO, ...more }),
      }),
    );
    expect([400, 401]).toContain(result.status);
    expect(await result.text()).not.toMatch(/"data"|alice/);
    expect(requests).toEqual([]);
  });

  it.each(['unknown', 'null', 'undefined', 'system:anonymous', 'sandbox-alice-toke', 'SANDBOX-ALICE-TOKEN'])(
    'one that the cluster does not know (%s) is 401, and nothing is asked as anybody else',
    async (token) => {
      const ask = () => writ.post({ query: WHO }, { authorization: `Bearer ${token}` });
      const { result, requests } = await writ.requestsDuring(ask);
      expect(result.status).toBe(401);
      expect(result.data).toBeUndefined();
      expect(requests.filter(({ status }) => status < 400)).toEqual([]);
      expect(requests.map(({ user }) => user).filter(Boolean)).toEqual([]);
    },
  );

  it.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])(
    'the scheme %j is fine, as RFC 9110 has it',
    async (scheme) => {
      const answer = await writ.post({ query: WHO }, { authorization: `${scheme} ${ALICE}` });
      expect(answer.data.viewer.username).toBe('alice');
    },
  );
});

describe('an identity that the client claims beside its token', () => {
  const writ = startWrit();
  const watched = startWatchedWrit(writ.sandbox);
  const CLAIMS = {
    'impersonate-user': 'admin',
    'impersonate-group': 'system:masters',
    'impersonate-uid': 'sandbox-admin',
    'impersonate-extra-scopes': 'all',
    'x-remote-user': 'admin',
    'x-remote-group': 'system:masters',
    'x-forwarded-user': 'admin',
    'x-forwarded-access-token': ADMIN,
    'x-request-id': 'mine',
    'audit-id': 'mine',
    'x-writ-user': 'admin',
    forwarded: 'for=admin',
    cookie: `token=${ADMIN}`,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const SENT = [
    'accept',
    'audit-id',
    'authorization',
    'connection',
    'content-length',
    'content-type',
    'host',
    'user-agent',
  ]; // prettier-ignore

  it('does not reach the cluster: it gets the headers that Writ makes, and the one token', async () => {
    const create =
      'mutation { createSession(input: {project: "demo"}) { session { uid createdBy { userId groups } } } }';
    const answer = await watched.as('alice', create, {}, CLAIMS);
    expect(answer.data.createSession.session.createdBy).toEqual({
      userId: 'alice',
      groups: ['system:authenticated'],
    });
    await watched.as('alice', WHO, {}, CLAIMS);
    for (const { via, headers } of watched.calls) {
      expect(Object.keys(headers).filter((name) => !SENT.includes(name))).toEqual([]);
      expect(headers.authorization).toBe(
        `Bearer ${via === 'users' ? ALICE : writ.sandbox.identities.backend.token}`,
      );
      expect(headers['audit-id']).not.toContain('mine');
      expect(headers['user-agent']).toMatch(/^writ\//);
    }
    expect(new Set(watched.calls.map(({ via }) => via))).toEqual(new Set(['users', 'backend']));
  });

  it('is not taken up: the answer, the response and the log name who the cluster says it is', async () => {
    const answer = await watched.as('victor', '{ viewer { username groups } }', {}, CLAIMS);
    expect(answer.data.viewer).toEqual({ username: 'victor', groups: ['system:authenticated'] });
    expect(answer.headers.get('x-request-id')).not.toBe('mine');
    expect(watched.log.text()).not.toMatch(/"username":"admin"|"requestId":"mine"/);
  });
});

describe('behind a proxy that authenticates (WRIT_TOKEN_HEADER)', () => {
  const writ = startWrit({ environment: { WRIT_TOKEN_HEADER: 'x-forwarded-access-token' } });
  const csrf = 'X-Writ-CSRF: 1';
  const ask = (...lines: string[]) => writ.requestsDuring(() => sendRaw(writ.url, lines, WHO));

  it('Authorization is ignored, also beside the proxy\u2019s header', async () => {
    const { result } = await ask(
      csrf,
      `Authorization: Bearer ${ADMIN}`,
      'X-Forwarded-Access-Token: sandbox-mallory-token',
    );
    expect(result.text).toContain('"username":"mallory"');
  });

  it.each([
    ['Authorization alone', [`Authorization: Bearer ${ADMIN}`]],
    ['an empty header', ['X-Forwarded-Access-Token:']],
    ['a scheme', [`X-Forwarded-Access-Token: Bearer ${ADMIN}`]],
    ['the header twice', [`X-Forwarded-Access-Token: ${ALICE}`, `X-Forwarded-Access-Token: ${ADMIN}`]],
    ['two tokens', [`X-Forwarded-Access-Token: ${ALICE}, ${ADMIN}`]],
    ['underscores, which some proxies let through', [`X_Forwarded_Access_Token: ${ADMIN}`]],
  ] as [string, string[]][])('%s: 401, and the cluster is asked nothing', async (_, lines) => {
    const { result, requests } = await ask(csrf, ...lines);
    expect(result.status).toBe(401);
    expect(requests).toEqual([]);
  });

  it('a foreign page\u2019s request does not get as far as the token', async () => {
    const { result, requests } = await ask(
      `X-Forwarded-Access-Token: ${ADMIN}`,
      'Origin: https://evil.example',
    );
    expect(result.text).toContain('"code":"FORBIDDEN"');
    expect(requests).toEqual([]);
    const get = `${writ.url}?query=${encodeURIComponent(WHO)}`;
    for (const accept of ['application/json', 'text/event-stream']) {
      const headers = { accept, 'x-forwarded-access-token': ADMIN };
      const answer = await writ.requestsDuring(async () => (await fetch(get, { headers })).text());
      expect(answer.result).toContain('FORBIDDEN');
      expect(answer.requests).toEqual([]);
    }
  });
});
