import type { Plugin } from 'graphql-yoga';
import { expect, it } from 'vitest';
import { useIdentity } from '../../src/http/plugins/use-identity.ts';
import type { HttpContext } from '../../src/http/request-state.ts';
import { codes, firstEvent, getUrl, post, start } from './fixture.ts';

it('a query beyond its deadline is TIMEOUT, without data', async () => {
  const { url } = await start({ requestTimeoutMs: 1 });
  const { response, body } = await post(url, { query: '{ slow }' });
  expect(response.status).toBe(504);
  expect(codes(body)).toEqual(['TIMEOUT']);
  expect(body).not.toHaveProperty('data');
});

it('the deadline reaches what the authentication waits for', async () => {
  const identity = useIdentity(
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  const { url } = await start({ requestTimeoutMs: 1, plugins: [identity] });
  expect(codes((await post(url, { query: '{ hello }' })).body)).toEqual(['TIMEOUT']);
});

it('the deadline reaches what a plugin waits for before the operation is parsed', async () => {
  const plugin: Plugin<HttpContext, HttpContext> = {
    onParams: ({ context: { signal } }) =>
      new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  };
  const { url } = await start({ requestTimeoutMs: 1, plugins: [plugin] });
  expect(codes((await post(url, { query: '{ hello }' })).body)).toEqual(['TIMEOUT']);
});

it('a subscription has no deadline', async () => {
  const { url, probe } = await start({ requestTimeoutMs: 1 });
  const headers = { accept: 'text/event-stream' };
  const leaving = new AbortController();
  const query = 'subscription { quiet }';
  const response = await fetch(getUrl(url, { query }), { headers, signal: leaving.signal });
  await probe.started;
  expect(codes((await post(url, { query: '{ slow }' })).body)).toEqual(['TIMEOUT']);
  probe.release();
  expect(await firstEvent(response)).toEqual({ data: { quiet: 'event' } });
  leaving.abort();
});

it('a client that leaves aborts the signal of its operation', async () => {
  const aborted = Promise.withResolvers<void>();
  const identity = useIdentity(async ({ signal }) => {
    signal.addEventListener('abort', () => aborted.resolve());
    return {};
  });
  const { url, probe } = await start({ plugins: [identity] });
  const leaving = new AbortController();
  const left = fetch(getUrl(url, { query: '{ slow }' }), { signal: leaving.signal });
  await probe.started;
  leaving.abort();
  await expect(left).rejects.toThrow('aborted');
  await aborted.promise;
});
