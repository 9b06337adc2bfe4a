import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { CpuShares } from '../../src/budgets/cpu-shares.ts';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { acceptsGzip } from '../../src/http/negotiate.ts';
import { start, startServer } from './fixture.ts';

const server = startServer({ playground: {} });
const long = 'x'.repeat(3_000);
const longQuery = `{hello(name:"${long}")}`;

async function send(url: string, headers: Record<string, string> = {}, method = 'GET', sent = '') {
  const [response] = await once(request(url, { method, headers, agent: false }).end(sent), 'response');
  return {
    status: response.statusCode,
    encoding: response.headers['content-encoding'],
    length: Number(response.headers['content-length']),
    vary: response.headers.vary,
    body: Buffer.concat(await response.toArray()),
  };
}

it('a response is compressed for a client that accepts gzip', async () => {
  const plain = await send(`${server.url}?query=${longQuery}`);
  expect([plain.encoding, plain.vary]).toEqual([undefined, 'Accept, Accept-Encoding']);
  const { encoding, vary, length, body } = await send(`${server.url}?query=${longQuery}`, {
    'accept-encoding': 'gzip, deflate, br',
  });
  expect([encoding, vary, length]).toEqual(['gzip', 'Accept, Accept-Encoding', body.length]);
  expect(body.length).toBeLessThan(plain.body.length / 2);
  expect(gunzipSync(body)).toEqual(plain.body);
});

it('so is that to a POST, and an error', async () => {
  const headers = { 'accept-encoding': 'gzip', 'content-type': 'application/json' };
  const posted = await send(server.url, headers, 'POST', JSON.stringify({ query: longQuery }));
  expect(JSON.parse(String(gunzipSync(posted.body))).data.hello).toBe(`hello ${long}`);
  const failed = await send(`${server.url}?query={${'nothing,'.repeat(20)}}`, { 'accept-encoding': 'gzip' });
  expect(JSON.parse(String(gunzipSync(failed.body))).errors).toHaveLength(20);
});

it('fetch accepts gzip, and reads it', async () => {
  const response = await fetch(`${server.url}?query=${longQuery}`);
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await response.json()).toEqual({ data: { hello: `hello ${long}` } });
});

it('a short response is not compressed', async () => {
  const { encoding, body } = await send(`${server.url}?query={hello}`, { 'accept-encoding': 'gzip' });
  expect([encoding, JSON.parse(String(body))]).toEqual([undefined, { data: { hello: 'hello you' } }]);
});

it('the length of a compressed response does not tell its content: it is random in part', async () => {
  const lengths = new Set<number>();
  for (let n = 0; n < 20; n += 1) {
    lengths.add((await send(`${server.url}?query=${longQuery}`, { 'accept-encoding': 'gzip' })).length);
  }
  expect(lengths.size).toBeGreaterThan(5);
});

it('an event stream is not compressed', async () => {
  const query = `subscription{flood}`;
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const head = 'Host: x\r\nAccept: text/event-stream\r\nAccept-Encoding: gzip\r\n\r\n';
  socket.write(`GET /graphql?query=${query} HTTP/1.1\r\n${head}`);
  await expect.poll(() => String(Buffer.concat(chunks))).toContain('data: {"data":{"flood":"xxx');
  expect(String(Buffer.concat(chunks))).not.toMatch(/content-encoding/i);
  socket.destroy();
  await server.probe.closed;
});

it('the playground comes as the client accepts it', async () => {
  const plain = await send(server.url, { accept: 'text/html' });
  const packed = await send(server.url, { accept: 'text/html', 'accept-encoding': 'gzip' });
  expect([plain.encoding, packed.encoding]).toEqual([undefined, 'gzip']);
  expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
});

it('what is compressed counts as memory meanwhile, and a response for which there is none is not compressed', async () => {
  const memory = new MemoryBudget(1_000_000);
  const { url } = await start({ memory, responses: { maxBytes: 100_000, timeoutMs: 60_000 } });
  const ask = () => send(`${url}?query=${longQuery}`, { 'accept-encoding': 'gzip' });
  expect(await ask()).toMatchObject({ status: 200, encoding: 'gzip' });
  await expect.poll(() => memory.reserved).toBe(0);
  // The caller of these operations, which has no name, gets half.
  const others = memory.reserve('', 300_000);
  expect(await ask()).toMatchObject({ status: 200, encoding: undefined });
  others.release();
  expect(await ask()).toMatchObject({ status: 200, encoding: 'gzip' });
  await expect.poll(() => memory.reserved).toBe(0);
});

it('the time that it takes counts for the user', async () => {
  const cpu = new CpuShares();
  const charged = vi.spyOn(cpu, 'charge');
  const { url } = await start({ cpu });
  await send(`${url}?query=${longQuery}`);
  expect(charged).not.toHaveBeenCalled();
  await send(`${url}?query=${longQuery}`, { 'accept-encoding': 'gzip' });
  expect(charged).toHaveBeenCalledExactlyOnceWith('', expect.any(Number));
});

it.for<[header: string | undefined, accepted: boolean]>([
  [undefined, false],
  ['', false],
  ['identity', false],
  ['br, deflate, zstd', false],
  ['gzip', true],
  ['GZIP', true],
  ['x-gzip', true],
  ['deflate, gzip;q=1.0, *;q=0.5', true],
  ['gzip;q=0', false],
  ['gzip;q=0.0, *', false],
  ['gzip; q=0.001', true],
  ['*', true],
  ['*;q=0', false],
  ['br;q=1.0, gzip;q=0.8', true],
  ['identity, gzip;q=0.5', false],
  ['identity;q=0.5, gzip', true],
  ['identity;q=0, gzip;q=0.1', true],
  ['gzip;q=many', false],
])('Accept-Encoding: %s: gzip is accepted: %s', ([header, accepted]) => {
  expect(acceptsGzip(header)).toBe(accepted);
});
