import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { expect, it } from 'vitest';
import { BUILT_CONSOLE, type BuiltConsole } from '../../src/http/console/built-console.ts';
import { post, start, startServer } from './fixture.ts';

const server = startServer({ playground: {}, console: {}, basePath: '/base' });

const { files } = JSON.parse(readFileSync(BUILT_CONSOLE, 'utf8')) as BuiltConsole;
const icon = Object.keys(files).find((name) => name.endsWith('.svg'));
const long = `{hello(name:"${'x'.repeat(3_000)}")}`;
const stream = { accept: 'text/event-stream' };

/** The status and the headers, but for those that no two responses have in common, and the body. */
function send(method: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ head: unknown; body: string }>((resolve, reject) => {
    const sent = request(server.origin + path, { method, headers, agent: false }, async (response) => {
      const { date, 'x-request-id': id, 'transfer-encoding': encoding, ...same } = response.headers;
      const body = (await response.setEncoding('latin1').toArray()).join('');
      resolve({ head: [response.statusCode, same], body });
    });
    sent.on('error', reject).end();
  });
}

it.for<[what: string, path: string, headers?: Record<string, string>]>([
  ['a query', '/base/graphql?query={hello}'],
  ['a long query', `/base/graphql?query=${long}`],
  ['an invalid operation', '/base/graphql?query={nothing}', { accept: 'application/graphql-response+json' }],
  ['no operation', '/base/graphql'],
  ['a mutation', '/base/graphql?query=mutation{touch}'],
  ['the playground', '/base/graphql', { accept: 'text/html' }],
  ['the compressed playground', '/base/graphql', { accept: 'text/html', 'accept-encoding': 'gzip' }],
  ['a query as a stream', '/base/graphql?query={hello}', stream],
  ['a subscription', '/base/graphql?query=subscription{count(to:3)}', stream],
  ['the base path', '/base/'],
  ['the console', '/base/console/', { accept: 'text/html' }],
  ['the icon of the console', `/base/console/${icon}`],
  ['the configuration of the console', '/base/console/config.json'],
  ['an unknown file of the console', '/base/console/assets/nothing.js'],
  ['an unknown path', '/nowhere'],
])('a HEAD has the headers of a GET, and no body: %s', async ([, path, headers]) => {
  const get = await send('GET', path, headers);
  const head = await send('HEAD', path, headers);
  expect(head).toEqual({ head: get.head, body: '' });
  expect(server.probe.mutations).toBe(0);
});

it('a HEAD subscribes to nothing that goes on', async () => {
  const { url, origin, probe } = await start();
  for (const field of ['quiet', 'flood']) {
    const response = await fetch(`${url}?query=subscription{${field}}`, { method: 'HEAD', headers: stream });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  }
  await probe.closed;
  expect(probe.events).toBe(0);
  expect((await fetch(origin, { method: 'HEAD' })).status).toBe(400);
});

it.for(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
  '%s is refused, with the methods that are not',
  async (method) => {
    const response = await fetch(server.url, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    expect((await post(server.url, { query: '{ hello }' })).response.status).toBe(200);
  },
);
