import { expect, it } from 'vitest';
import { useIdentity } from '../../src/http/plugins/use-identity.ts';
import { post, start } from './fixture.ts';
import { SECRET } from './schema.ts';

it.for(['bug', 'graphql'])("an unknown error's text stays inside (%s)", async (kind) => {
  const { url } = await start();
  const { response, body } = await post(url, { query: `{ fail(kind: "${kind}") }` });
  expect(response.status).toBe(200);
  expect(body.errors?.[0]?.message).toBe('Internal error');
  expect(body.errors?.[0]?.extensions).toEqual({
    code: 'INTERNAL',
    requestId: response.headers.get('x-request-id'),
  });
  expect(JSON.stringify(body)).not.toContain(SECRET);
});

it("a value that a resolver should not return is no client's to read", async () => {
  const { url } = await start();
  const { body } = await post(url, { query: '{ badValue }' });
  expect(JSON.stringify(body)).not.toContain(SECRET);
});

it('an unknown error of the authentication is INTERNAL and 500', async () => {
  const { url } = await start({ plugins: [useIdentity(() => Promise.reject(new Error(SECRET)))] });
  const { response, body } = await post(url, { query: '{ hello }' });
  expect(response.status).toBe(500);
  expect(body).toMatchObject({ errors: [{ message: 'Internal error', extensions: { code: 'INTERNAL' } }] });
  expect(body).not.toHaveProperty('data');
});

it.for([
  ['a text', SECRET],
  ['nothing', undefined],
  ['an object', { SECRET }],
] as const)('%s thrown by the authentication is INTERNAL', async ([, thrown]) => {
  const { url } = await start({ plugins: [useIdentity(() => Promise.reject(thrown))] });
  const { body } = await post(url, { query: '{ hello }' });
  expect(body).toMatchObject({ errors: [{ message: 'Internal error', extensions: { code: 'INTERNAL' } }] });
  expect(JSON.stringify(body)).not.toContain(SECRET);
});

it('the log has the whole of an unknown error, under the same request id, without the token', async () => {
  const { url, logged } = await start();
  const { response } = await post(url, { query: '{ fail(kind: "bug") }' });
  const line = await logged(({ msg }) => msg === 'internal error');
  expect(line.requestId).toBe(response.headers.get('x-request-id'));
  expect(line.err).toMatchObject({ type: 'Error', message: 'Bearer [redacted] was refused' });
  expect((line.err as { stack: string }).stack).toContain('schema.ts');
  expect(JSON.stringify(line)).not.toContain(SECRET);
});

it('an error that a client may see is not logged as a defect', async () => {
  const { url, log, logged } = await start();
  await post(url, { query: '{ fail(kind: "forbidden") }' });
  await logged(({ msg }) => msg === 'operation');
  expect(log.map(({ msg }) => msg)).toEqual(['operation']);
});
