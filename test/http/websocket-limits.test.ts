import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { start } from './fixture.ts';
import {
  alice,
  INIT,
  openAccepted,
  openClient,
  openSocket,
  PROTOCOL,
  resultsOf,
  socketUrl,
  subscribe,
} from './websocket-fixture.ts';

const PATIENT = { timeout: 20_000 };
/** An event of `flood`, as JSON. */
const EVENT = 100_000;

const startLimited = async (timeoutMs: number, maxBytes = 1_000_000) => {
  const memory = new MemoryBudget(10_000_000);
  return { memory, ...(await start({ identity: alice(), memory, responses: { maxBytes, timeoutMs } })) };
};
const NEVER = 2 ** 31 - 1;

it('one operation too many is TOO_MANY_REQUESTS, and the others go on', async () => {
  const { url, probe } = await start({ identity: alice(), webSockets: { operations: 2 } });
  const { send, next } = await openAccepted(url);
  send(subscribe('1', '{ slow }'), subscribe('2', '{ slow }'), subscribe('3', 'mutation { touch }'));
  const refused = await next();
  expect(refused).toMatchObject({ type: 'error', id: '3' });
  expect(refused.payload[0].extensions).toEqual({ code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 1 });
  probe.release();
  const results = [await next(), await next(), await next(), await next()];
  expect(results.map(({ type }) => type).sort()).toEqual(['complete', 'complete', 'next', 'next']);
  send(subscribe('3', 'mutation { touch }'));
  expect((await next()).payload).toEqual({ data: { touch: 1 } });
});

it('one connection of a user too many is closed with 4429, until another has closed', async () => {
  const { url } = await start({ identity: alice(), webSockets: { perUser: 1 } });
  const first = await openAccepted(url);
  const second = await openSocket(url);
  second.send(INIT);
  expect((await second.closed).code).toBe(4429);
  first.socket.close();
  await first.closed;
  await expect
    .poll(
      () =>
        openAccepted(url).then(
          () => true,
          () => false,
        ),
      PATIENT,
    )
    .toBe(true);
});

it('one connection of all users too many is closed with 1013', async () => {
  const { url } = await start({ identity: alice(), webSockets: { all: 1 } });
  await openAccepted(url);
  const second = await openSocket(url);
  second.send(INIT);
  expect((await second.closed).code).toBe(1013);
});

it('of connections without a token the oldest is closed for one too many, and users can still connect', async () => {
  const { url } = await start({ identity: alice(), webSockets: { pending: 2 } });
  const user = await openAccepted(url);
  const silent = [await openSocket(url), await openSocket(url)];
  await openAccepted(url);
  expect((await silent[0]?.closed)?.code).toBe(4408);
  expect(silent[1]?.socket.readyState).toBe(WebSocket.OPEN);
  user.send(subscribe('1', 'mutation { touch }'));
  expect((await user.next()).type).toBe('next');
});

it('a result that is too large is QUERY_TOO_COMPLEX', async () => {
  const { url, memory } = await startLimited(NEVER, 50);
  const name = 'x'.repeat(100);
  const query = `{ hello(name: "${name}") }`;
  const [result] = await resultsOf(openClient(url), { query });
  expect(result?.errors?.[0]?.extensions).toEqual({
    code: 'QUERY_TOO_COMPLEX',
    limit: 'responseBytes',
    maximum: 50,
  });
  expect(result).not.toHaveProperty('data');
  await expect.poll(() => memory.reserved, PATIENT).toBe(0);
});

it('an event that is too large ends the subscription with QUERY_TOO_COMPLEX', async () => {
  const { url, probe } = await startLimited(NEVER, EVENT);
  const results = await resultsOf(openClient(url), { query: 'subscription { flood }' });
  expect(results).toMatchObject([{ errors: [{ extensions: { limit: 'responseBytes' } }] }]);
  await probe.closed;
});

it('a client that does not read has one event waiting, which counts for its user, and is disconnected', async () => {
  const { url, memory, probe, logged } = await startLimited(1_000);
  const { send, socket } = await openAccepted(url);
  send(subscribe('1', 'subscription { flood }'));
  await once(socket, 'message');
  socket.pause();
  await expect.poll(() => memory.reserved, PATIENT).toBeGreaterThan(EVENT);
  expect(memory.reserved).toBeLessThan(4 * EVENT);
  await probe.closed;
  expect(await logged(({ msg }) => msg === 'websocket closed')).toMatchObject({ username: 'alice' });
  expect(memory.reserved).toBe(0);
});

it('a message of any kind that a client does not read disconnects it', async () => {
  const { url, logged } = await start({ identity: alice(), webSockets: { sendTimeoutMs: 500 } });
  const { send, socket } = await openAccepted(url);
  send(subscribe('1', 'subscription { flood }'));
  await once(socket, 'message');
  socket.pause();
  await logged(({ msg }) => msg === 'websocket closed');
});

it('a client that reads late goes on: nothing is lost', async () => {
  const { url, probe } = await startLimited(NEVER);
  const { send, socket, next } = await openAccepted(url);
  send(subscribe('1', 'subscription { flood }'));
  await next();
  socket.pause();
  const { resolve, promise } = Promise.withResolvers<void>();
  setImmediate(resolve);
  await promise;
  socket.resume();
  for (let n = 0; n < 100; n++) expect((await next()).payload.data.flood).toHaveLength(EVENT);
  send({ type: 'complete', id: '1' });
  await probe.closed;
});

