import { expect, it } from 'vitest';
import { Forbidden, TooManyRequests, Unavailable } from '../../src/errors.ts';
import { start } from './fixture.ts';
import { alice, INIT, identityOf, openAccepted, openSocket, subscribe, TOKEN } from './websocket-fixture.ts';

const init = (payload?: object) => ({ type: 'connection_init', ...(payload && { payload }) });
const bearer = `Bearer ${TOKEN}`;
const jwt = (exp: unknown) =>
  ['{}', JSON.stringify({ exp }), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

it.for([{ Authorization: bearer }, { authorization: bearer }])(
  'a token is accepted as %j',
  async (payload) => {
    const { url } = await start({ identity: alice() });
    await openAccepted(url, init(payload));
  },
);

it.for([
  undefined,
  {},
  { token: TOKEN },
  { authorization: TOKEN },
  { authorization: [bearer] },
  { authorization: 'Bearer ' },
  { authorization: 'Bearer a b' },
  { authorization: `Bearer ${'x'.repeat(20_000)}` },
  { authorization: 'Bearer of-nobody' },
  { authorization: bearer, Authorization: bearer },
])('connection_init with %j is closed with 4401', async (payload) => {
  const { url, log, logged } = await start({ identity: alice() });
  const { send, next, closed } = await openSocket(url, { headers: { authorization: bearer } });
  send(init(payload));
  await expect(next()).rejects.toThrow('closed');
  expect((await closed).code).toBe(4401);
  expect(await logged(({ msg }) => msg === 'websocket closed')).toMatchObject({ code: 4401 });
  expect(JSON.stringify(log)).not.toContain(TOKEN);
});

it('an operation that does not wait for the answer to connection_init is closed with 4401', async () => {
  const { url, probe } = await start({ identity: alice() });
  const { send, closed } = await openSocket(url);
  send(INIT, subscribe('1', 'mutation { touch }'));
  expect((await closed).code).toBe(4401);
  expect(probe.mutations).toBe(0);
});

it('an operation before connection_init is closed with 4401', async () => {
  const { url, probe } = await start({ identity: alice() });
  const { send, closed } = await openSocket(url);
  send(subscribe('1', 'mutation { touch }'), INIT);
  expect(await closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  expect(probe.mutations).toBe(0);
});

it.for([
  ['FORBIDDEN', new Forbidden('no'), 4403],
  ['UNAVAILABLE', new Unavailable('later'), 1013],
  ['TOO_MANY_REQUESTS', new TooManyRequests('later'), 1013],
  ['an unknown error', new Error('inside'), 4500],
] as const)('a cluster that answers with %s closes with a code of its own', async ([, error, code]) => {
  const fail = () => Promise.reject(error);
  const { url, log } = await start({ identity: { identify: fail, createContext: fail } });
  const { send, closed } = await openSocket(url);
  send(INIT);
  const { code: received, reason } = await closed;
  expect(received).toBe(code);
  expect(reason).not.toContain('inside');
  expect(log.some(({ msg }) => msg === 'internal error')).toBe(code === 4500);
});

it('a token that the cluster refuses later ends the operation with UNAUTHENTICATED, then the connection', async () => {
  const tokens = new Set([TOKEN]);
  const { url, probe } = await start({ identity: identityOf(tokens) });
  const { send, next, closed } = await openAccepted(url);
  send(subscribe('1', 'subscription { quiet }'));
  await probe.started;
  tokens.clear();
  send(subscribe('2', '{ hello }'));
  const refused = await next();
  expect(refused).toMatchObject({ type: 'error', id: '2' });
  expect(refused.payload[0].extensions.code).toBe('UNAUTHENTICATED');
  expect((await closed).code).toBe(4401);
  await probe.closed;
});

it.for(['refused', 'failing'])(
  'a subscription that ends with UNAUTHENTICATED (%s) ends the connection',
  async (field) => {
    const { url } = await start({ identity: alice() });
    const { send, next, closed } = await openAccepted(url);
    send(subscribe('1', `subscription { ${field}(kind: "unauthenticated") }`));
    expect((await next()).payload.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect((await closed).code).toBe(4401);
  },
);

it('a token that expires ends the connection and its subscriptions', async () => {
  const token = jwt(Math.floor(Date.now() / 1_000) + 1);
  const { url, probe } = await start({ identity: identityOf(new Set([token])) });
  const { send, closed } = await openAccepted(url, init({ authorization: `Bearer ${token}` }));
  send(subscribe('1', 'subscription { quiet }'));
  await probe.started;
  expect(await closed).toEqual({ code: 4401, reason: 'The token has expired' });
  await probe.closed;
});

it.for([4_102_444_800, 'soon', null, 1e300, { a: 1 }])('a token with exp %j stays', async (exp) => {
  const token = jwt(exp);
  const { url } = await start({ identity: identityOf(new Set([token])) });
  const { send, next } = await openAccepted(url, init({ authorization: `Bearer ${token}` }));
  send(subscribe('1', '{ hello }'));
  expect((await next()).payload).toEqual({ data: { hello: 'hello you' } });
});

const PROXY = { tokenHeader: 'x-forwarded-access-token', authenticatingProxy: true } as const;
const fromProxy = { 'x-forwarded-access-token': TOKEN, 'x-writ-csrf': '1' };

it('behind a proxy the token is that of the upgrade request', async () => {
  const { url } = await start({ identity: alice(), ...PROXY });
  const { send, next } = await openSocket(url, { headers: fromProxy });
  send(init());
  expect((await next()).type).toBe('connection_ack');
  send(subscribe('1', '{ hello }'));
  expect((await next()).payload).toEqual({ data: { hello: 'hello you' } });
});

it.for(['authorization', 'Authorization'])(
  'behind a proxy a token in connection_init (%s) is closed with 4403',
  async (name) => {
    const { url } = await start({ identity: alice(), ...PROXY });
    const { send, closed } = await openSocket(url, { headers: fromProxy });
    send(init({ [name]: bearer }));
    expect((await closed).code).toBe(4403);
  },
);

it.for([{}, { authorization: bearer }, { 'x-forwarded-access-token': [TOKEN, TOKEN] as unknown as string }])(
  'behind a proxy %j is closed with 4401',
  async (headers) => {
    const { url } = await start({ identity: alice(), ...PROXY });
    const { send, closed } = await openSocket(url, { headers: { 'x-writ-csrf': '1', ...headers } });
    send(init());
    expect((await closed).code).toBe(4401);
  },
);
