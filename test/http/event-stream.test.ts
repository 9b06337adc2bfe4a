import { expect, it } from 'vitest';
import { codes, events, getUrl, start } from './fixture.ts';

const accept = { accept: 'text/event-stream' };

it('a subscription is a stream of events, then complete', async () => {
  const { url } = await start();
  const response = await fetch(getUrl(url, { query: 'subscription { count(to: 2) }' }), { headers: accept });
  expect((await events(response)).map(({ event, data }) => [event, data?.data])).toEqual([
    ['next', { count: 1 }],
    ['next', { count: 2 }],
    ['complete', undefined],
  ]);
});

it.for([
  ['refused', 'forbidden', 'FORBIDDEN'],
  ['refused', 'unauthenticated', 'UNAUTHENTICATED'],
  ['refused', 'bug', 'INTERNAL'],
  ['failing', 'forbidden', 'FORBIDDEN'],
  ['failing', 'bug', 'INTERNAL'],
  ['failing', 'timeout', 'TIMEOUT'],
])('a source that is %s (%s) is one coded event, then complete', async ([field, kind, code]) => {
  const { url } = await start();
  const query = `subscription { ${field}(kind: "${kind}") }`;
  const response = await fetch(getUrl(url, { query }), { headers: accept });
  expect(response.status).toBe(200);
  const received = await events(response);
  expect(received.map(({ event }) => event)).toEqual(['next', 'complete']);
  expect(codes(received[0]?.data ?? {})).toEqual([code]);
});

it('a source that fails later ends with a coded event', async () => {
  const { url } = await start();
  const query = 'subscription { failing(kind: "bug", after: 1) }';
  const received = await events(await fetch(getUrl(url, { query }), { headers: accept }));
  expect(received.map(({ event, data }) => [event, data?.data, data && codes(data)])).toEqual([
    ['next', { failing: 'fine' }, []],
    ['next', undefined, ['INTERNAL']],
    ['complete', undefined, undefined],
  ]);
});

it('a client that leaves closes the source, though that has nothing to say', async () => {
  const { url, probe } = await start();
  const leaving = new AbortController();
  const query = 'subscription { quiet }';
  const response = await fetch(getUrl(url, { query }), { headers: accept, signal: leaving.signal });
  expect(response.status).toBe(200);
  await probe.started;
  leaving.abort();
  await probe.closed;
});

it('a client that leaves while it is behind closes the source', async () => {
  const { url, probe } = await start();
  const leaving = new AbortController();
  const query = 'subscription { flood }';
  const response = await fetch(getUrl(url, { query }), { headers: accept, signal: leaving.signal });
  expect(response.status).toBe(200);
  leaving.abort();
  await probe.closed;
});
