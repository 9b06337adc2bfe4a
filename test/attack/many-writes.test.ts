import { describe, expect, it } from 'vitest';
import { inTest } from '../support/hooks.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';
import { startWatchedWrit, type WatchedWritOptions } from './watched-writ.ts';

const writ = startWrit();
const bearer = () => ({ authorization: `Bearer ${writ.sandbox.identities.alice.token}` });

function raw(body: string, init: RequestInit = {}) {
  const headers = { 'content-type': 'application/json', ...bearer() };
  return writ.requestsDuring(async () =>
    (await fetch(writ.url, { method: 'POST', headers, body, ...init })).text(),
  );
}

describe('one request for many privileged writes', () => {
  const aliases = (count: number, input: string) =>
    `mutation { ${Array.from({ length: count }, (_, i) => `m${i}: createSession(input: {${input}}) { session { name } }`).join(' ')} }`;

  it('has a review of its own right before each of them', async () => {
    const { result, requests } = await writ.requestsDuring(() =>
      writ.as('alice', aliases(20, 'project: "demo"')),
    );
    expect(result.errors).toBeUndefined();
    const writes = requests.filter(
      ({ user, resource, verb }) => user === BACKEND && resource === 'agenticsessions' && verb === 'create',
    );
    expect(writes).toHaveLength(20);
    let reviews = requests.filter(
      ({ user, resource }) => user === 'alice' && resource === 'selfsubjectaccessreviews',
    );
    let before = 0;
    for (const { receivedAt } of writes) {
      const [own, ...later] = reviews;
      expect(own?.receivedAt).toBeGreaterThan(before);
      expect(own?.respondedAt).toBeLessThanOrEqual(receivedAt);
      reviews = later;
      before = receivedAt;
    }
    expect(reviews).toEqual([]);
  });

  it('stops writing when the right is taken away meanwhile', async () => {
    const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/demo/rolebindings';
    const admin = writ.kubernetes('admin');
    const { roleRef, subjects } = (await admin.get(`${bindings}/alice-edit`)).body;
    let creates = 0;
    const watched = await inTest(
      (options: WatchedWritOptions, hooks) => startWatchedWrit(writ.sandbox, options, hooks),
      {
        async before({ via, method }) {
          if (via !== 'backend' || method !== 'POST') return undefined;
          creates += 1;
          if (creates === 3) await admin.delete(`${bindings}/alice-edit`);
          return undefined;
        },
      },
    );
    const answer = await watched.as('alice', aliases(20, 'project: "demo", start: false'));
    await admin.post(bindings, { metadata: { name: 'alice-edit' }, roleRef, subjects });
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(creates).toBe(3);
  });

  it('one that is denied leaves the others denied too, and is not carried over', async () => {
    const query =
      'mutation { a: createSession(input: {project: "research"}) { session { name } } b: createSession(input: {project: "demo", start: false}) { session { name } } }';
    const { requests } = await writ.requestsDuring(() => writ.as('alice', query));
    expect(requests.filter(({ user, namespace }) => user === BACKEND && namespace !== 'demo')).toEqual([]);
  });

  it.each([
    ['more aliases than are allowed', aliases(31, 'project: "demo"')],
    [
      'fragments of fragments',
      `mutation { ...f0 } ${Array.from(
        { length: 4 },
        (_, i) =>
          `fragment f${i} on Mutation { ${Array.from({ length: 4 }, (_, j) => `...f${i + 1}_${j}`).join(' ')} }`,
      )
        .join(' ')
        .replace(
          /\.\.\.f(\d)_\d/g,
          '...f$1',
        )} fragment f4 on Mutation { createSession(input: {project: "demo"}) { session { name } } }`,
    ],
  ])('%s: nothing runs', async (_, query) => {
    const { result, requests } = await writ.requestsDuring(() => writ.as('alice', query));
    expect(['QUERY_TOO_COMPLEX', 'GRAPHQL_VALIDATION_FAILED']).toContain(codeOf(result) ?? 'ran');
    expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
  });

  it('a batch is refused', async () => {
    const one = { query: aliases(1, 'project: "demo"') };
    const { result, requests } = await raw(JSON.stringify([one, one]));
    expect(result).toContain('BAD_REQUEST');
    expect(requests).toEqual([]);
  });

  it.each(['application/json', 'text/event-stream', 'text/html'])(
    'a mutation by GET (%s) does not run',
    async (accept) => {
      const url = `${writ.url}?query=${encodeURIComponent(aliases(1, 'project: "demo"'))}`;
      const { requests } = await writ.requestsDuring(async () =>
        (await fetch(url, { headers: { ...bearer(), accept } })).text(),
      );
      expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
    },
  );

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
  ])('a form (%s) does not run', async (type) => {
    const { requests } = await raw(JSON.stringify({ query: aliases(1, 'project: "demo"') }), {
      headers: { ...bearer(), 'content-type': type },
    });
    expect(requests).toEqual([]);
  });

  it('a key that comes twice counts once', async () => {
    const mutation = JSON.stringify(aliases(1, 'project: "demo"'));
    const { requests } = await raw(`{"query":${mutation},"query":"{ viewer { username } }"}`);
    expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
  });

  it('with two operations runs the one that is named, and none where none is', async () => {
    const query = `query read { viewer { username } } ${aliases(1, 'project: "demo"').replace('mutation', 'mutation write')}`;
    for (const operationName of [undefined, 'read', 'other', '__proto__']) {
      const { requests } = await raw(JSON.stringify({ query, operationName }));
      expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
    }
  });
});
