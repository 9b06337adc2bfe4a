import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { openRawRequest } from '../support/raw-request.ts';
import { codes, type GraphQLBody, getUrl, post, start, startServer } from './fixture.ts';

const server = startServer({ maxBodyBytes: 1_000 });

async function send(init: RequestInit): Promise<[number, unknown[]]> {
  const response = await fetch(server.url, { method: 'POST', ...init });
  return [response.status, codes((await response.json()) as GraphQLBody)];
}

const mutation = JSON.stringify({ query: 'mutation { touch }' });

it.for([
  'text/plain',
  'application/graphql',
  'application/graphql+json',
  'application/x-www-form-urlencoded',
  'application/json, text/plain',
  'text/plain, application/json',
  'application/json; charset=utf-16',
  'application/jsonx',
])('a body as %s is refused with 415', async (type) => {
  expect(await send({ headers: { 'content-type': type }, body: mutation })).toEqual([415, ['BAD_REQUEST']]);
  expect(server.probe.mutations).toBe(0);
});

it('a multipart body is refused with 415', async () => {
  const body = new FormData();
  body.set('operations', mutation);
  expect(await send({ body })).toEqual([415, ['BAD_REQUEST']]);
});

it.for(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
  'a body as %s is taken',
  async (type) => {
    const body = JSON.stringify({ query: '{ hello }' });
    expect(await send({ headers: { 'content-type': type }, body })).toEqual([200, []]);
  },
);

it.for(['', '{', 'null', '7', '"text"', '[]', '{}', `[${mutation}]`, '{"query":"{ hello }","more":1}'])(
  'the body %s is refused with 400',
  async (body) => {
    expect(await send({ headers: { 'content-type': 'application/json' }, body })).toEqual([
      400,
      ['BAD_REQUEST'],
    ]);
  },
);

it('a body that is no UTF-8 is refused', async () => {
  const body = Buffer.from('{"query":"{ hello(name: \\"\xff\\") }"}', 'latin1');
  expect(await send({ headers: { 'content-type': 'application/json' }, body })).toEqual([
    400,
    ['BAD_REQUEST'],
  ]);
});

describe('size', () => {
  const sized = (bytes: number) => {
    const query = '{ hello } #';
    return JSON.stringify({ query: query + 'x'.repeat(bytes - JSON.stringify({ query }).length) });
  };
  const headers = { 'content-type': 'application/json' };
  const chunked = (text: string) => ({ headers, body: new Blob([text]).stream(), duplex: 'half' });

  it('the limit itself is taken', async () => {
    expect(await send({ headers, body: sized(1_000) })).toEqual([200, []]);
    expect(await send(chunked(sized(1_000)))).toEqual([200, []]);
  });

  it('one byte more is 413', async () => {
    expect(await send({ headers, body: sized(1_001) })).toEqual([413, ['BAD_REQUEST']]);
  });

  it('the limit holds without a Content-Length too', async () => {
    expect(await send(chunked(sized(1_001)))).toEqual([413, ['BAD_REQUEST']]);
    expect(await send(chunked(sized(5_000_000)))).toEqual([413, ['BAD_REQUEST']]);
  });
});

