import { expect, it } from 'vitest';
import { useIdentity } from '../../src/http/plugins/use-identity.ts';
import { getUrl, post, start } from './fixture.ts';

const operation = ({ msg }: Record<string, unknown>) => msg === 'operation';

it('an operation is one line', async () => {
  const { url, log, logged } = await start();
  const { response } = await post(url, { query: 'query Greet { hello }' });
  const line = await logged(operation);
  expect(line).toMatchObject({
    requestId: response.headers.get('x-request-id'),
    operationType: 'query',
    operationName: 'Greet',
    status: 200,
  });
  expect(line.durationMs).toBeTypeOf('number');
  expect(line).not.toHaveProperty('errorCodes');
  expect(line).not.toHaveProperty('aborted');
  expect(log.length).toBe(1);
});

it('the line has the codes of errors, and the status', async () => {
  const { url, logged } = await start();
  await post(url, { query: '{' }, { accept: 'application/graphql-response+json' });
  expect(await logged(operation)).toMatchObject({ errorCodes: ['GRAPHQL_PARSE_FAILED'], status: 400 });
});

it('the line has the username if it is known', async () => {
  const identity = useIdentity(async ({ state }) => {
    state.username = 'alice';
    return {};
  });
  const { url, logged } = await start({ plugins: [identity] });
  await post(url, { query: '{ hello }' });
  expect(await logged(operation)).toMatchObject({ username: 'alice' });
});

it('the log has nothing of variables, headers or the document', async () => {
  const { url, log, logged } = await start();
  const query = 'query Q($n: String!) { hello(name: $n) marked: hello(name: "SECRET-1") }';
  const headers = { authorization: 'Bearer SECRET-2', cookie: 'a=SECRET-3', 'x-other': 'SECRET-4' };
  await post(url, { query, variables: { n: 'SECRET-5' } }, headers);
  await logged(operation);
  expect(JSON.stringify(log)).not.toMatch(/SECRET|marked/);
});

it('the log has nothing of a variable that is wrong', async () => {
  const { url, log, logged } = await start();
  await post(url, { query: 'query ($n: Int!) { items(first: $n) { name } }', variables: { n: 'SECRET' } });
  expect(await logged(operation)).toMatchObject({ errorCodes: ['BAD_USER_INPUT'] });
  expect(JSON.stringify(log)).not.toContain('SECRET');
});

it("an operation's name is cut", async () => {
  const { url, logged } = await start();
  await post(url, { query: `query ${'N'.repeat(5_000)} { hello }` });
  expect((await logged(operation)).operationName).toBe('N'.repeat(100));
});

it('a client that leaves is said to have left', async () => {
  const { url, probe, logged } = await start();
  const leaving = new AbortController();
  const left = fetch(getUrl(url, { query: '{ slow }' }), { signal: leaving.signal });
  await probe.started;
  leaving.abort();
  await expect(left).rejects.toThrow('aborted');
  expect(await logged(operation)).toMatchObject({ aborted: true });
});
