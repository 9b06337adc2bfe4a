import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { start } from './fixture.ts';
import {
  alice,
  INIT,
  openAccepted,
  openSocket,
  PROTOCOL,
  socketUrl,
  subscribe,
} from './websocket-fixture.ts';

it.for([{ protocols: ['graphql-ws'] }, { protocols: [] }])(
  'a client of %j gets nowhere',
  async ({ protocols }) => {
    const { url, probe, logged } = await start({ identity: alice() });
    const socket = new WebSocket(socketUrl(url), protocols);
    // A client itself closes a connection without the protocol that it has asked for.
    socket.on('error', () => {});
    onTestFinished(() => socket.terminate());
    socket.on('open', () => socket.send(JSON.stringify(INIT)));
    socket.on('open', () => socket.send(JSON.stringify(subscribe('1', 'mutation { touch }'))));
    const closed = await logged(({ msg }) => msg === 'websocket closed');
    expect(closed.code).toBe(protocols.length === 0 ? 4406 : 1006);
    expect(probe.mutations).toBe(0);
  },
);

it('the protocol is chosen among others', async () => {
  const { url } = await start({ identity: alice() });
  const { socket } = await openSocket(url, { protocols: ['graphql-ws', PROTOCOL] });
  expect(socket.protocol).toBe(PROTOCOL);
});

it('nothing is compressed', async () => {
  const { url } = await start({ identity: alice() });
  const { socket } = await openSocket(url, { perMessageDeflate: true });
  expect(socket.extensions).toBe('');
});

