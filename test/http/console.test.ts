import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BUILT_CONSOLE, type BuiltConsole } from '../../src/http/console/built-console.ts';
import { sendRawGet } from '../support/raw-request.ts';
import { codes, type GraphQLBody, start, startServer } from './fixture.ts';

const server = startServer({ console: {}, playground: {}, basePath: '/team' });
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const { files } = JSON.parse(readFileSync(BUILT_CONSOLE, 'utf8')) as BuiltConsole;
const assets = Object.keys(files).filter((name) => name !== 'index.html');

function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return fetch(server.origin + path, { method, headers, redirect: 'manual' });
}

it('a browser gets the page at each of its addresses, which asks each time whether it has changed', async () => {
  for (const path of ['', 'projects/demo', 'projects/demo/sessions/fix-cart-rounding']) {
    const response = await get(`/team/console/${path}`, html);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const page = await response.text();
    const scripts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, url]) => new URL(url ?? '', `${server.origin}/team/console/${path}`).pathname,
    );
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) {
      expect(script).toMatch(/^\/team\/console\/(assets\/|config\.json$)/);
      expect((await get(script)).status).toBe(200);
    }
  }
});

it('its assets have their hash in their names, and are kept', async () => {
  for (const name of assets) {
    const response = await get(`/team/console/${name}`);
    expect([name, response.status]).toEqual([name, 200]);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(name).toMatch(/^assets\/[\w.-]+-[\w-]{8}\.(js|css|svg)$/);
  }
});

it.for(['', 'projects/demo', 'config.json', assets[0] ?? '', 'assets/nothing.js'])(
  'the headers of %j keep everything inside of its origin',
  async (path) => {
    const { headers } = await get(`/team/console/${path}`, html);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/);
    for (const directive of ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
      expect(policy).toContain(directive);
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/https?:|\*|unsafe/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
  },
);

