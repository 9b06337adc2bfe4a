import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createCache } from '../../examples/apollo/cache.ts';
import { CREATE_SESSION, LIST_PROJECTS, READ_SESSION } from '../../examples/apollo/operations.ts';
import { startWrit } from '../support/writ.ts';
import { failOnWarnings } from './fixture.ts';

const READ = { query: READ_SESSION, variables: { project: 'demo', name: 'fix-cart-rounding' } };
const CREATE = {
  mutation: CREATE_SESSION,
  variables: { input: { project: 'demo', name: 'x', start: false } },
};
const TOKEN_HEADER = 'x-forwarded-access-token';

describe.each([
  ['in the default mode', {}, (token: string) => ({ authorization: `Bearer ${token}` })],
  [
    'behind an authenticating proxy',
    { WRIT_TOKEN_HEADER: TOKEN_HEADER },
    (token: string) => ({ [TOKEN_HEADER]: token, 'x-writ-csrf': '1' }),
  ],
])("Apollo Client's persisted-query link %s", (_, environment, headersOf) => {
  const writ = startWrit({ environment });
  failOnWarnings();

  function start(useGETForHashedQueries: boolean) {
    const client = new ApolloClient({
      cache: createCache(),
      link: ApolloLink.from([
        new PersistedQueryLink({
          sha256: (text) => createHash('sha256').update(text).digest('hex'),
          useGETForHashedQueries,
        }),
        new HttpLink({ uri: writ.url, headers: headersOf(writ.sandbox.identities.alice.token) }),
      ]),
    });
    const fetches = vi.spyOn(globalThis, 'fetch');
    onTestFinished(() => {
      client.stop();
      fetches.mockRestore();
    });
    return { client, sent: () => fetches.mock.calls.map(([, init]) => init?.method) };
  }

  it.each([
    ['POST', false],
    ['GET', true],
  ])('sends hashes by %s until the first is refused, and documents from then on', async (method, isGet) => {
    const { client, sent } = start(isGet);
    expect((await client.query(READ)).data?.session?.name).toBe('fix-cart-rounding');
    expect(sent()).toEqual([method, 'POST']);
    expect((await client.query({ query: LIST_PROJECTS })).data?.projects?.edges).not.toEqual([]);
    expect(sent()).toEqual([method, 'POST', 'POST']);
  });

  it('executes a mutation once', async () => {
    const { client, sent } = start(true);
    expect((await client.mutate(CREATE)).data?.createSession?.session.name).toBe('x');
    expect(sent()).toEqual(['POST', 'POST']);
  });
});
