import { describe, expect, it } from 'vitest';
import { startWrit } from '../support/writ.ts';
import { openAccepted, openClient, openSocket, resultsOf, subscribe } from './websocket-fixture.ts';

const init = (token: string) => ({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });

describe('Writ over a WebSocket', () => {
  const writ = startWrit({ environment: { WRIT_USER_WEBSOCKETS: '2' } });

  it('answers as the user of the token, and holds nothing afterwards', async () => {
    const connectionParams = { authorization: `Bearer ${writ.sandbox.identities.alice.token}` };
    const client = openClient(writ.url, { connectionParams });
    const query = '{ viewer { username } project(name: "demo") { sessions(first: 3) { nodes { name } } } }';
    const [result] = await resultsOf(client, { query });
    const { data } = await writ.as('alice', query);
    expect(result).toEqual({ data });
    await expect.poll(() => writ.memory.reserved).toBe(0);
  });

  it('streams the changes of sessions, and holds nothing once the client has left', async () => {
    const connectionParams = { authorization: `Bearer ${writ.sandbox.identities.alice.token}` };
    const query =
      'subscription { sessions(project: "demo") { events { type session { name pods { name } } } } }';
    const stream = openClient(writ.url, { connectionParams }).iterate({ query });
    const types: string[] = [];
    for await (const { data } of stream) {
      const { events } = (data as { sessions: { events: { type: string }[] } }).sessions;
      types.push(...events.map(({ type }) => type));
      if (types.includes('SYNCED')) break;
    }
    expect(types[0]).toBe('RESET');
    expect(types.filter((type) => type === 'ADDED').length).toBeGreaterThan(0);
    await expect.poll(() => writ.memory.reserved).toBe(0);
  });

  it('has the errors of the cluster', async () => {
    const connectionParams = { authorization: `Bearer ${writ.sandbox.identities.mallory.token}` };
    const query = '{ session(project: "demo", name: "any") { name } }';
    const [result] = await resultsOf(openClient(writ.url, { connectionParams }), { query });
    const { errors } = await writ.as('mallory', query);
    expect(result?.errors).toMatchObject([{ extensions: errors?.[0]?.extensions ?? {} }]);
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('refuses a token that the cluster does not know', async () => {
    const { send, closed } = await openSocket(writ.url);
    send(init('made-up'), subscribe('1', '{ viewer { username } }'));
    expect((await closed).code).toBe(4401);
  });

  it('limits the connections of a user, and of no other', async () => {
    const { victor, mallory } = writ.sandbox.identities;
    for (let n = 0; n < 2; n++) await openAccepted(writ.url, init(victor.token));
    const { send, closed } = await openSocket(writ.url);
    send(init(victor.token));
    expect((await closed).code).toBe(4429);
    await openAccepted(writ.url, init(mallory.token));
  });
});

describe('behind a proxy', () => {
  const writ = startWrit({ environment: { WRIT_TOKEN_HEADER: 'x-forwarded-access-token' } });

  it('answers as the user of the upgrade request, and of no token of the client', async () => {
    const headers = {
      'x-forwarded-access-token': writ.sandbox.identities.alice.token,
      'x-writ-csrf': '1',
    };
    const { send, next } = await openSocket(writ.url, { headers });
    send({ type: 'connection_init' });
    await next();
    send(subscribe('1', '{ viewer { username } }'));
    expect((await next()).payload.data.viewer.username).toBe(writ.sandbox.identities.alice.username);
    const other = await openSocket(writ.url, { headers });
    other.send(init(writ.sandbox.identities.admin.token));
    expect((await other.closed).code).toBe(4403);
  });
});
