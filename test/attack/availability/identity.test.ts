import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startProxiedWrit } from '../../support/proxied-writ.ts';
import { openRawRequest } from '../../support/raw-request.ts';
import { holdCalls, PATIENT } from './held-calls.ts';

const QUERY = '{ viewer { username } }';
const isReview = ({ path }: { path: string }) => path.endsWith('/selfsubjectreviews');

describe('identity comes before the body', () => {
  const writ = startProxiedWrit();

  it.each([
    ['without a token', undefined, 1_000_000],
    ['with a made-up token', 'made-up', 1_000_000],
    ['with a made-up token and a body of unknown length', 'made-up', 'chunked' as const],
    ['with a made-up token and a short body', 'made-up', 1_000],
  ])('a request %s is answered although its body never arrives', async (_, token, contentLength) => {
    const { text, socket } = await openRawRequest(writ.url, { token, contentLength });
    await expect.poll(text, PATIENT).toMatch(/^HTTP\/1\.1 401 /);
    expect(text()).toContain('UNAUTHENTICATED');
    socket.destroy();
  });

  it('the connection of a long body that was refused is closed', async () => {
    const { closed, text } = await openRawRequest(writ.url, { token: 'made-up', contentLength: 1_000_000 });
    await closed;
    expect(text()).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('made-up tokens', () => {
  const writ = startProxiedWrit({
    environment: { WRIT_UNKNOWN_CONCURRENT_CALLS: '2' },
    authentication: { subjectMs: 0, rejectedMs: 60_000 },
  });
  const knock = (token: string) => writ.post({ query: QUERY }, { authorization: `Bearer ${token}` });
  const isMadeUp = (request: { path: string; authorization: string }) =>
    isReview(request) && request.authorization.includes('made-up');

  it('one that comes many times at once is reviewed once, and not again after it was rejected', async () => {
    const calls = holdCalls(isMadeUp);
    writ.proxy.set(calls.rule);
    const answers = Array.from({ length: 10 }, () => knock('made-up-once'));
    await calls.until(1);
    calls.releaseAll();
    for (const { status } of await Promise.all(answers)) expect(status).toBe(401);
    expect((await knock('made-up-once')).status).toBe(401);
    expect(
      writ.proxy.seen.filter(({ authorization }) => authorization === 'Bearer made-up-once'),
    ).toHaveLength(1);
  });

  it('hundreds of them that the cluster is slow to reject do not delay a known user', async () => {
    await writ.as('alice', QUERY);
    const calls = holdCalls(isMadeUp);
    writ.proxy.set(calls.rule);
    const answers = Array.from({ length: 300 }, (_, n) => knock(`made-up-${n}`));
    await calls.until(2);
    const { data } = await writ.as('alice', '{ project(name: "demo") { sessions { nodes { name } } } }');
    expect(data.project.sessions.nodes.length).toBeGreaterThan(0);
    expect(calls.mostInFlight()).toBe(2);
    calls.releaseAll();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401]));
  });
});

describe('clients whose tokens are not known yet', () => {
  const writ = startProxiedWrit({
    environment: { WRIT_UNKNOWN_CONCURRENT_CALLS: '1', WRIT_USER_QUEUED_CALLS: '20' },
    authentication: { subjectMs: 0, rejectedMs: 0 },
  });

  /** @returns the HTTP status */
  function knockFrom(localAddress: string, token: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const request = httpRequest(
        writ.url,
        { method: 'POST', agent: false, localAddress, headers },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      request.once('error', reject);
      request.end(JSON.stringify({ query: QUERY }));
    });
  }

  it('take turns by their address, and a full queue of one is not that of another', async () => {
    const calls = holdCalls(isReview);
    writ.proxy.set(calls.rule);
    const fill = (address: string) => {
      const statuses = Array.from({ length: 30 }, (_, n) => knockFrom(address, `from-${address}-${n}`));
      return { statuses, refused: Promise.race(statuses) };
    };
    // One is in flight, 20 of each address are queued, the others are refused.
    const first = fill('127.0.0.1');
    expect(await first.refused).toBe(429);
    const second = fill('127.0.0.2');
    expect(await second.refused).toBe(429);
    for (let released = 0; released < 10; released++) {
      const before = calls.held.length;
      calls.releaseOne();
      await calls.until(before + 1);
    }
    const ofSecond = calls.held.filter(({ authorization }) => authorization.includes('127.0.0.2'));
    expect(calls.held).toHaveLength(11);
    expect(ofSecond).toHaveLength(5);
    calls.releaseAll();
    for (const { statuses } of [first, second]) {
      const answers = await Promise.all(statuses);
      expect(answers.filter((status) => status === 401).length).toBeGreaterThanOrEqual(20);
      expect(answers.filter((status) => status === 429).length).toBeGreaterThanOrEqual(9);
    }
  });
});
