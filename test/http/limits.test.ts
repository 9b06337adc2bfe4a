import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/http/document-checks.ts';
import { codes, events, type Operation, post, start } from './fixture.ts';

interface Case {
  limits: Record<string, number>;
  allowed: Operation;
  refused: Operation;
  actual: number;
}

const TWO_OPERATIONS = `
  query Small { hello }
  query Large { ...f }
  fragment f on Query { items(first: 11) { name } }
`;

const CASES: Record<string, Case> = {
  characters: {
    limits: { characters: 9 },
    allowed: { query: '{ hello }' },
    refused: { query: '{  hello }' },
    actual: 10,
  },
  tokens: {
    limits: { tokens: 4 },
    allowed: { query: '{ hello }' },
    refused: { query: '{ hello hello slow }' },
    actual: 5,
  },
  depth: {
    limits: { depth: 2 },
    allowed: { query: '{ items(first: 1) { name } }' },
    refused: { query: '{ items(first: 1) { self { name } } }' },
    actual: 3,
  },
  'depth within fragments': {
    limits: { depth: 2 },
    allowed: { query: '{ ...f } fragment f on Query { items(first: 1) { name } }' },
    refused: { query: '{ items(first: 1) { ...f } } fragment f on Item { ... { self { name } } }' },
    actual: 3,
  },
  fields: {
    limits: { fields: 3 },
    allowed: { query: '{ hello items(first: 1) { name } }' },
    refused: { query: '{ ...f ...f } fragment f on Query { hello requestId }' },
    actual: 4,
  },
  rootFields: {
    limits: { rootFields: 1 },
    allowed: { query: '{ items(first: 1) { name self { name } } }' },
    refused: { query: '{ hello ...f } fragment f on Query { requestId }' },
    actual: 2,
  },
  aliases: {
    limits: { aliases: 1 },
    allowed: { query: '{ a: hello hello }' },
    refused: { query: '{ a: hello b: hello }' },
    actual: 2,
  },
  directives: {
    limits: { directives: 1 },
    allowed: { query: '{ hello @include(if: true) }' },
    refused: { query: '{ hello @include(if: true) ...f @skip(if: true) } fragment f on Query { requestId }' },
    actual: 2,
  },
  complexity: {
    limits: { complexity: 11 },
    allowed: { query: '{ items(first: 10) { name } }' },
    refused: { query: '{ items(first: 11) { name } }' },
    actual: 12,
  },
  'complexity by variable': {
    limits: { complexity: 11 },
    allowed: { query: 'query ($n: Int!) { items(first: $n) { name } }', variables: { n: 10 } },
    refused: { query: 'query ($n: Int!) { items(first: $n) { name } }', variables: { n: 11 } },
    actual: 12,
  },
  'complexity of the operation that is executed, with its fragments': {
    limits: { complexity: 11 },
    allowed: { query: TWO_OPERATIONS, operationName: 'Small' },
    refused: { query: TWO_OPERATIONS, operationName: 'Large' },
    actual: 12,
  },
};

describe.for(Object.entries(CASES))('%s', ([name, { limits, allowed, refused, actual }]) => {
  it('an operation within the limit passes', async () => {
    const { url } = await start({ limits });
    expect((await post(url, allowed)).body).not.toHaveProperty('errors');
  });

  it('an operation beyond it is refused, whatever came before', async () => {
    const { url } = await start({ limits });
    await post(url, allowed);
    for (const _ of [1, 2]) {
      const { body } = await post(url, refused);
      const [limit] = name.split(' ');
      expect(codes(body)).toEqual(['QUERY_TOO_COMPLEX']);
      expect(body.errors?.[0]?.extensions).toMatchObject({ limit, maximum: limits[limit ?? ''], actual });
    }
    expect((await post(url, allowed)).body).not.toHaveProperty('errors');
  });
});

it('a subscription is limited as a query is', async () => {
  const { url } = await start({ limits: { complexity: 11 } });
  const subscribe = async (first: number) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ query: `subscription { items(first: ${first}) { name } }` }),
    });
    return (await events(response)).map(({ data }) => data && (codes(data)[0] ?? data.data));
  };
  expect(await subscribe(10)).toEqual([{ items: [{ name: 'a' }] }, undefined]);
  expect(await subscribe(11)).toEqual(['QUERY_TOO_COMPLEX', undefined]);
});

it("the playground's introspection passes the limits that are set by default", async () => {
  const { url } = await start();
  const query = getIntrospectionQuery({
    schemaDescription: true,
    inputValueDeprecation: true,
    directiveIsRepeatable: true,
    oneOf: true,
  });
  expect((await post(url, { query })).body).not.toHaveProperty('errors');
});

it('an invalid document stays invalid', async () => {
  const { url } = await start();
  for (const _ of [1, 2]) {
    expect(codes((await post(url, { query: '{ nothing }' })).body)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  }
});

it('a mutation over a limit does nothing', async () => {
  const { url, probe } = await start({ limits: { rootFields: 1 } });
  await post(url, { query: 'mutation { a: touch b: touch }' });
  expect(probe.mutations).toBe(0);
});

describe('documents that are small and grow', () => {
  // 2^40 fields, were they written out.
  const doubling = Array.from(
    { length: 40 },
    (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`,
  );
  const DOCUMENTS: Record<string, [string, string]> = {
    'fragments that double': [
      'QUERY_TOO_COMPLEX',
      `{ ...f0 } ${doubling.join(' ')} fragment f40 on Query { hello }`,
    ],
    'a fragment within itself': ['GRAPHQL_VALIDATION_FAILED', '{ ...f } fragment f on Query { hello ...f }'],
    'fragments within each other': [
      'GRAPHQL_VALIDATION_FAILED',
      '{ ...f } fragment f on Query { ...g } fragment g on Query { ...f hello }',
    ],
    'one field very often': ['QUERY_TOO_COMPLEX', `{ ${'hello '.repeat(DEFAULT_LIMITS.fields + 1)}}`],
    'directives very often': ['QUERY_TOO_COMPLEX', `{ hello ${'@x '.repeat(DEFAULT_LIMITS.directives + 1)}}`],
    'deep lists': ['QUERY_TOO_COMPLEX', `{ hello(name: ${'['.repeat(DEFAULT_LIMITS.tokens)}`],
  };

  it.for(Object.entries(DOCUMENTS))('%s', async ([, [code, query]]) => {
    const { url } = await start();
    const { body } = await post(url, { query });
    expect(new Set(codes(body))).toEqual(new Set([code]));
  });
});
