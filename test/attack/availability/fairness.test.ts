import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CpuShares } from '../../../src/budgets/cpu-shares.ts';
import { startProxiedWrit } from '../../support/proxied-writ.ts';
import { openRawRequest } from '../../support/raw-request.ts';
import { createSessionMutation, singleSessions } from '../../support/session-operations.ts';
import type { Answer } from '../../support/writ.ts';
import { holdCalls, PATIENT } from './held-calls.ts';

const PAGE = '{ project(name: "demo") { sessions { nodes { name } } } }';
const CREATE = createSessionMutation();
const ACCOUNTS = (namespace: string) => `/api/v1/namespaces/${namespace}/serviceaccounts`;
const isList = ({ method, path }: { method: string; path: string }) =>
  method === 'GET' && path.includes('/agenticsessions');

describe('users take turns', () => {
  const writ = startProxiedWrit({
    environment: {
      WRIT_USER_CONCURRENT_CALLS: '2',
      WRIT_USER_CONCURRENT_REQUESTS: '40',
      WRIT_CLUSTER_CONNECTIONS: '8',
    },
  });
  const bearer = (who: 'alice' | 'victor' | 'backend') => `Bearer ${writ.sandbox.identities[who].token}`;

  it("30 slow lists of one user leave another user's page unaffected", async () => {
    const calls = holdCalls((request) => isList(request) && request.authorization === bearer('victor'));
    writ.proxy.set(calls.rule);
    const slow = Array.from({ length: 30 }, () => writ.as('victor', PAGE));
    await calls.until(2);
    expect((await writ.as('alice', PAGE)).data.project.sessions.nodes.length).toBeGreaterThan(0);
    expect(calls.held).toHaveLength(2);
    calls.releaseAll();
    for (const { errors } of await Promise.all(slow)) expect(errors).toBeUndefined();
    expect(calls.mostInFlight()).toBe(2);
  });

  it('many fields of one request have no more calls in flight than many requests', async () => {
    const calls = holdCalls((request) => isList(request) && request.authorization === bearer('victor'));
    writ.proxy.set(calls.rule);
    const slow = writ.as('victor', `{ ${singleSessions('demo', 10)} }`);
    await calls.until(2);
    expect((await writ.as('alice', PAGE)).errors).toBeUndefined();
    calls.releaseAll();
    expect((await slow).errors).toBeUndefined();
    expect(calls.mostInFlight()).toBe(2);
  });

  it('each request counts as time of its user, whatever it does, before its body is read', async () => {
    const charge = vi.spyOn(CpuShares.prototype, 'charge');
    onTestFinished(() => charge.mockRestore());
    const { token } = writ.sandbox.identities.victor;
    const { socket } = await openRawRequest(writ.url, { token, contentLength: 10 });
    await expect.poll(() => charge.mock.calls, PATIENT).toContainEqual([expect.any(String), 1]);
    socket.destroy();
  });

  it('all service accounts of a namespace, with any number of tokens, count as one user', async () => {
    const admin = writ.kubernetes('admin');
    const tokens: string[] = [];
    for (const name of ['robot-1', 'robot-2', 'robot-3']) {
      await admin.create(ACCOUNTS('demo'), { metadata: { name } });
      for (const _ of [1, 2]) {
        const { status } = await admin.create(`${ACCOUNTS('demo')}/${name}/token`, { spec: {} });
        tokens.push(status.token);
      }
    }
    const robots = new Set(tokens.map((token) => `Bearer ${token}`));
    expect(robots.size).toBe(6);
    const calls = holdCalls((request) => isList(request) && robots.has(request.authorization));
    writ.proxy.set(calls.rule);
    const slow = tokens.map((token) => writ.post({ query: PAGE }, { authorization: `Bearer ${token}` }));
    await calls.until(2);
    expect((await writ.as('alice', PAGE)).errors).toBeUndefined();
    calls.releaseAll();
    await Promise.all(slow);
    expect(calls.held).toHaveLength(6);
    expect(calls.mostInFlight()).toBe(2);
  });

  it("slow mutations of one user leave another user's unaffected: on the backend's connections they take turns too", async () => {
    const calls = holdCalls(
      ({ method, path, authorization }) =>
        method === 'POST' && authorization === bearer('backend') && path.includes('/namespaces/demo/'),
    );
    writ.proxy.set(calls.rule);
    const create = (who: 'alice' | 'admin', project: string) =>
      writ.as(who, CREATE, { input: { project, initialPrompt: 'x', start: false } });
    const slow = Array.from({ length: 12 }, () => create('alice', 'demo'));
    await calls.until(2);
    expect((await create('admin', 'research')).errors).toBeUndefined();
    expect(calls.held).toHaveLength(2);
    calls.releaseAll();
    for (const { errors } of await Promise.all(slow)) expect(errors).toBeUndefined();
    expect(calls.mostInFlight()).toBe(2);
  });
});

describe("a user's own queue", () => {
  const writ = startProxiedWrit({
    environment: {
      WRIT_USER_CONCURRENT_CALLS: '1',
      WRIT_USER_QUEUED_CALLS: '2',
      WRIT_USER_CONCURRENT_REQUESTS: '1',
      WRIT_REQUEST_CONCURRENT_CALLS: '20',
    },
  });
  const isVictors = ({ authorization }: { authorization: string }) =>
    authorization === `Bearer ${writ.sandbox.identities.victor.token}`;

  it('that is full of calls is TOO_MANY_REQUESTS at the fields that came too late', async () => {
    const calls = holdCalls((request) => isList(request) && isVictors(request));
    writ.proxy.set(calls.rule);
    const answer = writ.as('victor', `{ ${singleSessions('demo', 5)} }`);
    await calls.until(1);
    calls.releaseAll();
    const { status, errors } = await answer;
    expect(status).toBe(200);
    expect(errors).toMatchObject([
      { path: ['s3'], extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 1 } },
      { path: ['s4'], extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 1 } },
    ]);
  });

  it('that is full of requests is HTTP 429 with Retry-After, for this user alone', async () => {
    const calls = holdCalls((request) => isList(request) && isVictors(request));
    writ.proxy.set(calls.rule);
    const refused: Answer[] = [];
    const answers = Array.from({ length: 6 }, async () => {
      const answer = await writ.as('victor', PAGE);
      if (answer.status !== 200) refused.push(answer);
    });
    // One is executed and two are queued.
    await expect.poll(() => refused.length, PATIENT).toBe(3);
    for (const { status, headers, errors } of refused) {
      expect([status, headers.get('retry-after')]).toEqual([429, '1']);
      expect(errors).toMatchObject([{ extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 1 } }]);
    }
    expect((await writ.as('alice', PAGE)).status).toBe(200);
    calls.releaseAll();
    await Promise.all(answers);
    expect(refused).toHaveLength(3);
  });
});
