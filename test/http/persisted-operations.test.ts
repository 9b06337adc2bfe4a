import { describe, expect, it } from 'vitest';
import { OperationList } from '../../src/http/operations/operation-list.ts';
import { sha256 } from '../support/operations-file.ts';
import { codes, post } from './fixture.ts';
import {
  byHash,
  byId,
  LISTED,
  LISTED_MUTATION,
  LISTED_SUBSCRIPTION,
  listOf,
  startWith,
  TRANSPORTS,
} from './operations-fixture.ts';

const AD_HOC = '{ hello }';
const variables = { name: 'Ada' };
const greeted = { data: { hello: 'hello Ada' } };
const list = listOf(LISTED, LISTED_MUTATION, LISTED_SUBSCRIPTION);

describe.for(Object.entries(TRANSPORTS))('with a list, over %s', ([transport, send]) => {
  it.for([
    ['hash', byHash(LISTED, { variables })],
    ['documentId', byId(LISTED, { variables })],
    ['hash and documentId', { ...byHash(LISTED, { variables }), ...byId(LISTED) }],
    ['hash and text', { ...byHash(LISTED, { variables }), query: LISTED }],
    ['documentId and text', { ...byId(LISTED, { variables }), query: LISTED }],
    ['text', { query: LISTED, variables }],
    ['text in another form', { query: `# A comment\n${LISTED.replaceAll(' ', '\n')}`, variables }],
    ['hash and text in another form', { ...byHash(LISTED, { variables }), query: `\n${LISTED}` }],
  ] as const)('a listed operation is executed by its %s', async ([, sent]) => {
    const { url } = await startWith({ list });
    expect(await send(url, sent)).toEqual(greeted);
  });

  it.for([
    ['text', { query: AD_HOC }, 'FORBIDDEN'],
    ['text that is not GraphQL', { query: '{' }, 'FORBIDDEN'],
    ['hash', byHash(AD_HOC), 'PERSISTED_QUERY_NOT_FOUND'],
    ['documentId', byId(AD_HOC), 'PERSISTED_QUERY_NOT_FOUND'],
    ['text and hash', { ...byHash(AD_HOC), query: AD_HOC }, 'FORBIDDEN'],
    ['text, with the hash of a listed one', { ...byHash(LISTED), query: AD_HOC }, 'BAD_REQUEST'],
  ] as const)('another operation is refused by its %s', async ([, sent, code]) => {
    const { url } = await startWith({ list });
    expect(codes(await send(url, sent))).toEqual([code]);
  });

  it('members of a named group may send others, and nobody else', async () => {
    const { url } = await startWith({ list, adHoc: ['developers', 'system:masters'] });
    expect(await send(url, { query: AD_HOC }, { 'x-groups': 'a,developers' })).toEqual({
      data: { hello: 'hello you' },
    });
    for (const groups of ['', 'a', 'developers2', 'Developers', 'system:masters:x', '__proto__']) {
      expect(codes(await send(url, { query: AD_HOC }, { 'x-groups': groups }))).toEqual(['FORBIDDEN']);
      expect(await send(url, byHash(LISTED, { variables }), { 'x-groups': groups })).toEqual(greeted);
    }
  });

  it('everyone may send others while that is allowed, and hashes go on to be found', async () => {
    const { url } = await startWith({ list, adHoc: true });
    expect(await send(url, { query: AD_HOC })).toEqual({ data: { hello: 'hello you' } });
    expect(await send(url, byHash(LISTED, { variables }))).toEqual(greeted);
    expect(codes(await send(url, byHash(AD_HOC)))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(await send(url, { ...byHash(AD_HOC), query: AD_HOC })).toEqual({ data: { hello: 'hello you' } });
  });

  it('variables and the name of the operation are checked as ever', async () => {
    const { url } = await startWith({ list }, { limits: { complexity: 5 } });
    expect(codes(await send(url, byHash(LISTED)))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await send(url, byHash(LISTED, { variables, operationName: 'Other' })))).toEqual([
      'OPERATION_RESOLUTION_FAILURE',
    ]);
  });

  it.runIf(['an event stream', 'a WebSocket'].includes(transport))('a subscription is found', async () => {
    const { url } = await startWith({ list });
    expect(await send(url, byHash(LISTED_SUBSCRIPTION))).toEqual({ data: { count: 1 } });
    expect(codes(await send(url, { query: 'subscription { count(to: 2) }' }))).toEqual(['FORBIDDEN']);
  });
});

it('a refusal says what is accepted, and never the groups', async () => {
  const { url } = await startWith({ list, adHoc: ['developers'] });
  const { response, body } = await post(url, { query: AD_HOC });
  expect(response.status).toBe(403);
  expect(body.errors?.[0]?.extensions).toEqual({
    code: 'FORBIDDEN',
    reason: 'OperationNotListed',
    hint: 'Send an operation of the list that the server was given, by its text, its hash or its documentId',
  });
  expect(JSON.stringify(body)).not.toContain('developers');
});

it.for([
  ['application/json', 200],
  ['application/graphql-response+json', 400],
] as const)('a hash that is not found has a message that clients know, as %s', async ([accept, status]) => {
  const { url } = await startWith({ list });
  const { response, body } = await post(url, byHash(AD_HOC), { accept });
  expect(response.status).toBe(status);
  expect(body).toEqual({
    errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
  });
});

it('an id of the manifest that is no hash names its operation', async () => {
  const named = new OperationList([{ id: 'greet-v1', text: LISTED }]);
  const { url } = await startWith({ list: named });
  for (const sent of [{ documentId: 'greet-v1' }, byHash(LISTED), byId(LISTED)]) {
    expect((await post(url, JSON.stringify({ ...sent, variables }))).body).toEqual(greeted);
  }
});

it('the request log says which operations are not listed', async () => {
  const { url, logged } = await startWith({ list, adHoc: true });
  await post(url, { query: LISTED, variables });
  await post(url, { query: 'query Other { hello }' });
  expect(await logged((line) => line.operationName === 'Greet')).not.toHaveProperty('adHoc');
  expect(await logged((line) => line.operationName === 'Other')).toMatchObject({ adHoc: true });
});

it('a list knows the names of its operations', () => {
  const names = [...listOf(LISTED, LISTED_MUTATION, AD_HOC, 'query A { hello } query B { hello }').names];
  expect(names).toEqual(['Greet', 'Touch', 'A', 'B']);
});

it('a document is executed as it is listed, and not as it was sent', async () => {
  const listed = 'query Two { hello requestId }';
  const { url } = await startWith({ list: listOf(listed) });
  const { body } = await post(url, { query: 'query Two { requestId hello }' });
  expect(Object.keys(body.data ?? {})).toEqual(['hello', 'requestId']);
});

it('hashes are those of the text in lower case', () => {
  expect(list.byId(sha256(LISTED))).toBe(LISTED);
  expect(list.byId(sha256(LISTED).toUpperCase())).toBeUndefined();
});