it('what a client has already is not sent again', async () => {
  for (const path of ['', assets[0] ?? '']) {
    const etag = (await get(`/team/console/${path}`, html)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"/);
    const again = await get(`/team/console/${path}`, { ...html, 'if-none-match': `"x", ${etag}` });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    const other = await get(`/team/console/${path}`, { ...html, 'if-none-match': '"x"' });
    expect(other.status).toBe(200);
  }
});

it('an asset is sent compressed to those who accept that, and else as it is', async () => {
  const path = `/team/console/${assets.find((name) => name.endsWith('.js'))}`;
  const read = async (accepted: string) => {
    const response = await get(path, { 'accept-encoding': accepted });
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    const encoding = response.headers.get('content-encoding');
    return {
      encoding,
      length: Number(response.headers.get('content-length')),
      text: await response.text(),
    };
  };
  const [brotli, gzip, plain] = await Promise.all(['gzip, deflate, br', 'gzip', 'identity'].map(read));
  expect([brotli?.encoding, gzip?.encoding, plain?.encoding]).toEqual(['br', 'gzip', null]);
  expect(brotli?.length).toBeLessThan(gzip?.length ?? 0);
  expect(gzip?.length).toBeLessThan(plain?.length ?? 0);
  expect([brotli?.text, gzip?.text]).toEqual([plain?.text, plain?.text]);
});

it.for(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
  const response = await get('/team/console/', {}, method);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

it.for([
  'assets/../../package.json',
  'assets/%2e%2e/%2e%2e/package.json',
  '../package.json',
  '..%2fpackage.json',
  '..\\package.json',
  'assets/..%5c..%5cpackage.json',
  '/etc/passwd',
  '%00',
  'index.html/../config.json',
  '__proto__',
  'constructor',
])('%s reaches nothing but what was built', async (path) => {
  const { status, text } = await sendRawGet(`${server.origin}/team/console/${path}`);
  expect(status).toBe(404);
  expect(text).not.toMatch(/"name":|root:/);
});

it('an address that no page has is not found by a program, and by a browser if it is too deep or an asset', async () => {
  for (const [path, headers] of [
    ['projects/demo', { accept: 'application/json' }],
    ['a/'.repeat(20), html],
    ['assets/nothing.js', html],
  ] as const) {
    const response = await get(`/team/console/${path}`, headers);
    expect([path, response.status]).toEqual([path, 404]);
    expect(codes((await response.json()) as GraphQLBody)).toEqual(['NOT_FOUND']);
  }
});

it('a browser is led to it from the root, and everything else to the endpoint', async () => {
  const locationOf = async (path: string, headers = {}) => {
    const location = (await get(path, headers)).headers.get('location') ?? '';
    // A proxy may have put a path before it, or taken one away.
    expect(location).not.toMatch(/^\/|:/);
    return new URL(location, server.origin + path).pathname;
  };
  expect(await locationOf('/team', html)).toBe('/team/console/');
  expect(await locationOf('/team/', html)).toBe('/team/console/');
  expect(await locationOf('/team/console', html)).toBe('/team/console/');
  expect(await locationOf('/team/', { accept: 'application/json' })).toBe('/team/graphql');
  expect(await locationOf('/team/')).toBe('/team/graphql');
  expect((await get('/console/', html)).status).toBe(404);
});

it('all of it is at most 250 kB', () => {
  const sizes = Object.values(files).map(({ brotli }) => Buffer.from(brotli, 'base64').length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(250_000);
});

describe('its configuration says how a token is given:', () => {
  const read = async ({ origin }: { origin: string }, headers = {}) => {
    const response = await fetch(`${origin}/console/config.json`, { headers });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    return response.json();
  };

  it('by the choice of a person in the sandbox', async () => {
    const people = [{ name: 'alice', rights: 'edits', token: 'sandbox-alice-token' }];
    const sandbox = await start({ console: { people, developerTrace: true }, playground: {} });
    expect(await read(sandbox)).toEqual({
      endpoint: '../graphql',
      identity: { kind: 'people', people },
      tokenHeader: 'authorization',
      authenticatingProxy: false,
      playground: true,
      developerTrace: true,
    });
  });

  it('by the user on a cluster', async () => {
    expect(await read(await start({ console: {} }))).toEqual({
      endpoint: '../graphql',
      identity: { kind: 'token' },
      tokenHeader: 'authorization',
      authenticatingProxy: false,
      playground: false,
      developerTrace: false,
    });
  });

  it('by a proxy, if the request has come through it, and the token is not in it', async () => {
    const tokenHeader = 'x-forwarded-access-token';
    const proxied = await start({ console: {}, authenticatingProxy: true, tokenHeader });
    const withToken = await read(proxied, { [tokenHeader]: 'secret-token' });
    expect(withToken).toMatchObject({ identity: { kind: 'proxy' }, tokenHeader, authenticatingProxy: true });
    expect(JSON.stringify(withToken)).not.toContain('secret-token');
    expect(await read(proxied)).toMatchObject({ identity: { kind: 'token' }, authenticatingProxy: true });
    const open = await start({ console: {}, tokenHeader });
    expect(await read(open, { [tokenHeader]: 'secret-token' })).toMatchObject({
      identity: { kind: 'token' },
    });
  });
});

it.for([
  ['is not built', { console: { file: new URL('file:///nowhere/console.json') } }],
  ['is switched off', { console: false }],
] as const)('where it %s, there is none, and the root leads to the endpoint', async ([, deps]) => {
  const { origin } = await start(deps);
  const response = await fetch(`${origin}/console/`, { headers: html });
  expect([response.status, codes((await response.json()) as GraphQLBody)]).toEqual([404, ['NOT_FOUND']]);
  const root = await fetch(origin, { headers: html, redirect: 'manual' });
  expect(root.headers.get('location')).toBe('graphql');
});

it('a file that cannot be read is an error that is logged, and not shown', async () => {
  const { origin, logged } = await start({ console: { file: new URL('./', import.meta.url) } });
  const response = await fetch(`${origin}/console/`, { headers: html });
  expect([response.status, codes((await response.json()) as GraphQLBody)]).toEqual([500, ['INTERNAL']]);
  await logged(({ msg }) => msg === 'console could not be read');
});
