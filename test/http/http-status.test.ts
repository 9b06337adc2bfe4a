import { describe, expect, it } from 'vitest';
import { TooManyRequests, Unauthenticated, Unavailable } from '../../src/errors.ts';
import { useIdentity } from '../../src/http/plugins/use-identity.ts';
import { codes, events, post, start } from './fixture.ts';

const JSON_TYPES = ['application/json', 'application/graphql-response+json'];
const throwing = (error: Error) => ({
  plugins: [useIdentity(() => Promise.reject(error))],
});

describe.for(JSON_TYPES)('%s', (accept) => {
  it('a request without identity: 401 with the challenge', async () => {
    const { url } = await start(throwing(new Unauthenticated('No token')));
    const { response, body } = await post(url, { query: '{ hello }' }, { accept });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('content-type')).toContain(accept);
    expect(codes(body)).toEqual(['UNAUTHENTICATED']);
  });

  it('a token that the cluster refuses, so that there is no data: 401', async () => {
    const { url } = await start();
    const { response, body } = await post(
      url,
      { query: '{ failHard(kind: "unauthenticated") }' },
      { accept },
    );
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(body.data).toBeNull();
  });

  it('UNAUTHENTICATED beside data: 200', async () => {
    const { url } = await start();
    const { response } = await post(url, { query: '{ hello fail(kind: "unauthenticated") }' }, { accept });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([200, null]);
  });

  it('another error without data: 200', async () => {
    const { url } = await start();
    const { response } = await post(url, { query: '{ failHard(kind: "forbidden") }' }, { accept });
    expect(response.status).toBe(200);
  });

  it('a status in the extensions of a thrown error has no effect', async () => {
    const { url } = await start();
    const { response, body } = await post(url, { query: '{ hello fail(kind: "graphql") }' }, { accept });
    expect(response.status).toBe(200);
    expect(JSON.stringify(body)).not.toContain('418');
  });

  it('a cluster that cannot answer: 503', async () => {
    const { url } = await start(throwing(new Unavailable('The cluster could not answer')));
    expect((await post(url, { query: '{ hello }' }, { accept })).response.status).toBe(503);
  });

  it('too many requests: 429 with Retry-After', async () => {
    const { url } = await start(throwing(new TooManyRequests('Slow down', { retryAfterSeconds: 7 })));
    const { response } = await post(url, { query: '{ hello }' }, { accept });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it.for([
    { query: '{' },
    { query: '{ nothing }' },
    { query: 'query ($n: String!) { hello(name: $n) }' },
    { query: '{ hello }', operationName: 'Other' },
    { query: '{ a: hello b: hello c: hello }' },
  ])('an operation that is refused: 200 or 400 by media type, for %j', async (operation) => {
    const { url } = await start({ limits: { aliases: 2 } });
    const { response, body } = await post(url, operation, { accept });
    expect(response.status).toBe(accept === 'application/json' ? 200 : 400);
    expect(body).not.toHaveProperty('data');
  });
});

it('over an event stream a missing identity is 200, one coded event, complete', async () => {
  const { url } = await start(throwing(new Unauthenticated('No token')));
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'subscription { count(to: 3) }' }),
  });
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([200, null]);
  const received = await events(response);
  expect(received.map(({ event }) => event)).toEqual(['next', 'complete']);
  expect(codes(received[0]?.data ?? {})).toEqual(['UNAUTHENTICATED']);
});
