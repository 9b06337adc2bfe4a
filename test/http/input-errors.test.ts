import { expect, it } from 'vitest';
import { codes, post, startServer } from './fixture.ts';

const server = startServer();

const ITEM = 'query ($input: ItemInput!) { item(input: $input) { name } }';

async function fields(query: string, variables: Record<string, unknown>) {
  const { body } = await post(server.url, { query, variables });
  expect(codes(body)).toEqual(['BAD_USER_INPUT']);
  return (body.errors?.[0]?.extensions.fields ?? []) as { path: string; message: string }[];
}

it('a wrong variable names the field', async () => {
  const [field, ...more] = await fields(ITEM, { input: { name: 7 } });
  expect(more).toEqual([]);
  expect(field).toEqual({ path: 'input.name', message: expect.stringContaining('String cannot represent') });
});

it('every wrong field is named, in one error', async () => {
  const named = await fields(ITEM, { input: { sizes: [1, 'two', 3, 'four'] } });
  expect(named.map(({ path }) => path).toSorted()).toEqual(['input', 'input.sizes.1', 'input.sizes.3']);
});

it('a missing variable is named', async () => {
  expect(await fields(ITEM, {})).toMatchObject([{ path: 'input' }]);
});

it('inherited properties are no variables', async () => {
  const query = 'query ($toString: String = "you") { hello(name: $toString) }';
  expect((await post(server.url, { query, variables: {} })).body).toEqual({ data: { hello: 'hello you' } });
});

it('a list with very many wrong items is answered briefly', async () => {
  const sizes = Array.from({ length: 50_000 }, () => 'wrong');
  expect((await fields(ITEM, { input: { name: 'a', sizes } })).length).toBe(20);
});

it("null for an argument's nullable variable with a default names the argument", async () => {
  const query = 'query ($n: String = "you") { hello(name: $n) }';
  expect(await fields(query, { n: null })).toMatchObject([{ path: 'name' }]);
});

it("null for a directive's nullable variable with a default names the argument", async () => {
  const query = 'query ($on: Boolean = true) { hello @include(if: $on) }';
  expect(await fields(query, { on: null })).toMatchObject([{ path: 'if' }]);
});

it("a resolver's own findings keep their fields", async () => {
  expect(await fields('{ fail(kind: "input") }', {})).toEqual([{ path: 'name', message: 'too long' }]);
});

it('a wrong literal is a fault of the document', async () => {
  const { body } = await post(server.url, { query: '{ item(input: { name: 7 }) { name } }' });
  expect(codes(body)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
});
