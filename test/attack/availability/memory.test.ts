import { afterEach, describe, expect, it } from 'vitest';
import { startProxiedWrit } from '../../support/proxied-writ.ts';
import { openRawRequest } from '../../support/raw-request.ts';
import type { Who } from '../../support/test-cluster.ts';
import { codeOf } from '../../support/writ.ts';
import { PATIENT } from './held-calls.ts';

describe('the memory that requests hold together', () => {
  const writ = startProxiedWrit({ environment: { WRIT_MEMORY_BYTES: '400000' } });
  const open: Awaited<ReturnType<typeof openRawRequest>>[] = [];

  afterEach(async () => {
    for (const { socket } of open.splice(0)) socket.destroy();
    await expect.poll(() => writ.memory.reserved, PATIENT).toBe(0);
  });

  /** A request whose body has this many bytes so far, and one more to come. */
  async function sendPart(who: Who, bytes: number) {
    const { token } = writ.sandbox.identities[who];
    const request = await openRawRequest(writ.url, {
      token,
      body: 'x'.repeat(bytes),
      contentLength: bytes + 1,
    });
    open.push(request);
    return request;
  }
  const reserved = () => expect.poll(() => writ.memory.reserved, PATIENT);
  const ask = (who: Who, query = '{ viewer { username } }') => writ.as(who, query);

  it('has the bodies of one user in at most a half of it, and room for others', async () => {
    await sendPart('mallory', 120_000);
    await reserved().toBe(120_000);
    const { text, closed } = await sendPart('mallory', 120_000);
    await expect.poll(text, PATIENT).toMatch(/^HTTP\/1\.1 429 /);
    expect(text()).toContain('"retryAfterSeconds":1');
    // The rest of a refused body is not awaited.
    await closed;
    expect((await ask('victor')).data.viewer.username).toBe('victor');
  });

  it('is UNAVAILABLE to everybody when all of it is used', async () => {
    const attackers: Who[] = ['mallory', 'victor'];
    for (const who of attackers) {
      await sendPart(who, 199_000);
    }
    await reserved().toBe(398_000);
    const { text } = await sendPart('alice', 3_000);
    await expect.poll(text, PATIENT).toMatch(/^HTTP\/1\.1 503 /);
    expect(text()).toContain('UNAVAILABLE');
  });

  it('has what a request keeps of the cluster', async () => {
    await sendPart('victor', 199_000);
    await reserved().toBe(199_000);
    const answer = await ask('victor', '{ project(name: "demo") { sessions { nodes { name } } } }');
    expect(codeOf(answer)).toBe('TOO_MANY_REQUESTS');
  });

  it('is free again after requests of each kind', async () => {
    const { url } = writ;
    const { token } = writ.sandbox.identities.alice;
    await ask('alice', '{ project(name: "demo") { sessions { nodes { name children { totalCount } } } } }');
    await ask('alice', '{ nothing }');
    await ask('alice', `{ ${'viewer { username } '.repeat(500)} }`);
    for (const body of ['{', '{"query":1}', 'x'.repeat(100)]) {
      const { text } = await openRawRequest(url, { token, body });
      await expect.poll(text, PATIENT).toMatch(/^HTTP/);
    }
    await reserved().toBe(0);
  });

  it('is free again after a connection with several requests, one behind the other, has ended', async () => {
    const { token } = writ.sandbox.identities.alice;
    const query = '{ project(name: "demo") { sessions { nodes { name } } } }';
    const body = JSON.stringify({ query });
    const never = new Promise<never>(() => {});
    writ.proxy.set(({ path }, forward) => (path.includes('/agenticsessions') ? never : forward()));
    const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const { socket } = await openRawRequest(writ.url, { token, body });
    socket.write(head.repeat(5));
    await reserved().toBeGreaterThan(6 * body.length);
    socket.destroy();
    await reserved().toBe(0);
  });
});
