import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/graphql/context.ts';
import { selectionOf } from '../../src/graphql/session/selection.ts';
import { cursorsUnder, mountKey, newKey } from '../support/key-file.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const key = newKey();
const writ = startWrit({ environment: { WRIT_KEY_FILE: mountKey({ key }).file } });

describe('lists', () => {
  const PAGE =
    'query ($first: Int, $after: String) { project(name: "demo") { sessions(first: $first, after: $after) { nodes { name } } } }';

  it.each([0, -1, 501, 2_147_483_647, -2_147_483_648])('first: %i is refused', async (first) => {
    for (const query of [PAGE, 'query ($first: Int) { projects(first: $first) { nodes { name } } }']) {
      expect(['BAD_USER_INPUT', 'QUERY_TOO_COMPLEX']).toContain(
        codeOf(await writ.as('alice', query, { first })),
      );
    }
  });

  it.each([
    ['a climbing key', { rv: -1, start: '../research/' }],
    ['another namespace', { rv: -1, start: 'research/' }],
    ['a future revision', { rv: 1e15, start: '' }],
    ['a broken one', 'x&limit=0#'],
  ])(
    'even a cursor under the key of Writ with %s in it stays in the project, as the caller',
    async (_, token) => {
      const next =
        typeof token === 'string' ? token : Buffer.from(JSON.stringify(token)).toString('base64url');
      const selection = selectionOf('demo', null, null, null, {} as Context);
      const after = cursorsUnder(key, 'victor').encode({ continue: next, index: 0, key: [''] }, selection);
      const { result, requests } = await writ.requestsDuring(() => writ.as('victor', PAGE, { after }));
      const lists = requests.filter(({ resource }) => resource === 'agenticsessions');
      expect(lists.length, result.text).toBeGreaterThan(0);
      for (const { user, namespace, path } of lists) {
        expect({ user, namespace }).toEqual({ user: 'victor', namespace: 'demo' });
        expect(new URL(path, 'https://x').searchParams.getAll('continue')).toEqual([next]);
      }
      expect(result.text).not.toMatch(/summarise-papers|reproduce-benchmark|INTERNAL/);
    },
  );

  it('introspection costs the cluster nothing and a stranger is told nothing', async () => {
    const query =
      '{ __schema { types { name fields { name type { name ofType { name ofType { name } } } } } } }';
    const { result, requests } = await writ.requestsDuring(() => writ.as('mallory', query));
    expect(result.errors).toBeUndefined();
    expect(requests.filter(({ resource }) => resource !== 'selfsubjectreviews')).toEqual([]);
    expect((await writ.post({ query })).text).not.toContain('AgenticSession');
  });
});
