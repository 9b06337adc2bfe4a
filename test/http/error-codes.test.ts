import { describe, expect, it } from 'vitest';
import { codes, events, type GraphQLBody, getUrl, type Operation, post, startServer } from './fixture.ts';

const server = startServer({ limits: { depth: 4 } });

/** What Apollo's persisted-query link sends. */
const extensions = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };

const fail = (kind: string): Operation => ({ query: '{ fail(kind: $k) }'.replace('$k', `"${kind}"`) });

const CASES: [string, Operation][] = [
  ['UNAUTHENTICATED', fail('unauthenticated')],
  ['FORBIDDEN', fail('forbidden')],
  ['BAD_USER_INPUT', fail('input')],
  ['TOO_MANY_REQUESTS', fail('throttled')],
  ['CONFLICT', fail('kubernetes')],
  ['TIMEOUT', fail('timeout')],
  ['INTERNAL', fail('bug')],
  ['INTERNAL', fail('graphql')],
  ['INTERNAL', { query: '{ badValue }' }],
  ['INTERNAL', { query: '{ missing }' }],
  ['BAD_USER_INPUT', { query: 'query ($n: String!) { hello(name: $n) }' }],
  ['QUERY_TOO_COMPLEX', { query: '{ item(input: { name: "a" }) { self { self { self { name } } } } }' }],
  ['GRAPHQL_PARSE_FAILED', { query: '{' }],
  ['GRAPHQL_VALIDATION_FAILED', { query: '{ nothing }' }],
  ['OPERATION_RESOLUTION_FAILURE', { query: 'query A { hello } query B { hello }' }],
  ['OPERATION_RESOLUTION_FAILURE', { query: 'query A { hello }', operationName: 'B' }],
  ['PERSISTED_QUERY_NOT_SUPPORTED', { extensions }],
  ['PERSISTED_QUERY_NOT_SUPPORTED', { operationName: 'A', variables: {}, extensions }],
];

const json = (accept: string) => ({ accept });
const TRANSPORTS: Record<string, (operation: Operation) => Promise<GraphQLBody>> = {
  'POST, application/json': async (operation) =>
    (await post(server.url, operation, json('application/json'))).body,
  'POST, application/graphql-response+json': async (operation) =>
    (await post(server.url, operation, json('application/graphql-response+json'))).body,
  GET: async (operation) => (await (await fetch(getUrl(server.url, operation))).json()) as GraphQLBody,
  'POST, event stream': (operation) => overEventStream(operation, 'POST'),
  'GET, event stream': (operation) => overEventStream(operation, 'GET'),
};

async function overEventStream(operation: Operation, method: 'GET' | 'POST'): Promise<GraphQLBody> {
  const accept = 'text/event-stream';
  const response =
    method === 'GET'
      ? await fetch(getUrl(server.url, operation), { headers: { accept } })
      : await fetch(server.url, {
          method,
          headers: { accept, 'content-type': 'application/json' },
          body: JSON.stringify(operation),
        });
  expect(response.status).toBe(200);
  const [next, complete, ...more] = await events(response);
  expect([next?.event, complete?.event, more.length]).toEqual(['next', 'complete', 0]);
  return next?.data ?? {};
}

for (const [transport, send] of Object.entries(TRANSPORTS)) {
  describe(`over ${transport}`, () => {
    it.for(CASES)('%s for %j', async ([code, operation]) => {
      const body = await send(operation);
      expect(codes(body)).toEqual([code]);
      expect(body.errors?.[0]?.extensions).not.toHaveProperty('http');
      expect(body.errors?.[0]).not.toHaveProperty('stack');
    });
  });
}

it('an error in a field stays beside the data of the others', async () => {
  const { response, body } = await post(server.url, { query: '{ hello fail(kind: "forbidden") }' });
  expect(response.status).toBe(200);
  expect(body.data).toEqual({ hello: 'hello you', fail: null });
  expect(body.errors).toMatchObject([
    { path: ['fail'], message: 'You may not list pods', extensions: { code: 'FORBIDDEN', verb: 'list' } },
  ]);
});

it('what an error of the cluster says reaches a client as far as it is safe', async () => {
  const { body } = await post(server.url, fail('kubernetes'));
  expect(body.errors?.[0]).toMatchObject({
    message: 'Conflict: list pods in namespace demo',
    extensions: { kubernetes: { code: 409, reason: 'Conflict' } },
  });
});
