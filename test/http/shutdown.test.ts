import { Agent, fetch as fetchWith } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { codes, events, getUrl, start } from './fixture.ts';

const NEVER = 2 ** 31 - 1;

it('a running operation finishes', async () => {
  const { url, server, probe } = await start();
  const running = fetch(getUrl(url, { query: '{ slow }' }));
  await probe.started;
  const closed = server.close(NEVER);
  probe.release();
  expect(await (await running).json()).toEqual({ data: { slow: 'done' } });
  await closed;
});

it('a new connection is refused, while another still runs', async () => {
  const { url, server, probe } = await start();
  const running = fetch(getUrl(url, { query: '{ slow }' }));
  await probe.started;
  const closed = server.close(NEVER);
  await expect(fetchWith(url, { dispatcher: freshAgent() })).rejects.toMatchObject({
    cause: { code: 'ECONNREFUSED' },
  });
  probe.release();
  await running;
  await closed;
});

it('a connection that is kept open does not delay the shutdown', async () => {
  const { url, server } = await start();
  const response = await fetchWith(getUrl(url, { query: '{ hello }' }), { dispatcher: freshAgent() });
  await response.json();
  await server.close(NEVER);
});

it('clients are served until the drain ends, on new connections too, and told to close them', async () => {
  const { url, server } = await start({ drainMs: NEVER });
  const agent = freshAgent({ connections: 1 });
  const query = () => fetchWith(getUrl(url, { query: '{ hello }' }), { dispatcher: agent });
  const before = await query();
  expect(before.headers.get('connection')).toBe('keep-alive');
  await before.text();
  const closed = server.close(NEVER);
  // The second one is on a connection of its own.
  for (let n = 0; n < 2; n += 1) {
    const during = await query();
    expect([during.status, during.headers.get('connection')]).toEqual([200, 'close']);
    await during.text();
  }
  await Promise.all([server.close(1), closed]);
});

it('a client that sends nothing more is waited for no longer than the drain', async () => {
  const { url, server } = await start({ drainMs: 50 });
  const response = await fetchWith(getUrl(url, { query: '{ hello }' }), { dispatcher: freshAgent() });
  await response.text();
  await server.close(NEVER);
});

it('a subscription that begins meanwhile ends with the drain', async () => {
  const { url, server } = await start({ drainMs: 200 });
  const closed = server.close(NEVER);
  const headers = { accept: 'text/event-stream' };
  const response = await fetch(getUrl(url, { query: 'subscription { quiet }' }), { headers }).catch(
    () => undefined,
  );
  if (response) await response.text();
  await closed;
});

it('what runs at the end of the grace is cut off', async () => {
  const { url, server, probe } = await start();
  const running = fetch(getUrl(url, { query: '{ slow }' }));
  await probe.started;
  await Promise.all([server.close(1), expect(running).rejects.toThrow('fetch failed')]);
});

it('a subscription ends with UNAVAILABLE, and its source is closed', async () => {
  const { url, server, probe } = await start();
  const headers = { accept: 'text/event-stream' };
  const response = await fetch(getUrl(url, { query: 'subscription { quiet }' }), { headers });
  await probe.started;
  const closed = server.close(NEVER);
  const received = await events(response);
  expect(received.map(({ event, data }) => [event, data && codes(data)])).toEqual([
    ['next', ['UNAVAILABLE']],
    ['complete', undefined],
  ]);
  await probe.closed;
  await closed;
});

it('a second close with less grace shortens the first', async () => {
  const { url, server, probe } = await start();
  const running = fetch(getUrl(url, { query: '{ slow }' }));
  await probe.started;
  const first = server.close(NEVER);
  await Promise.all([server.close(1), first, expect(running).rejects.toThrow('fetch failed')]);
  await server.close(NEVER);
});

function freshAgent(options: Agent.Options = {}): Agent {
  const agent = new Agent(options);
  onTestFinished(() => agent.destroy());
  return agent;
}

it('a second server on its port is refused, and does not share its connections', async () => {
  const { url } = await start();
  const port = Number(new URL(url).port);
  await expect(start({ port })).rejects.toThrow('EADDRINUSE');
});
