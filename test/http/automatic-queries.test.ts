import { describe, expect, it } from 'vitest';
import { AutomaticQueries } from '../../src/http/operations/automatic-queries.ts';
import { codes, post } from './fixture.ts';
import { automatic, byHash, byId, LISTED, listOf, startWith, TRANSPORTS } from './operations-fixture.ts';

const QUERY = 'query Hi { hello }';
const data = { data: { hello: 'hello you' } };

describe.for(Object.entries(TRANSPORTS))('automatic persisted queries, over %s', ([, send]) => {
  it('a hash is found once its document was sent with it', async () => {
    const { url } = await startWith(automatic());
    expect(codes(await send(url, byHash(QUERY)))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(await send(url, { ...byHash(QUERY), query: QUERY })).toEqual(data);
    expect(await send(url, byHash(QUERY))).toEqual(data);
    expect(await send(url, byId(QUERY))).toEqual(data);
  });

  it('a document without a hash registers nothing', async () => {
    const { url } = await startWith(automatic());
    expect(await send(url, { query: QUERY })).toEqual(data);
    expect(codes(await send(url, byHash(QUERY)))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('a user finds nothing that another has registered', async () => {
    const { url } = await startWith(automatic());
    await send(url, { ...byHash(QUERY), query: QUERY }, { 'x-user': 'bob' });
    expect(codes(await send(url, byHash(QUERY), { 'x-user': 'alice' }))).toEqual([
      'PERSISTED_QUERY_NOT_FOUND',
    ]);
    expect(await send(url, byHash(QUERY), { 'x-user': 'bob' })).toEqual(data);
  });
});

it('beside a list, only those may register who may send ad-hoc operations', async () => {
  const { url } = await startWith({ ...automatic(), list: listOf(LISTED), adHoc: ['developers'] });
  const member = { 'x-groups': 'developers' };
  const { body } = await post(url, JSON.stringify({ ...byHash(QUERY), query: QUERY }));
  expect(codes(body)).toEqual(['FORBIDDEN']);
  await post(url, JSON.stringify({ ...byHash(QUERY), query: QUERY }), member);
  expect((await post(url, byHash(QUERY), member)).body).toEqual(data);
  // The same user, who is no member any more.
  expect(codes((await post(url, byHash(QUERY))).body)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
});

describe('what is registered', () => {
  const text = (n: number) => `# ${String(n).padStart(1_000, '0')}`;

  it('is limited for each user, who loses what is oldest', () => {
    const queries = new AutomaticQueries({ userBytes: 10_000 });
    for (let n = 0; n < 100; n++) queries.register('alice', String(n), text(n));
    expect(queries.find('alice', '0')).toBeUndefined();
    expect(queries.find('alice', '99')).toBe(text(99));
  });

  it('is limited for all users, of whom those lose theirs who were idle longest', () => {
    const queries = new AutomaticQueries({ userBytes: 10_000, allBytes: 50_000 });
    queries.register('alice', 'a', text(0));
    for (let user = 0; user < 3; user++) {
      for (let n = 0; n < 100; n++) queries.register(`user-${user}`, String(n), text(n));
      expect(queries.find('alice', 'a')).toBe(text(0));
    }
    for (let user = 3; user < 20; user++) {
      for (let n = 0; n < 100; n++) queries.register(`user-${user}`, String(n), text(n));
    }
    expect(queries.find('alice', 'a')).toBeUndefined();
    expect(queries.find('user-19', '99')).toBe(text(99));
  });

  it('is never larger than its share', () => {
    const queries = new AutomaticQueries({ userBytes: 1_000 });
    queries.register('alice', 'large', 'x'.repeat(1_000));
    queries.register('alice', 'small', 'x');
    expect(queries.find('alice', 'large')).toBeUndefined();
    expect(queries.find('alice', 'small')).toBe('x');
  });
});
