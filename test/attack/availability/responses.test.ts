import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { status } from '../../support/cluster-proxy.ts';
import { startProxiedWrit } from '../../support/proxied-writ.ts';
import { putProject, putSession } from '../../support/put-objects.ts';
import { openRawRequest } from '../../support/raw-request.ts';
import { updateSessionMutation } from '../../support/session-operations.ts';
import { holdCalls, PATIENT } from './held-calls.ts';

const LARGE = 100_000;
const aliases = (count: number) => Array.from({ length: count }, (_, n) => `a${n}: initialPrompt`).join(' ');

describe('responses', () => {
  const writ = startProxiedWrit({
    sandbox: { demo: false },
    environment: { WRIT_RESPONSE_BYTES: '250000', WRIT_CLUSTER_CONNECTIONS: '8' },
  });

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'p');
    await putSession(admin, 'p', 'large', { spec: { initialPrompt: 'x'.repeat(LARGE) } });
  });

  const nothingReserved = () => expect.poll(() => writ.memory.reserved, PATIENT).toBe(0);
  const tooLarge = { extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'responseBytes', maximum: 250_000 } };

  it('one that is too large is QUERY_TOO_COMPLEX, also if it repeats a single value', async () => {
    const query = (count: number) => `{ session(project: "p", name: "large") { ${aliases(count)} } }`;
    expect((await writ.as('alice', query(2))).errors).toBeUndefined();
    const { data, errors, text } = await writ.as('alice', query(3));
    expect(errors).toMatchObject([tooLarge]);
    expect(data).toBeUndefined();
    expect(text.length).toBeLessThan(1_000);
    await nothingReserved();
  });

  it('one of a mutation that is too large has the data null: the mutation was executed', async () => {
    const query = updateSessionMutation(aliases(3));
    const input = { project: 'p', name: 'large', displayName: 'changed' };
    const { status, data, errors } = await writ.as('alice', query, { input });
    expect([status, data]).toEqual([200, null]);
    expect(errors).toMatchObject([tooLarge]);
    const { data: read } = await writ.as('alice', '{ session(project: "p", name: "large") { displayName } }');
    expect(read.session.displayName).toBe('changed');
    await nothingReserved();
  });

  it('clients that disconnect while their reads are in flight cost no connections to the cluster', async () => {
    const query = '{ project(name: "p") { sessions { nodes { name } } } }';
    const body = JSON.stringify({ query });
    const { token } = writ.sandbox.identities.alice;
    await writ.as('alice', query);
    const before = writ.proxy.connections();
    for (let round = 0; round < 5; round++) {
      const calls = holdCalls(({ path }) => path.includes('/agenticsessions'));
      writ.proxy.set(calls.rule);
      const requests = await Promise.all(
        Array.from({ length: 8 }, () => openRawRequest(writ.url, { token, body })),
      );
      await calls.until(1);
      for (const { socket } of requests) socket.destroy();
      await nothingReserved();
      calls.releaseAll();
    }
    expect((await writ.as('alice', query)).errors).toBeUndefined();
    expect(writ.proxy.connections() - before).toBeLessThanOrEqual(8);
  });

  it('a client that disconnects during a write leaves nothing reserved', async () => {
    const query = updateSessionMutation();
    const variables = { input: { project: 'p', name: 'large', displayName: 'later' } };
    const calls = holdCalls(({ method }) => method === 'PATCH');
    writ.proxy.set(calls.rule);
    const { token } = writ.sandbox.identities.alice;
    const { socket } = await openRawRequest(writ.url, { token, body: JSON.stringify({ query, variables }) });
    await calls.until(1);
    socket.destroy();
    await nothingReserved();
    calls.releaseAll();
    const displayName = async () =>
      (await writ.as('alice', '{ session(project: "p", name: "large") { displayName } }')).data.session
        .displayName;
    await expect.poll(displayName, PATIENT).toBe('later');
    await nothingReserved();
  });
});

describe('a user with one call at a time', () => {
  const writ = startProxiedWrit({ environment: { WRIT_USER_CONCURRENT_CALLS: '1' } });

  it('gets the turn of a disconnected client when its read has failed: nobody waits for a retry', async () => {
    const isList = ({ path }: { path: string }) => path.includes('/agenticsessions');
    const calls = holdCalls(isList);
    writ.proxy.set((request, forward) =>
      calls.rule(request, async () => (isList(request) ? status(503, 'Failed') : forward())),
    );
    const { token } = writ.sandbox.identities.alice;
    const query = '{ project(name: "demo") { sessions { nodes { name } } } }';
    const { socket } = await openRawRequest(writ.url, { token, body: JSON.stringify({ query }) });
    await calls.until(1);
    socket.destroy();
    await expect.poll(() => writ.memory.reserved, PATIENT).toBe(0);
    calls.releaseAll();
    await writ.as('alice', '{ project(name: "demo") { name } }');
    expect(calls.held).toHaveLength(1);
  });
});

describe('the errors of a response', () => {
  const writ = startProxiedWrit({ environment: { WRIT_RESPONSE_BYTES: '2500' } });

  it('count towards its size', async () => {
    const fields = (count: number) =>
      Array.from({ length: count }, (_, n) => `s${n}: session(project: "demo", name: "_") { name }`).join(
        ' ',
      );
    const few = await writ.as('alice', `{ ${fields(2)} }`);
    expect(few.errors).toMatchObject([1, 2].map(() => ({ extensions: { code: 'BAD_USER_INPUT' } })));
    const many = await writ.as('alice', `{ ${fields(20)} }`);
    expect(many.errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'responseBytes', maximum: 2_500 } },
    ]);
  });
});

describe('clients that never read', () => {
  const writ = startProxiedWrit({
    sandbox: { demo: false },
    environment: { WRIT_RESPONSE_TIMEOUT_MS: '500', WRIT_MEMORY_BYTES: '200000000' },
  });

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'p');
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      // Random, and longer than what gzip looks back: it stays large when it is compressed.
      const initialPrompt = randomBytes(LARGE / 2).toString('hex');
      await putSession(admin, 'p', name, { spec: { initialPrompt } });
    }
  });

  it.for([
    ['a plain response', []],
    ['a compressed response', ['Accept-Encoding: gzip']],
  ] as const)(
    'are disconnected after the deadline, and their memory is free again: %s',
    async ([, headers]) => {
      // More than the buffers of a connection hold.
      const body = JSON.stringify({
        query: `{ project(name: "p") { sessions { nodes { ${aliases(28)} } } } }`,
      });
      const { token } = writ.sandbox.identities.alice;
      const { socket, closed } = await openRawRequest(writ.url, { token, headers: [...headers], body });
      socket.pause();
      await expect.poll(() => writ.memory.reserved, PATIENT).toBeGreaterThan(20_000_000);
      await expect.poll(() => writ.memory.reserved, PATIENT).toBe(0);
      socket.resume();
      await closed;
    },
  );
});
