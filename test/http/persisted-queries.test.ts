import { expect, it } from 'vitest';
import { codes, type GraphQLBody, getUrl, post, start } from './fixture.ts';
import { alice, openAccepted } from './websocket-fixture.ts';

const extensions = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
const query = '{ hello }';

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  return { response, body: (await response.json()) as GraphQLBody };
}

it.for([
  ['application/json', 200],
  ['application/graphql-response+json', 400],
] as const)('a hash alone is refused by code and message, as %s', async ([accept, status]) => {
  const { url } = await start();
  for (const { response, body } of [
    await post(url, { extensions }, { accept }),
    await get(getUrl(url, { extensions }), { accept }),
  ]) {
    expect(response.status).toBe(status);
    expect(body).toEqual({
      errors: [
        { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
      ],
    });
  }
});

it('a document with its hash is executed', async () => {
  const { url } = await start();
  expect((await post(url, { query, extensions })).body).toEqual({ data: { hello: 'hello you' } });
  expect((await get(getUrl(url, { query, extensions }))).body).toEqual({ data: { hello: 'hello you' } });
});

it.for([{}, { client: { name: 'a' } }, null])(
  'extensions %j without a document are a bad request',
  async (other) => {
    const { url } = await start();
    const { response, body } = await post(url, JSON.stringify({ extensions: other }));
    expect([response.status, codes(body)]).toEqual([400, ['BAD_REQUEST']]);
  },
);

it('over a WebSocket a hash alone is refused likewise, and the connection goes on', async () => {
  const { url } = await start({ identity: alice() });
  const { send, next } = await openAccepted(url);
  send({ id: '1', type: 'subscribe', payload: { extensions } });
  expect(await next()).toMatchObject({
    id: '1',
    type: 'error',
    payload: [
      { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
    ],
  });
  send({ id: '1', type: 'subscribe', payload: { query, extensions } });
  expect((await next()).payload).toEqual({ data: { hello: 'hello you' } });
});

it.for([
  { type: 'subscribe', payload: { extensions: { client: 'a' } } },
  { type: 'subscribe', payload: '"persistedQuery"' },
  { type: 'subscribe', payload: { query: 1, extensions } },
])('over a WebSocket the message %j is invalid', async (message) => {
  const { url } = await start({ identity: alice() });
  const { send, closed } = await openAccepted(url);
  send({ id: '1', ...message });
  expect((await closed).code).toBe(4400);
});

it('under CSRF protection the header is required first', async () => {
  const { url } = await start({ authenticatingProxy: true });
  expect(codes((await post(url, { extensions })).body)).toEqual(['FORBIDDEN']);
  const header = { 'x-writ-csrf': '1' };
  expect(codes((await post(url, { extensions }, header)).body)).toEqual(['PERSISTED_QUERY_NOT_SUPPORTED']);
  expect(codes((await get(getUrl(url, { extensions }), header)).body)).toEqual([
    'PERSISTED_QUERY_NOT_SUPPORTED',
  ]);
});
