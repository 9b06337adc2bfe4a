import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { openAccepted, openSocket, PROTOCOL, subscribe } from '../http/websocket-fixture.ts';
import { startWrit } from '../support/writ.ts';

const CREATE = 'mutation { createSession(input: { project: "demo" }) { session { name } } }';
const WHO = '{ viewer { username } }';
const EVENTS = 'subscription { sessions(project: "demo") { events { type } } }';
const EVIL = 'https://evil.example.com';

/** The proxy adds the user's ID token to each request of the browser, whichever page has made the browser send it. */
describe('behind a proxy that sends the token as Authorization (WRIT_AUTHENTICATING_PROXY)', () => {
  const writ = startWrit({ environment: { WRIT_AUTHENTICATING_PROXY: 'true' }, playground: {} });
  const added = () => ({ authorization: `Bearer ${writ.sandbox.identities.alice.token}` });
  const own = () => new URL(writ.url).origin;

  /** What the browser gets for a request of a foreign page. No call may reach the cluster, under any identity. */
  async function fromForeignPage(url: string, init: RequestInit) {
    const headers = { origin: EVIL, 'sec-fetch-site': 'cross-site', ...added(), ...init.headers };
    const { result, requests } = await writ.requestsDuring(async () => {
      const response = await fetch(url, { ...init, headers });
      return { status: response.status, headers: response.headers, text: await response.text() };
    });
    expect(requests).toEqual([]);
    expect(result.headers.get('access-control-allow-origin')).toBeNull();
    return result;
  }

  const form = new URLSearchParams({ query: CREATE });
  const multipart = new FormData();
  multipart.set('operations', JSON.stringify({ query: CREATE }));
  multipart.set('map', '{}');
  it.each<[string, Record<string, string>, BodyInit]>([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, form.toString()],
    ['a form with files', {}, multipart],
    ['a form of plain text', { 'content-type': 'text/plain' }, JSON.stringify({ query: CREATE })],
    [
      'a script without a preflight',
      { 'content-type': 'text/plain;application/json' },
      JSON.stringify({ query: CREATE }),
    ],
    ['a beacon', { 'content-type': 'application/json' }, JSON.stringify({ query: CREATE })],
    ['GraphQL as it is', { 'content-type': 'application/graphql' }, CREATE],
    [
      'an empty header',
      { 'content-type': 'application/json', 'x-writ-csrf': '' },
      JSON.stringify({ query: CREATE }),
    ],
    [
      'a header of spaces',
      { 'content-type': 'application/json', 'x-writ-csrf': '  ' },
      JSON.stringify({ query: CREATE }),
    ],
    [
      'the name with underscores',
      { 'content-type': 'application/json', x_writ_csrf: '1' },
      JSON.stringify({ query: CREATE }),
    ],
  ])('a mutation by %s is refused, and the cluster is asked nothing', async (_, headers, body) => {
    const { status, text } = await fromForeignPage(writ.url, { method: 'POST', headers, body });
    expect([status, text]).toEqual([403, expect.stringContaining('x-writ-csrf')]);
  });

  it.each(['application/json', 'application/graphql-response+json', 'text/event-stream', '*/*'])(
    'a GET for %s is refused',
    async (accept) => {
      for (const query of [WHO, CREATE, EVENTS]) {
        const url = `${writ.url}?query=${encodeURIComponent(query)}`;
        const { text } = await fromForeignPage(url, { headers: { accept } });
        expect(text).toContain('x-writ-csrf');
        expect(text).not.toContain('alice');
      }
    },
  );

  it('a link to an operation answers with the playground, which has no token and which no page may frame', async () => {
    const url = `${writ.url}?query=${encodeURIComponent(CREATE)}`;
    const { status, headers, text } = await fromForeignPage(url, { headers: { accept: 'text/html' } });
    expect([status, headers.get('x-frame-options')]).toEqual([200, 'DENY']);
    expect(text).not.toMatch(/alice|sandbox-/);
  });

  it('a preflight for the header is not allowed', async () => {
    const headers = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-writ-csrf,content-type',
    };
    await fromForeignPage(writ.url, { method: 'OPTIONS', headers });
  });

  async function statusOfSocket(headers: Record<string, string>): Promise<number> {
    const options: ClientOptions = { headers: { ...added(), ...headers } };
    const socket = new WebSocket(writ.url.replace('http', 'ws'), [PROTOCOL], options);
    socket.on('error', () => {});
    onTestFinished(() => socket.terminate());
    const refused = once(socket, 'unexpected-response').then(([, { statusCode }]) => statusCode);
    return Promise.race([refused, once(socket, 'open').then(() => 101)]);
  }

  it.each<[string, number, Record<string, string>]>([
    ['another origin', 403, { origin: EVIL }],
    ['another origin, with the header', 403, { origin: EVIL, 'x-writ-csrf': '1' }],
    ['the origin of a sandboxed frame', 403, { origin: 'null', 'x-writ-csrf': '1' }],
    ['no origin', 403, {}],
    ['no origin, with the header', 101, { 'x-writ-csrf': '1' }],
  ])('a WebSocket from %s: %i', async (_, status, headers) => {
    const { result, requests } = await writ.requestsDuring(() => statusOfSocket(headers));
    expect([result, requests]).toEqual([status, []]);
  });

  it("a WebSocket of Writ's own page has the token of the proxy, and no other", async () => {
    const headers = { origin: own(), ...added() };
    const { send, next } = await openSocket(writ.url, { headers });
    send({ type: 'connection_init' });
    expect((await next()).type).toBe('connection_ack');
    send(subscribe('1', WHO));
    expect((await next()).payload).toEqual({ data: { viewer: { username: 'alice' } } });

    const { admin } = writ.sandbox.identities;
    const chosen = await openSocket(writ.url, { headers });
    chosen.send({ type: 'connection_init', payload: { authorization: `Bearer ${admin.token}` } });
    expect((await chosen.closed).code).toBe(4403);
    const without = await openSocket(writ.url, { headers: { origin: own() } });
    without.send({ type: 'connection_init' });
    expect((await without.closed).code).toBe(4401);
  });

  it('a script of the page has what it asks for', async () => {
    const headers = { origin: own(), 'x-writ-csrf': '1' };
    expect((await writ.as('alice', CREATE, {}, headers)).data.createSession.session.name).toBeTruthy();
    const { next, close } = await writ.subscribe('alice', EVENTS, {}, headers);
    expect((await next()).data.sessions.events[0].type).toBe('RESET');
    close();
  });
});

describe('without such a proxy', () => {
  const writ = startWrit();

  it('the token of an upgrade request is that of nobody, and no header is needed', async () => {
    const { alice } = writ.sandbox.identities;
    const headers = { authorization: `Bearer ${alice.token}` };
    const { send, closed } = await openSocket(writ.url, { headers });
    send({ type: 'connection_init' });
    expect((await closed).code).toBe(4401);
    await openAccepted(writ.url, { type: 'connection_init', payload: headers });
    expect((await writ.as('alice', WHO)).data.viewer.username).toBe('alice');
  });
});
