import { describe, expect, it, onTestFinished } from 'vitest';
import { openAccepted } from '../http/websocket-fixture.ts';
import { documentsByHash, operationsFile, sha256 } from '../support/operations-file.ts';
import type { Who } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const VIEWER = 'query Viewer { viewer { username } }';
const DELETE = `mutation Delete($p: String!, $n: String!) {
  deleteSession(project: $p, name: $n) { deletedId }
}`;
const TWO = 'query First { viewer { username } } query Second { viewer { id } }';
const AD_HOC = 'query Ad { viewer { id } }';
const WRITE = 'mutation Stop { stopSession(project: "demo", name: "x") { session { id } } }';

const persistedQuery = (sha256Hash: unknown, version: unknown = 1) => ({
  extensions: { persistedQuery: { version, sha256Hash } },
});

describe('around the list of operations', () => {
  const environment = {
    WRIT_OPERATIONS_FILE: operationsFile(documentsByHash(VIEWER, DELETE, TWO)),
    WRIT_AD_HOC_OPERATIONS: 'developers,system:masters',
    WRIT_AUTOMATIC_PERSISTED_QUERIES: 'true',
  };
  const writ = startWrit({ environment });
  const as = (who: Who, body: unknown, headers = {}) =>
    writ.post(body, { authorization: `Bearer ${writ.sandbox.identities[who].token}`, ...headers });
  const get = (who: Who, search: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${writ.url}?${new URLSearchParams(search)}`, {
      headers: { authorization: `Bearer ${writ.sandbox.identities[who].token}`, ...headers },
    });

  it.each([
    ['an unknown hash', persistedQuery('0'.repeat(64)), 'PERSISTED_QUERY_NOT_FOUND'],
    ['a hash in upper case', persistedQuery(sha256(VIEWER).toUpperCase()), 'PERSISTED_QUERY_NOT_FOUND'],
    ['a part of a hash', persistedQuery(sha256(VIEWER).slice(0, 63)), 'PERSISTED_QUERY_NOT_FOUND'],
    ['a space behind a hash', persistedQuery(`${sha256(VIEWER)} `), 'PERSISTED_QUERY_NOT_FOUND'],
    ['the prefix twice', persistedQuery(`sha256:sha256:${sha256(VIEWER)}`), 'PERSISTED_QUERY_NOT_FOUND'],
    ['another prefix', persistedQuery(`sha1:${sha256(VIEWER)}`), 'PERSISTED_QUERY_NOT_FOUND'],
    ['__proto__', persistedQuery('__proto__'), 'PERSISTED_QUERY_NOT_FOUND'],
    ['constructor', persistedQuery('constructor'), 'PERSISTED_QUERY_NOT_FOUND'],
    ['toString as documentId', { documentId: 'toString' }, 'PERSISTED_QUERY_NOT_FOUND'],
    ['a path', persistedQuery('../../etc/passwd'), 'PERSISTED_QUERY_NOT_FOUND'],
    ['an enormous hash', persistedQuery('a'.repeat(900_000)), 'BAD_REQUEST'],
    ['an empty hash', persistedQuery(''), 'BAD_REQUEST'],
    ['the prefix alone', persistedQuery('sha256:'), 'PERSISTED_QUERY_NOT_FOUND'],
    ['a list of hashes', persistedQuery([sha256(VIEWER)]), 'BAD_REQUEST'],
    ['an object', persistedQuery({ toString: sha256(VIEWER) }), 'BAD_REQUEST'],
    ['a number', persistedQuery(1), 'BAD_REQUEST'],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }, 'BAD_REQUEST'],
    ['another version', persistedQuery(sha256(VIEWER), 2), 'BAD_REQUEST'],
    ['the version as text', persistedQuery(sha256(VIEWER), '1'), 'BAD_REQUEST'],
    ['a hash in place of the object', { extensions: { persistedQuery: sha256(VIEWER) } }, 'BAD_REQUEST'],
    ['a list in place of the object', { extensions: { persistedQuery: [sha256(VIEWER)] } }, 'BAD_REQUEST'],
    ['extensions as a list', { extensions: [{ persistedQuery: sha256(VIEWER) }] }, 'BAD_REQUEST'],
    ['a documentId that is a list', { documentId: [sha256(VIEWER)] }, 'BAD_REQUEST'],
    ['a documentId that is empty', { documentId: '' }, 'BAD_REQUEST'],
    [
      'two ids that disagree',
      { documentId: sha256(VIEWER), ...persistedQuery(sha256(DELETE)) },
      'BAD_REQUEST',
    ],
    ['a batch', [persistedQuery(sha256(VIEWER)), persistedQuery(sha256(VIEWER))], 'BAD_REQUEST'],
    ['a text that is a list', { query: [AD_HOC], ...persistedQuery(sha256(VIEWER)) }, 'BAD_REQUEST'],
    ['a text that is an object', { query: { toString: AD_HOC } }, 'BAD_REQUEST'],
    ['the hash of another text', { query: AD_HOC, ...persistedQuery(sha256(VIEWER)) }, 'BAD_REQUEST'],
    ['the id of another text', { query: AD_HOC, documentId: `sha256:${sha256(VIEWER)}` }, 'BAD_REQUEST'],
    [
      'a listed text with the hash of another',
      { query: VIEWER, ...persistedQuery(sha256(DELETE)) },
      'BAD_REQUEST',
    ],
    ['an ad-hoc text with its own hash', { query: AD_HOC, ...persistedQuery(sha256(AD_HOC)) }, 'FORBIDDEN'],
    ['a listed text and more', { query: `${VIEWER} ${AD_HOC}`, operationName: 'Ad' }, 'FORBIDDEN'],
    ['a listed text with an alias', { query: VIEWER.replace('username', 'username: id') }, 'FORBIDDEN'],
    [
      'a listed text with a directive',
      { query: VIEWER.replace('username', 'username @skip(if: false)') },
      'FORBIDDEN',
    ],
    ['a listed text without its name', { query: '{ viewer { username } }' }, 'FORBIDDEN'],
    ['introspection', { query: '{ __schema { types { name } } }' }, 'FORBIDDEN'],
    ['a text of another operation', { query: WRITE }, 'FORBIDDEN'],
    ['no operation', {}, 'BAD_REQUEST'],
    ['an empty text', { query: '' }, 'GRAPHQL_PARSE_FAILED'],
  ])('%s executes nothing', async (_, body, code) => {
    const { result, requests } = await writ.requestsDuring(() => as('alice', body));
    expect(codeOf(result)).toBe(code);
    expect(result.data).toBeUndefined();
    expect(result.text.length).toBeLessThan(1_000);
    // The identity, and nothing else.
    expect(requests.filter(({ path }) => !path.includes('selfsubjectreviews'))).toEqual([]);
  });

  it('nothing is looked at before the cluster knows the token', async () => {
    const answer = await writ.post(persistedQuery(sha256(VIEWER)), {
      authorization: 'Bearer made-up',
    });
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('a group in a header or in the body makes no member', async () => {
    const headers = { 'impersonate-group': 'developers', 'x-remote-group': 'developers' };
    expect(codeOf(await as('alice', { query: AD_HOC, groups: ['developers'] }, headers))).toBe('FORBIDDEN');
    expect((await as('admin', { query: AD_HOC })).data?.viewer).toBeDefined();
  });

  it('what a member has registered is not executed for others', async () => {
    const registered = { query: AD_HOC, ...persistedQuery(sha256(AD_HOC)) };
    expect((await as('admin', registered)).data?.viewer).toBeDefined();
    expect((await as('admin', persistedQuery(sha256(AD_HOC)))).data?.viewer).toBeDefined();
    expect(codeOf(await as('alice', persistedQuery(sha256(AD_HOC))))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('a listed operation reads and writes as its caller, and no more', async () => {
    const variables = { p: 'demo', n: 'fix-cart-rounding' };
    const listed = { ...persistedQuery(sha256(DELETE)), variables };
    expect(codeOf(await as('victor', listed))).toBe('FORBIDDEN');
    expect((await as('victor', persistedQuery(sha256(VIEWER)))).data).toEqual({
      viewer: { username: writ.sandbox.identities.victor.username },
    });
  });

  it('a listed mutation is not executed by GET or HEAD', async () => {
    const variables = JSON.stringify({ p: 'demo', n: 'fix-cart-rounding' });
    const { extensions } = persistedQuery(sha256(DELETE));
    for (const search of [
      { extensions: JSON.stringify(extensions), variables },
      { documentId: `sha256:${sha256(DELETE)}`, variables },
      { query: DELETE, variables },
    ]) {
      const response = await get('admin', search as Record<string, string>);
      expect([response.status, ((await response.json()) as { data?: unknown }).data]).toEqual([
        405,
        undefined,
      ]);
    }
    const left = await writ
      .kubernetes('admin')
      .get('/apis/vteam.ambient-code/v1alpha1/namespaces/demo/agenticsessions/fix-cart-rounding');
    expect(left.status).toBe(200);
  });

  it('operationName selects within the listed document, and nowhere else', async () => {
    const listed = persistedQuery(sha256(TWO));
    expect((await as('alice', { ...listed, operationName: 'Second' })).data?.viewer).toHaveProperty('id');
    for (const operationName of [undefined, 'Viewer', 'Third', '__proto__']) {
      expect(codeOf(await as('alice', { ...listed, operationName }))).toBe('OPERATION_RESOLUTION_FAILURE');
    }
  });

  it('a WebSocket is held to the same list', async () => {
    const { alice } = writ.sandbox.identities;
    const init = { type: 'connection_init', payload: { authorization: `Bearer ${alice.token}` } };
    const { socket, send, next } = await openAccepted(writ.url, init);
    onTestFinished(() => socket.terminate());
    const codes: unknown[] = [];
    for (const [n, payload] of [
      { query: AD_HOC },
      { query: '', ...persistedQuery('0'.repeat(64)) },
      { documentId: '__proto__' },
      { query: AD_HOC, ...persistedQuery(sha256(VIEWER)) },
    ].entries()) {
      send({ id: String(n), type: 'subscribe', payload });
      codes.push((await next()).payload[0].extensions.code);
    }
    expect(codes).toEqual([
      'FORBIDDEN',
      'PERSISTED_QUERY_NOT_FOUND',
      'PERSISTED_QUERY_NOT_FOUND',
      'BAD_REQUEST',
    ]);
    send({ id: 'listed', type: 'subscribe', payload: persistedQuery(sha256(VIEWER)) });
    expect((await next()).payload.data).toEqual({ viewer: { username: alice.username } });
  });
});

describe('with a list, behind a proxy that authenticates browsers', () => {
  const writ = startWrit({
    environment: {
      WRIT_OPERATIONS_FILE: operationsFile(documentsByHash(VIEWER)),
      WRIT_TOKEN_HEADER: 'x-forwarded-access-token',
    },
  });

  it('a hash needs the header x-writ-csrf as a document does', async () => {
    const token = { 'x-forwarded-access-token': writ.sandbox.identities.alice.token };
    const search = new URLSearchParams({ documentId: `sha256:${sha256(VIEWER)}` });
    const byGet = await fetch(`${writ.url}?${search}`, { headers: token });
    expect(byGet.status).toBe(403);
    expect(codeOf(await writ.post(persistedQuery(sha256(VIEWER)), token))).toBe('FORBIDDEN');
    const allowed = await writ.post(persistedQuery(sha256(VIEWER)), { ...token, 'x-writ-csrf': '1' });
    expect(allowed.data?.viewer.username).toBe(writ.sandbox.identities.alice.username);
  });
});

describe('with automatic persisted queries', () => {
  const writ = startWrit({ environment: { WRIT_AUTOMATIC_PERSISTED_QUERIES: 'true' } });
  const as = (who: Who, body: unknown) =>
    writ.post(body, { authorization: `Bearer ${writ.sandbox.identities[who].token}` });

  it('a user who registers very much takes nothing from another', async () => {
    const own = { query: VIEWER, ...persistedQuery(sha256(VIEWER)) };
    expect((await as('alice', own)).data?.viewer).toBeDefined();
    const large = (n: number) => `query { viewer { username } } # ${String(n).padEnd(40_000, 'x')}`;
    for (let n = 0; n < 30; n++) {
      const query = large(n);
      expect((await as('mallory', { query, ...persistedQuery(sha256(query)) })).data?.viewer).toBeDefined();
    }
    expect(codeOf(await as('mallory', persistedQuery(sha256(large(0)))))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await as('mallory', persistedQuery(sha256(large(29))))).data?.viewer).toBeDefined();
    expect((await as('alice', persistedQuery(sha256(VIEWER)))).data?.viewer).toBeDefined();
  });

  it('nobody registers a text under the hash of another, or learns what others have registered', async () => {
    const forged = { query: WRITE, ...persistedQuery(sha256(AD_HOC)) };
    expect(codeOf(await as('mallory', forged))).toBe('BAD_REQUEST');
    for (const who of ['mallory', 'alice'] as const) {
      expect(codeOf(await as(who, persistedQuery(sha256(AD_HOC))))).toBe('PERSISTED_QUERY_NOT_FOUND');
    }
    await as('alice', { query: AD_HOC, ...persistedQuery(sha256(AD_HOC)) });
    expect(codeOf(await as('mallory', persistedQuery(sha256(AD_HOC))))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});
