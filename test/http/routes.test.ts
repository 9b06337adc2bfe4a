import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { useIdentity } from '../../src/http/plugins/use-identity.ts';
import { openRawRequest } from '../support/raw-request.ts';
import { codes, type GraphQLBody, getUrl, post, start, startServer } from './fixture.ts';

const server = startServer();

it.for([
  '/health',
  '/graphql/health',
  '/graphqlx',
  '/x/graphql',
  '//graphql',
  '/GraphQL',
  '/%67raphql',
  '/graphql%2f..',
  '/readyz',
])('%s is not found', async (path) => {
  const response = await fetch(`${server.origin}${path}?query={hello}`);
  expect([response.status, codes((await response.json()) as GraphQLBody)]).toEqual([404, ['NOT_FOUND']]);
  expect(response.headers.get('x-request-id')).toBeTruthy();
});

it.for(['/health', '/graphql', 'health'])('a query string is no path: %s', async (end) => {
  const response = await fetch(`${getUrl(server.url, { query: '{ hello }' })}&operationName=&x=${end}`);
  expect(response.headers.get('x-yoga-id')).toBeNull();
  expect(await response.json()).toEqual({ data: { hello: 'hello you' } });
});

it.for(['/graphql/', '/graphql/?x=/', '/graphql?x=/'])(
  'the endpoint may have a slash at its end: %s',
  async (path) => {
    const query = path.includes('?') ? '&query={hello}' : '?query={hello}';
    const response = await fetch(`${server.origin}${path}${query}`);
    expect(await response.json()).toEqual({ data: { hello: 'hello you' } });
  },
);

it('headers that are too large are an error with a JSON body', async () => {
  const { closed, text } = await openRawRequest(server.url, { headers: [`x-large: ${'x'.repeat(70_000)}`] });
  await closed;
  expect(text()).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
  expect(JSON.parse(text().split('\r\n\r\n')[1] ?? '')).toEqual({
    errors: [{ message: 'The headers are larger than 65536 bytes', extensions: { code: 'BAD_REQUEST' } }],
  });
});

it('the root leads to the endpoint', async () => {
  const response = await fetch(`${server.origin}/`, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([302, 'graphql']);
  expect((await fetch(`${server.origin}/`, { method: 'POST' })).status).toBe(404);
});

it("a request's id is Writ's own", async () => {
  const sent = { 'x-request-id': 'mine' };
  const { response, body } = await post(server.url, { query: '{ requestId }' }, sent);
  const id = response.headers.get('x-request-id');
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(body.data).toEqual({ requestId: id });
  const again = await post(server.url, { query: '{ requestId }' }, sent);
  expect(again.response.headers.get('x-request-id')).not.toBe(id);
});

it('every response forbids caches to store it, and names the headers that it depends on', async () => {
  const responses = [
    (await post(server.url, { query: '{ hello }' })).response,
    (await post(server.url, { query: '{ nothing }' })).response,
    await fetch(`${server.origin}/nowhere`),
  ];
  for (const { headers } of responses)
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual([
      'no-store',
      'Accept, Accept-Encoding',
    ]);
});

// fetch sends none of these.
it.for([
  'GET /graphql?query={__typename} HTTP/1.1\r\nHost: "><x y"\r\n',
  'GET /graphql?query={__typename} HTTP/1.1\r\nHost: [::\r\n',
  'GET /graphql?query={__typename}#/health HTTP/1.1\r\nHost: x\r\n',
  'GET /graphql?query=%ff%7B__typename%7D HTTP/1.1\r\nHost: x\r\n',
  'GET http://evil.example/graphql?query={__typename} HTTP/1.1\r\nHost: x\r\n',
  'TRACE /graphql HTTP/1.1\r\nHost: x\r\n',
])('a strange request is answered, never with 500: %s', async (head) => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.setEncoding('utf8');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.write(`${head}Connection: close\r\n\r\n`);
  await once(socket, 'end');
  expect(answer).toMatch(/^HTTP\/1\.1 [24]\d\d /);
  expect(answer).not.toContain('x-yoga-id');
});

it('authorization headers reach the authentication as they were sent', async () => {
  const seen: string[][] = [];
  const identity = useIdentity(async ({ req }) => {
    seen.push(req.rawHeaders.filter((name) => /^(authorization|Bearer )/i.test(name)));
    return {};
  });
  const own = await start({ plugins: [identity] });
  const socket = connect(Number(new URL(own.url).port), '127.0.0.1');
  socket.resume();
  socket.write('GET /graphql?query={hello} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n');
  socket.write('Authorization: Bearer one\r\nauthorization: Bearer two\r\n\r\n');
  await once(socket, 'close');
  expect(seen).toEqual([['Authorization', 'Bearer one', 'authorization', 'Bearer two']]);
});
