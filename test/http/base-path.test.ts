import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readConfig } from '../../src/config/config.ts';
import { codes, firstEvent, type GraphQLBody, post, startServer } from './fixture.ts';

const server = startServer({ basePath: '/team/writ', playground: {} });
const hello = { data: { hello: 'hello you' } };

it('the endpoint is below the base path', async () => {
  expect(new URL(server.url).pathname).toBe('/team/writ/graphql');
  expect((await post(server.url, { query: '{ hello }' })).body).toEqual(hello);
  expect((await post(`${server.url}/`, { query: '{ hello }' })).body).toEqual(hello);
});

it('so are event streams', async () => {
  const headers = { accept: 'text/event-stream' };
  const response = await fetch(`${server.url}?query=subscription{count(to:1)}`, { headers });
  expect(await firstEvent(response)).toEqual({ data: { count: 1 } });
});

it('so is the playground, which sends its requests to the address that it has', async () => {
  const response = await fetch(server.url, { headers: { accept: 'text/html' } });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await response.text()).not.toContain('"endpoint"');
});

it.for(['/team/writ', '/team/writ/'])('%s leads to the endpoint', async (path) => {
  const response = await fetch(server.origin + path, { redirect: 'manual' });
  const { pathname } = new URL(response.headers.get('location') ?? '', server.origin + path);
  expect([response.status, pathname]).toEqual([302, '/team/writ/graphql']);
});

it.for(['/', '/graphql', '/team', '/team/writ/team/writ/graphql', '/team/writx/graphql', '/team/writ/x'])(
  '%s is not found',
  async (path) => {
    const response = await fetch(`${server.origin}${path}?query={hello}`, { redirect: 'manual' });
    expect([response.status, codes((await response.json()) as GraphQLBody)]).toEqual([404, ['NOT_FOUND']]);
  },
);

it.for<[path: string, outcome: unknown]>([
  ['/team/writ/graphql', 'open'],
  ['/team/writ/graphql/', 'open'],
  ['/graphql', 404],
])('a WebSocket at %s: %s', async ([path, outcome]) => {
  const socket = new WebSocket(server.origin.replace('http', 'ws') + path, 'graphql-transport-ws');
  const { promise, resolve } = Promise.withResolvers<unknown>();
  socket.once('open', () => resolve('open'));
  socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode));
  socket.once('error', resolve);
  expect(await promise).toBe(outcome);
  socket.terminate();
});

describe('the setting', () => {
  const read = (value: string) => readConfig({ WRIT_BASE_PATH: value }).api.basePath;

  it.for([
    ['', ''],
    ['/', ''],
    ['/writ', '/writ'],
    ['/writ/', '/writ'],
    ['/a/b-c_d.e~f', '/a/b-c_d.e~f'],
    ['/.well/..known', '/.well/..known'],
  ])('%j is %j', ([value = '', basePath]) => {
    expect(read(value)).toBe(basePath);
  });

  it.for([
    'writ',
    '//',
    '//evil.example',
    '/a//b',
    '/a?b',
    '/a#b',
    '/a b',
    '/%61',
    '/..',
    '/a/./b',
    '/a/..',
    'http://x/y',
  ])('%s is refused, and the error says what is accepted', (value) => {
    expect(() => read(value)).toThrow(
      `WRIT_BASE_PATH: invalid value ${JSON.stringify(value)}: must be a path such as /writ`,
    );
  });
});