it('a client that sends no connection_init is closed with 4408', async () => {
  const { url } = await start({ identity: alice(), webSockets: { initTimeoutMs: 1 } });
  const { closed } = await openSocket(url);
  expect(await closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
});

it.for<[string, number, object | string]>([
  ['a second connection_init', 4429, INIT],
  ['what is not JSON', 4400, '{'],
  ['JSON that is no message', 4400, '[]'],
  ['a message of an unknown type', 4400, { type: 'start', id: '1' }],
  ['a message that only a server sends', 4400, { type: 'connection_ack' }],
  ['an operation without a document', 4400, { type: 'subscribe', id: '1', payload: {} }],
  ['a document that is no string', 4400, { type: 'subscribe', id: '1', payload: { query: 1 } }],
  ['an id that is longer than allowed', 4400, subscribe('x'.repeat(129), '{ hello }')],
  ['an id that is in use', 4409, subscribe('quiet', '{ hello }')],
  ['a message that is too large', 1009, ' '.repeat(100_001)],
])('%s closes the connection with %i, and ends its subscription', async ([, code, message]) => {
  const { url, probe, log } = await start({ identity: alice(), maxBodyBytes: 100_000 });
  const { send, closed } = await openAccepted(url);
  send(subscribe('quiet', 'subscription { quiet }'));
  await probe.started;
  // Whatever follows has no effect.
  send(message, subscribe('later', 'mutation { touch }'));
  expect((await closed).code).toBe(code);
  await probe.closed;
  expect(probe.mutations).toBe(0);
  expect(log.some(({ msg }) => msg === 'internal error')).toBe(false);
});

it('an id whose operation is completed but has not ended is closed with 4409: graphql-ws would mix their results', async () => {
  const { url, probe } = await start({ identity: alice() });
  const { send, closed } = await openAccepted(url);
  send(subscribe('1', '{ slow }'));
  await probe.started;
  send({ type: 'complete', id: '1' }, subscribe('1', '{ hello }'));
  expect((await closed).code).toBe(4409);
});

it('an id can be used again', async () => {
  const { url } = await start({ identity: alice() });
  const { send, next } = await openAccepted(url);
  for (let round = 0; round < 3; round++) {
    send(subscribe('1', '{ hello }'));
    expect([(await next()).type, (await next()).type]).toEqual(['next', 'complete']);
  }
});

it('a client has few bytes before its token is accepted', async () => {
  const { url } = await start({ identity: alice() });
  const { send, closed } = await openSocket(url);
  send({ ...INIT, padding: 'x'.repeat(60_000) });
  expect((await closed).code).toBe(4400);
});

it('a client that sends its first message in bytes of one has fewer of them', async () => {
  const { url } = await start({ identity: alice() });
  const { socket } = await openSocket(url);
  const raw = (socket as unknown as { _socket: Socket })._socket;
  // The header of a message of 65,535 bytes.
  raw.write(Buffer.from([0x81, 0xfe, 0xff, 0xff, 0, 0, 0, 0]));
  let sent = 0;
  for (; socket.readyState === WebSocket.OPEN && sent < 32 * 1024; sent += 1) {
    raw.write('x');
    await setImmediate();
  }
  expect(sent).toBeLessThan(16 * 1024);
});

it('a message has a limited number of fragments, with a token or without', async () => {
  const { url } = await start({ identity: alice() });
  for (const { socket, closed } of [await openSocket(url), await openAccepted(url)]) {
    for (let n = 0; n < 300; n += 1) socket.send('x', { fin: false });
    expect((await closed).code).toBe(1008);
  }
});

it('a ping has a pong, without its payload', async () => {
  const { url } = await start({ identity: alice() });
  const { send, next } = await openAccepted(url);
  send({ type: 'ping', payload: { large: 'x'.repeat(10_000) } });
  expect(await next()).toEqual({ type: 'pong' });
});

describe('the origin of the page', () => {
  const statusOf = async (url: string, headers: Record<string, string>) => {
    const socket = new WebSocket(socketUrl(url), [PROTOCOL], { headers });
    socket.on('error', () => {});
    onTestFinished(() => socket.terminate());
    return Promise.race([
      once(socket, 'open').then(() => 101),
      once(socket, 'unexpected-response').then(([, response]) => response.statusCode as number),
    ]);
  };
  const own = (url: string) => ({ origin: new URL(url).origin });

  it.for<[string, number, (url: string) => Record<string, string>]>([
    ['none, of a client that is no browser', 101, () => ({})],
    ['that of Writ', 101, own],
    [
      'that of Writ behind a proxy with TLS',
      101,
      (url) => ({ origin: own(url).origin.replace('http', 'https') }),
    ],
    ['one of the settings', 101, () => ({ origin: 'https://ui.example.com' })],
    ['another', 403, () => ({ origin: 'https://evil.example.com' })],
    ['another port of the same host', 403, () => ({ origin: 'http://127.0.0.1:1' })],
    ['a longer name', 403, (url) => ({ origin: `${own(url).origin}.evil.example.com` })],
    ['null, of a sandboxed frame', 403, () => ({ origin: 'null' })],
    ['an empty one', 403, () => ({ origin: '' })],
  ])('%s: %i', async ([, status, headers]) => {
    const { url } = await start({ identity: alice(), corsOrigins: ['https://ui.example.com'] });
    expect(await statusOf(url, headers(url))).toBe(status);
  });

  it.for<[string, number, (url: string) => Record<string, string>]>([
    ['none', 403, () => ({})],
    ['none, with x-writ-csrf', 101, () => ({ 'x-writ-csrf': '1' })],
    ['another, with x-writ-csrf', 403, () => ({ origin: 'https://evil.example.com', 'x-writ-csrf': '1' })],
    ['that of Writ', 101, own],
  ])('behind a proxy that authenticates the browser, %s: %i', async ([, status, headers]) => {
    const { url } = await start({ identity: alice(), authenticatingProxy: true });
    expect(await statusOf(url, headers(url))).toBe(status);
  });
});

it('a WebSocket on another path is 404', async () => {
  const { origin } = await start({ identity: alice() });
  const socket = new WebSocket(socketUrl(`${origin}/other`), [PROTOCOL]);
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  const [, response] = await once(socket, 'unexpected-response');
  expect(response.statusCode).toBe(404);
});

it('a request that offers another protocol than WebSocket is served as it is', async () => {
  const { url } = await start();
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const lines = [
    'GET /graphql?query=%7Bhello%7D HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQAAP__',
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const [data] = await once(socket, 'data');
  expect(String(data)).toContain('HTTP/1.1 200');
});
