import { expect, it } from 'vitest';
import { codes, type GraphQLBody, startServer } from './fixture.ts';

const server = startServer();

async function typeOf(accept: string, query: string): Promise<[number, string | undefined]> {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  await response.text();
  return [response.status, response.headers.get('content-type')?.split(';')[0]];
}

it.for([
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json'],
  ['application/graphql-response+json;q=0.5, application/json', 'application/json'],
  ['application/json, application/graphql-response+json', 'application/json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
  ['application/graphql-response+json, */*', 'application/graphql-response+json'],
  ['text/event-stream, application/json', 'application/json'],
  ['text/event-stream', 'text/event-stream'],
  ['multipart/mixed, application/json', 'application/json'],
  ['text/html, */*;q=0.1', 'application/json'],
  ['application/json;q=0, */*', 'application/graphql-response+json'],
])('a query that accepts %s gets %s', async ([accept = '', type]) => {
  expect(await typeOf(accept, '{ hello }')).toEqual([200, type]);
});

it.for(['text/event-stream', 'text/event-stream, application/json', '*/*'])(
  'a subscription that accepts %s gets an event stream',
  async (accept) => {
    expect(await typeOf(accept, 'subscription { count(to: 1) }')).toEqual([200, 'text/event-stream']);
  },
);

it.for([
  ['application/json', 'subscription { count(to: 1) }'],
  ['application/graphql-response+json', 'subscription { count(to: 1) }'],
  ['image/png', '{ hello }'],
  ['multipart/mixed', '{ hello }'],
  ['application/json; charset=latin1', '{ hello }'],
])('%s for %s is 406, with a code', async ([accept = '', query]) => {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  expect([response.status, codes((await response.json()) as GraphQLBody)]).toEqual([406, ['BAD_REQUEST']]);
});