it('a message that is still arriving counts for its user', async () => {
  const { url, memory } = await startLimited(NEVER);
  const { socket } = await openAccepted(url);
  expect(memory.reserved).toBe(0);
  socket.send('x'.repeat(EVENT), { fin: false });
  await expect.poll(() => memory.reserved, PATIENT).toBeGreaterThanOrEqual(EVENT);
  socket.terminate();
  await expect.poll(() => memory.reserved, PATIENT).toBe(0);
});

it('a message counts until its operation has ended', async () => {
  const { url, memory, probe } = await startLimited(NEVER);
  const { send, next } = await openAccepted(url);
  send(subscribe('1', `{ slow } #${'x'.repeat(40_000)}`));
  await probe.started;
  expect(memory.reserved).toBeGreaterThan(40_000);
  probe.release();
  expect((await next()).type).toBe('next');
  await expect.poll(() => memory.reserved, PATIENT).toBe(0);
});

it('little more is read of a client that takes no answers', async () => {
  const memory = new MemoryBudget(1_000_000_000);
  const responses = { maxBytes: 1_000_000, timeoutMs: NEVER };
  const webSockets = { operations: 10_000, keepAliveMs: NEVER };
  const { url } = await start({ identity: alice(), memory, responses, webSockets });
  const { send, socket } = await openAccepted(url);
  socket.pause();
  // More than the buffers of the connection hold, in each direction.
  const query = `{ hello(name: "${'x'.repeat(40_000)}") }`;
  for (let n = 0; n < 1_000; n++) send(subscribe(`${n}`, query));
  let before: number;
  do {
    before = memory.reserved;
    await delay(200);
  } while (before === 0 || memory.reserved !== before);
  expect(socket.bufferedAmount).toBeGreaterThan(1_000_000);
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(5_000_000);
});

it('a client that answers no ping is gone', async () => {
  const { url, logged } = await start({ identity: alice(), webSockets: { keepAliveMs: 1 } });
  const { closed } = await openSocket(url, { autoPong: false });
  expect((await closed).code).toBe(1006);
  await logged(({ msg }) => msg === 'websocket closed');
});

it('a client that is idle stays, as long as it answers', async () => {
  const { url } = await start({ identity: alice(), webSockets: { keepAliveMs: 20 } });
  const { socket, send, next } = await openAccepted(url);
  for (let pings = 0; pings < 10; pings++) await once(socket, 'ping');
  send(subscribe('1', '{ hello }'));
  expect((await next()).payload).toEqual({ data: { hello: 'hello you' } });
});

it('on shutdown a connection is closed with 1012 at once, with its subscriptions', async () => {
  const { url, server, probe } = await start({ identity: alice() });
  const { send, closed, next } = await openAccepted(url);
  send(subscribe('1', 'subscription { quiet }'));
  await probe.started;
  const ended = server.close(NEVER);
  expect((await closed).code).toBe(1012);
  // Nothing says that the subscription has completed: the client subscribes again.
  await expect(next()).rejects.toThrow('closed');
  await probe.closed;
  await ended;
});

it('on shutdown a query finishes, and no new operation begins', async () => {
  const { url, server, probe } = await start({ identity: alice() });
  const { send, closed, next } = await openAccepted(url);
  send(subscribe('1', '{ slow }'));
  await probe.started;
  const ended = server.close(NEVER);
  send(subscribe('2', 'mutation { touch }'));
  expect((await next()).payload[0].extensions.code).toBe('UNAVAILABLE');
  probe.release();
  expect(await next()).toMatchObject({ id: '1', payload: { data: { slow: 'done' } } });
  expect((await next()).type).toBe('complete');
  expect((await closed).code).toBe(1012);
  await ended;
  expect(probe.mutations).toBe(0);
});

it('on shutdown a query ends with the grace', async () => {
  const { url, server, probe } = await start({ identity: alice(), requestTimeoutMs: NEVER });
  const { send, closed } = await openAccepted(url);
  send(subscribe('1', '{ slow }'));
  await probe.started;
  await server.close(1);
  await closed;
});

it('a client of graphql-ws subscribes again after a shutdown', async () => {
  const first = await start({ identity: alice() });
  const second = await start({ identity: alice() });
  const urls = [first.url, second.url];
  const client = openClient(first.url, {
    url: () => socketUrl(urls.shift() ?? second.url),
    retryAttempts: 3,
    retryWait: async () => {},
  });
  const events = resultsOf(client, { query: 'subscription { quiet }' });
  await first.probe.started;
  await first.server.close(NEVER);
  await second.probe.started;
  second.probe.release();
  expect(await events).toEqual([{ data: { quiet: 'event' } }]);
});

it('a client that never ends the handshake of closing does not delay the shutdown beyond its grace', async () => {
  const { url, server } = await start({ identity: alice() });
  const socket = new WebSocket(socketUrl(url), [PROTOCOL]);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  socket.pause();
  await server.close(1);
});
