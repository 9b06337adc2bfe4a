import { expect, it } from 'vitest';
import { codes, type Operation, post, start } from './fixture.ts';
import { SECRET } from './schema.ts';
import {
  alice,
  identityOf,
  openAccepted,
  openClient,
  resultsOf,
  subscribe,
  TOKEN,
} from './websocket-fixture.ts';

const operation = ({ msg }: Record<string, unknown>) => msg === 'operation';

it('queries, mutations and subscriptions share one connection', async () => {
  const { url, log } = await start({ identity: alice() });
  const client = openClient(url);
  const all = await Promise.all([
    resultsOf(client, { query: 'query ($n: String!) { hello(name: $n) }', variables: { n: 'Ada' } }),
    resultsOf(client, { query: 'mutation { touch }' }),
    resultsOf(client, { query: 'subscription A { count(to: 2) } query B { hello }', operationName: 'A' }),
  ]);
  expect(all).toEqual([
    [{ data: { hello: 'hello Ada' } }],
    [{ data: { touch: 1 } }],
    [{ data: { count: 1 } }, { data: { count: 2 } }],
  ]);
  expect(log.filter(({ msg }) => msg === 'websocket closed')).toEqual([]);
});

it.for<Operation & { query: string }>([
  { query: '{' },
  { query: '{ nothing }' },
  { query: 'query A { hello } query B { hello }' },
  { query: 'query A { hello }', operationName: 'B' },
  { query: 'query ($n: String!) { hello(name: $n) }' },
  { query: 'query ($n: Int!) { items(first: $n) { name } }', variables: { n: 'x' } },
  { query: '{ a: hello b: hello c: hello }' },
  { query: '{ items(first: 100000) { name } }' },
  { query: 'subscription { items(first: 100000) { name } }' },
  { query: `{ ${'x'.repeat(60_000)} }` },
  { query: '{ fail(kind: "forbidden") hello }' },
  { query: '{ failHard(kind: "kubernetes") }' },
  { query: '{ fail(kind: "graphql") }' },
  { query: '{ badValue }' },
  { query: '{ missing }' },
])('an operation has the errors that it has over HTTP: %j', async (refused) => {
  const { url } = await start({ identity: alice(), limits: { aliases: 2 } });
  const { url: http } = await start({ limits: { aliases: 2 } });
  // A subscription over HTTP is executed as an event stream: before that, errors are the same.
  const { body } = await post(http, refused);
  const withoutId = (text: unknown) =>
    JSON.parse(JSON.stringify(text).replaceAll(/"requestId":"[^"]*"/g, '"requestId":""'));
  expect(codes(body).length).toBeGreaterThan(0);
  expect(withoutId(await resultsOf(openClient(url), refused))).toEqual([withoutId(body)]);
});

it.for([
  ['refused', 'forbidden', 'FORBIDDEN'],
  ['refused', 'bug', 'INTERNAL'],
  ['failing', 'input', 'BAD_USER_INPUT'],
  ['failing', 'bug', 'INTERNAL'],
  ['failing', 'timeout', 'TIMEOUT'],
])('a source that is %s (%s) is one coded result, then complete', async ([field, kind, code]) => {
  const { url } = await start({ identity: alice() });
  const results = await resultsOf(openClient(url), { query: `subscription { ${field}(kind: "${kind}") }` });
  expect(results.map(codes)).toEqual([[code]]);
  expect(JSON.stringify(results)).not.toContain(SECRET);
});

it('a query beyond its deadline is TIMEOUT, and a subscription has none', async () => {
  const { url, probe } = await start({ identity: alice(), requestTimeoutMs: 1 });
  const client = openClient(url);
  const events = resultsOf(client, { query: 'subscription { quiet }' });
  await probe.started;
  expect((await resultsOf(client, { query: '{ slow }' })).map(codes)).toEqual([['TIMEOUT']]);
  probe.release();
  expect(await events).toEqual([{ data: { quiet: 'event' } }]);
});

it('an operation is one line of the log, without anything of its document, variables or token', async () => {
  const { url, log, logged } = await start({ identity: alice() });
  const query = 'query Greet($n: String!) { marked: hello(name: $n) fail(kind: "bug") }';
  const [result] = await resultsOf(openClient(url), { query, variables: { n: 'SECRET-1' } });
  expect(await logged(operation)).toMatchObject({
    requestId: result?.errors?.[0]?.extensions.requestId,
    operationType: 'query',
    operationName: 'Greet',
    transport: 'websocket',
    errorCodes: ['INTERNAL'],
    username: 'alice',
  });
  expect(log.filter(operation)).toHaveLength(1);
  expect(JSON.stringify(log)).not.toMatch(new RegExp(`SECRET-1|marked|${TOKEN}`));
});

it('a query that the client completes ends: its signal aborts, and the log says so', async () => {
  const aborted = Promise.withResolvers<void>();
  const identity = identityOf(new Set([TOKEN]), ({ signal }) =>
    signal.addEventListener('abort', () => aborted.resolve()),
  );
  const { url, probe, logged } = await start({ identity });
  const { send } = await openAccepted(url);
  send(subscribe('1', '{ slow }'));
  await probe.started;
  send({ id: '1', type: 'complete' });
  await aborted.promise;
  expect(await logged(operation)).toMatchObject({ aborted: true });
});

it.for(['completes it', 'disconnects'])('a source is closed when the client %s', async (how) => {
  const { url, probe, logged } = await start({ identity: alice() });
  const { send, socket } = await openAccepted(url);
  send(subscribe('1', 'subscription { quiet }'));
  await probe.started;
  if (how === 'disconnects') socket.terminate();
  else send({ id: '1', type: 'complete' });
  await probe.closed;
  expect(await logged(operation)).toMatchObject({ aborted: true, operationType: 'subscription' });
});

it('a subscription gives back the turn that it has among the requests of its user', async () => {
  const released: string[] = [];
  const identity = identityOf(new Set([TOKEN]), ({ state }) => {
    state.releaseTurn = () => released.push(state.operation?.type ?? '');
  });
  const { url, probe } = await start({ identity });
  const { send } = await openAccepted(url);
  send(subscribe('1', '{ hello }'), subscribe('2', 'subscription { quiet }'));
  await probe.started;
  expect(released).toEqual(['subscription']);
});
