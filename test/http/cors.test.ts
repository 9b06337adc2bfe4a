import { expect, it } from 'vitest';
import { createServer } from '../../src/http/server.ts';
import { getUrl, memoryLog, start } from './fixture.ts';
import { createProbe, createSchema } from './schema.ts';

const UI = 'https://ui.example.com';
const OTHER = 'https://other.example.com';
const query = '{ hello }';

function corsOf({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));
}

const preflight = (origin: string): RequestInit => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  },
});

it('by default no origin is answered', async () => {
  const { url } = await start();
  const response = await fetch(getUrl(url, { query }), { headers: { origin: UI } });
  expect([response.status, corsOf(response)]).toEqual([200, {}]);
  const asked = await fetch(url, preflight(UI));
  expect([asked.status, corsOf(asked)]).toEqual([405, {}]);
});

it('a named origin may read, without credentials', async () => {
  const { url } = await start({ corsOrigins: [UI, 'http://localhost:3000'] });
  const response = await fetch(getUrl(url, { query }), { headers: { origin: UI } });
  expect(corsOf(response)).toEqual({
    'access-control-allow-origin': UI,
    'access-control-expose-headers': 'x-request-id, www-authenticate, retry-after',
  });
  expect(response.headers.get('vary')).toBe('Accept, Accept-Encoding, Origin');
});

it("a named origin's preflight is granted", async () => {
  const { url, log } = await start({ corsOrigins: [UI] });
  const response = await fetch(url, preflight(UI));
  expect(response.status).toBe(204);
  expect(corsOf(response)).toMatchObject({
    'access-control-allow-origin': UI,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers':
      'authorization, content-type, x-writ-csrf, apollographql-client-name, apollographql-client-version, traceparent, tracestate, baggage, sentry-trace',
  });
  expect(corsOf(response)).not.toHaveProperty('access-control-allow-credentials');
  expect(log).toEqual([]);
});

it('a page may send headers that are allowed besides', async () => {
  const { url } = await start({ corsOrigins: [UI], corsHeaders: ['x-team'] });
  const response = await fetch(url, preflight(UI));
  expect(response.headers.get('access-control-allow-headers')).toMatch(/, sentry-trace, x-team$/);
});

it.for([OTHER, 'null', `${UI}.evil.com`, 'https://UI.example.com:444', 'http://ui.example.com'])(
  'another origin is not answered: %s',
  async (origin) => {
    const { url } = await start({ corsOrigins: [UI] });
    const response = await fetch(getUrl(url, { query }), { headers: { origin } });
    expect([corsOf(response), response.headers.get('vary')]).toEqual([{}, 'Accept, Accept-Encoding, Origin']);
    const asked = await fetch(url, preflight(origin));
    expect([asked.status, corsOf(asked)]).toEqual([405, {}]);
  },
);

it('an error is readable for a named origin too', async () => {
  const { url } = await start({ corsOrigins: [UI] });
  const response = await fetch(url, { method: 'POST', headers: { origin: UI }, body: 'text' });
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([415, UI]);
});

it.for(['*', 'null', 'ui.example.com', `${UI}/`, `${UI}/path`])('%s is no origin to allow', (origin) => {
  const { logger } = memoryLog();
  const create = () =>
    createServer({ schema: createSchema(createProbe()), logger, port: 0, corsOrigins: [origin] });
  expect(create).toThrow(origin);
});
