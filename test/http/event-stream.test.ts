import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Plugin } from 'graphql-yoga';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { useIdentity } from '../../src/http/plugins/use-identity.ts';
import type { HttpContext } from '../../src/http/request-state.ts';
import { codes, events, getUrl, post, start } from './fixture.ts';

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

it('its headers keep proxies from collecting, compressing or storing events', async () => {
  const { url } = await start();
  const response = await fetch(getUrl(url, { query: 'subscription { count(to: 1) }' }), { headers: accept });
  await response.text();
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
  expect(response.headers.has('content-encoding')).toBe(false);
});

it('a subscription gives back the turn that it has among the requests of its user', async () => {
  const released: string[] = [];
  const identity = useIdentity(async ({ state }) => {
    state.releaseTurn = () => released.push(state.operation?.type ?? '');
    return {};
  });
  const { url } = await start({ plugins: [identity] });
  await post(url, { query: '{ hello }' });
  await (await fetch(getUrl(url, { query: 'subscription { count(to: 1) }' }), { headers: accept })).text();
  expect(released).toEqual(['subscription']);
});

describe('with limits', () => {
  const EVENT = 100_000;
  const NEVER = 2 ** 31 - 1;
  const PATIENT = { timeout: 20_000 };

  const startLimited = async (timeoutMs: number, maxBytes = 1_000_000) => {
    const memory = new MemoryBudget(10_000_000);
    return { memory, ...(await start({ memory, responses: { maxBytes, timeoutMs } })) };
  };

  /** A client that reads the beginning of the stream, and then nothing. */
  async function openIdle(url: string): Promise<Socket> {
    const { port, pathname, search } = new URL(getUrl(url, { query: 'subscription { flood }' }));
    const socket = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    const lines = [`GET ${pathname}${search} HTTP/1.1`, 'Host: writ', 'Accept: text/event-stream'];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();
    return socket;
  }

  it('an event that is too large ends the subscription with QUERY_TOO_COMPLEX', async () => {
    const { url, probe, memory } = await startLimited(NEVER, EVENT);
    const response = await fetch(getUrl(url, { query: 'subscription { flood }' }), { headers: accept });
    const received = await events(response);
    expect(received.map(({ event, data }) => [event, data && codes(data)])).toEqual([
      ['next', ['QUERY_TOO_COMPLEX']],
      ['complete', undefined],
    ]);
    await probe.closed;
    expect(memory.reserved).toBe(0);
  });

  it('a client that does not read is disconnected, and holds nothing', async () => {
    const { url, probe, memory } = await startLimited(1_000);
    await openIdle(url);
    await expect.poll(() => memory.reserved, PATIENT).toBeGreaterThan(EVENT);
    await probe.closed;
    await expect.poll(() => memory.reserved, PATIENT).toBe(0);
  });

  it('the next event is read from the source once the client has read the last one', async () => {
    let written = () => 0;
    const plugin: Plugin<HttpContext, HttpContext> = {
      onRequest({ serverContext: { res } }) {
        written = () => res.socket?.bytesWritten ?? 0;
      },
    };
    const memory = new MemoryBudget(10_000_000);
    const responses = { maxBytes: 1_000_000, timeoutMs: NEVER };
    const { url, probe } = await start({ memory, responses, plugins: [plugin] });
    const socket = await openIdle(url);
    // Both buffers of the connection are full when an event waits for good.
    let before: number;
    do {
      before = probe.events;
      for (let turns = 0; turns < 20; turns++) await nextTurn();
    } while (probe.events > before);
    expect(memory.reserved).toBeLessThan(4 * EVENT);
    expect(memory.reserved).toBeGreaterThan(EVENT);
    // None is on its way from the source to the connection.
    expect(written()).toBeGreaterThan(before * EVENT);
    socket.resume();
    await expect.poll(() => probe.events, PATIENT).toBeGreaterThan(before + 10);
  });
});
