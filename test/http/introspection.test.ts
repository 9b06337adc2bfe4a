import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { codes } from './fixture.ts';
import { LISTED, listOf, startWith, TRANSPORTS } from './operations-fixture.ts';

const OFF = { adHoc: true, introspection: false };

describe.for(Object.entries(TRANSPORTS))('without introspection, over %s', ([, send]) => {
  it.for([
    ["a tool's query", getIntrospectionQuery()],
    ['a field', '{ __schema { queryType { name } } }'],
    ['an alias', '{ a: __type(name: "Query") { name } }'],
    ['fragments', '{ ...f } fragment f on Query { ... { __schema { queryType { name } } } }'],
    ['a field that is skipped', '{ hello __schema @skip(if: true) { queryType { name } } }'],
  ] as const)('the schema is not read by %s', async ([, query]) => {
    const { url } = await startWith(OFF);
    for (const _ of [1, 2]) {
      const body = await send(url, { query });
      expect(new Set(codes(body))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
      expect(body.errors?.[0]?.extensions.reason).toBe('IntrospectionDisabled');
    }
  });

  it('the name of a type is', async () => {
    const { url } = await startWith(OFF);
    expect(await send(url, { query: '{ __typename items { __typename } }' })).toEqual({
      data: { __typename: 'Query', items: [{ __typename: 'Item' }] },
    });
  });

  it.for([
    ['a field', '{ hell }', {}],
    ['an argument', '{ hello(nam: "a") }', {}],
    ['a type', '{ ... on Quer { hello } }', {}],
    ['a field of an argument', '{ item(input: { nam: "a" }) { name } }', {}],
    ['a field of a variable', 'query ($i: ItemInput!) { item(input: $i) { name } }', { i: { nam: 'a' } }],
  ] as const)('no message suggests a name: %s', async ([, query, variables]) => {
    const [off, on] = [await startWith(OFF), await startWith({ ...OFF, introspection: true })];
    expect(JSON.stringify(await send(on.url, { query, variables }))).toContain('Did you mean');
    const body = await send(off.url, { query, variables });
    expect(body.errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toContain('Did you mean');
  });
});

it('members of groups with ad-hoc operations do not read the schema either', async () => {
  const { url } = await startWith({ list: listOf(LISTED), adHoc: ['developers'], introspection: false });
  const query = '{ __schema { queryType { name } } }';
  const body = await TRANSPORTS.POST?.(url, { query }, { 'x-groups': 'developers' });
  expect(codes(body ?? {})).toEqual(['GRAPHQL_VALIDATION_FAILED']);
});