describe('compressed', () => {
  const text = JSON.stringify({ query: '{ hello }' });
  const headers = { 'content-type': 'application/json' };
  const packed = (body: BodyInit, encoding = 'gzip') =>
    send({ headers: { ...headers, 'content-encoding': encoding }, body });
  const large = (bytes: number) => gzipSync(JSON.stringify({ query: `{ hello } #${'x'.repeat(bytes)}` }));

  it.for(['gzip', 'GZIP', 'x-gzip'])('a body in %s is read', async (encoding) => {
    expect(await packed(gzipSync(text), encoding)).toEqual([200, []]);
  });

  it('identity is no compression', async () => {
    expect(await packed(text, 'identity')).toEqual([200, []]);
  });

  it.for(['br', 'deflate', 'zstd', 'gzip, gzip', 'gzip, br', 'none', 'aws-chunked'])(
    '%s is refused with 415, and the response says what is accepted',
    async (encoding) => {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { ...headers, 'content-encoding': encoding },
        body: text,
      });
      expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'gzip']);
      expect(await response.json()).toMatchObject({
        errors: [
          {
            message: 'Send the body with the Content-Encoding gzip, or without any',
            extensions: { code: 'BAD_REQUEST' },
          },
        ],
      });
    },
  );

  it('the limit is on what the body contains', async () => {
    expect(await packed(large(800))).toEqual([200, []]);
    expect(await packed(large(1_000))).toEqual([413, ['BAD_REQUEST']]);
    const bomb = large(50_000_000);
    expect(bomb.length).toBeLessThan(100_000);
    expect(await packed(bomb)).toEqual([413, ['BAD_REQUEST']]);
  });

  it('the limit is on what is sent too', async () => {
    const members = Array.from({ length: 1_000 }, () => gzipSync(''));
    expect(await packed(Buffer.concat([...members, gzipSync(text)]))).toEqual([413, ['BAD_REQUEST']]);
  });

  it.for<[what: string, body: Buffer]>([
    ['is not gzip', Buffer.from(text)],
    ['has no bytes', Buffer.alloc(0)],
    ['is cut off', gzipSync(text).subarray(0, -10)],
    ['has another checksum', Buffer.concat([gzipSync(text).subarray(0, -8), Buffer.alloc(8)])],
    ['contains no JSON', gzipSync('hello')],
    ['contains no UTF-8', gzipSync(Buffer.from([0xff]))],
  ])('a body that %s is refused with 400', async ([, body]) => {
    expect(await packed(new Uint8Array(body))).toEqual([400, ['BAD_REQUEST']]);
  });

  it('a client that leaves in the middle of a body leaves no memory reserved, nor does a refused body', async () => {
    const memory = new MemoryBudget(1_000_000);
    const { url } = await start({ memory });
    const lines = ['Content-Encoding: gzip'];
    const body = gzipSync(text).toString('latin1').slice(0, -10);
    const { socket } = await openRawRequest(url, { headers: lines, body, contentLength: 100 });
    await expect.poll(() => memory.reserved).toBeGreaterThan(0);
    socket.destroy();
    await expect.poll(() => memory.reserved).toBe(0);
    await fetch(url, { method: 'POST', headers: { ...headers, 'content-encoding': 'gzip' }, body: 'x' });
    await expect.poll(() => memory.reserved).toBe(0);
    expect((await post(url, { query: '{ hello }' })).body).toEqual({ data: { hello: 'hello you' } });
  });
});

describe('GET', () => {
  it('a mutation is refused with 405 and does nothing', async () => {
    const response = await fetch(getUrl(server.url, { query: 'mutation { touch }' }));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(codes((await response.json()) as GraphQLBody)).toEqual(['BAD_REQUEST']);
    expect(server.probe.mutations).toBe(0);
  });

  it('variables are JSON', async () => {
    const query = 'query ($n: String!) { hello(name: $n) }';
    const good = await fetch(getUrl(server.url, { query, variables: { n: 'Ann' } }));
    expect(await good.json()).toEqual({ data: { hello: 'hello Ann' } });
    const bad = await fetch(`${getUrl(server.url, { query })}&variables=%7B`);
    expect([bad.status, codes((await bad.json()) as GraphQLBody)]).toEqual([400, ['BAD_REQUEST']]);
  });

  it('without a query it is refused', async () => {
    const response = await fetch(server.url);
    expect([response.status, codes((await response.json()) as GraphQLBody)]).toEqual([400, ['BAD_REQUEST']]);
  });
});

it.for(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is refused with 405', async (method) => {
  const response = await fetch(server.url, { method });
  expect(response.status).toBe(405);
  expect(codes((await response.json()) as GraphQLBody)).toEqual(['BAD_REQUEST']);
});

it('a GET after a POST on one connection is answered', async () => {
  await post(server.url, { query: '{ hello }' });
  expect((await fetch(getUrl(server.url, { query: '{ hello }' }))).status).toBe(200);
});
