import { expect, it } from 'vitest';
import { codes, events, type GraphQLBody, getUrl, post, start } from './fixture.ts';

const query = '{ hello }';
const header = { 'x-writ-csrf': '1' };

it('without the header every POST and GET is refused', async () => {
  const { url, probe } = await start({ authenticatingProxy: true });
  const posted = await post(url, { query: 'mutation { touch }' });
  expect([posted.response.status, codes(posted.body)]).toEqual([403, ['FORBIDDEN']]);
  expect(posted.body.errors?.[0]?.message).toContain('x-writ-csrf');
  const got = await fetch(getUrl(url, { query }));
  expect([got.status, codes((await got.json()) as GraphQLBody)]).toEqual([403, ['FORBIDDEN']]);
  expect(probe.mutations).toBe(0);
});

it('an empty header does not count', async () => {
  const { url } = await start({ authenticatingProxy: true });
  expect((await post(url, { query }, { 'x-writ-csrf': '' })).response.status).toBe(403);
});

it('an event stream is refused too, by an event', async () => {
  const { url } = await start({ authenticatingProxy: true });
  const accept = { accept: 'text/event-stream' };
  const subscription = getUrl(url, { query: 'subscription { count(to: 1) }' });
  const [refused] = await events(await fetch(subscription, { headers: accept }));
  expect(codes(refused?.data ?? {})).toEqual(['FORBIDDEN']);
  const [event] = await events(await fetch(subscription, { headers: { ...accept, ...header } }));
  expect(event?.data).toEqual({ data: { count: 1 } });
});

it('a POST and a GET with the header pass', async () => {
  const { url } = await start({ authenticatingProxy: true });
  expect((await post(url, { query }, header)).body).toEqual({ data: { hello: 'hello you' } });
  expect((await fetch(getUrl(url, { query }), { headers: header })).status).toBe(200);
});

it('without CSRF protection no header is required', async () => {
  const { url } = await start();
  expect((await post(url, { query })).response.status).toBe(200);
});
