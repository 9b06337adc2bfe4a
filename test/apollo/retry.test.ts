import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { codesOf } from '../../examples/apollo/errors.ts';
import { CREATE_SESSION, READ_SESSION } from '../../examples/apollo/operations.ts';
import { holdCalls, PATIENT } from '../attack/availability/held-calls.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { clientOf, failOnWarnings } from './fixture.ts';

const NAME = 'fix-cart-rounding';
const READ = { query: READ_SESSION, variables: { project: 'demo', name: NAME } };
const CREATE = {
  mutation: CREATE_SESSION,
  variables: { input: { project: 'demo', name: 'created', start: false } },
};

describe('the retry link', () => {
  const writ = startProxiedWrit({
    environment: {
      WRIT_USER_CONCURRENT_CALLS: '2',
      WRIT_USER_CONCURRENT_REQUESTS: '1',
      WRIT_USER_QUEUED_CALLS: '2',
    },
  });
  failOnWarnings();

  function spyOn<Name extends 'fetch' | 'setTimeout'>(name: Name) {
    const spy = vi.spyOn(globalThis, name);
    onTestFinished(() => spy.mockRestore());
    return spy;
  }

  it.each([
    ['a query', () => clientOf(writ, 'alice').query(READ)],
    ['a mutation, which was not executed', () => clientOf(writ, 'alice').mutate(CREATE)],
  ])('sends %s again after TOO_MANY_REQUESTS, and waits as long as Writ says', async (_, send) => {
    const { token } = writ.sandbox.identities.alice;
    const calls = holdCalls(
      ({ authorization, path }) => authorization.endsWith(token) && path.includes(NAME),
    );
    writ.proxy.set(calls.rule);
    const query = `{ session(project: "demo", name: "${NAME}") { id } }`;
    let refused = 0;
    const others = [1, 2, 3, 4].map(async () => {
      if ((await writ.as('alice', query)).status === 429) refused += 1;
    });
    // One is executed and two are queued.
    await expect.poll(() => refused, PATIENT).toBe(1);

    const fetches = spyOn('fetch');
    const timers = spyOn('setTimeout');
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    onTestFinished(() => random.mockRestore());
    const sent = send();
    // Writ says one second, and a quarter is added.
    await expect.poll(() => timers.mock.calls.map(([, ms]) => ms), PATIENT).toContain(1_250);
    calls.releaseAll();
    await Promise.all(others);
    const { error, data } = await sent;
    expect([error, data]).toEqual([undefined, expect.anything()]);
    const responses = await Promise.all(fetches.mock.results.map(({ value }) => value as Promise<Response>));
    expect(responses.map(({ status }) => status)).toEqual([429, 200]);
  });

  /** What comes in place of Writ's first response. */
  const failures: [string, () => Promise<Response>][] = [
    ['a lost connection', () => Promise.reject(new TypeError('fetch failed'))],
    ['an error page of a proxy', async () => new Response('<html>', { status: 502 })],
    ...['UNAVAILABLE', 'TIMEOUT'].map((code): [string, () => Promise<Response>] => [
      code,
      async () => {
        const headers = { 'content-type': 'application/graphql-response+json' };
        const body = JSON.stringify({ errors: [{ message: 'Failed', extensions: { code } }] });
        return new Response(body, { status: 503, headers });
      },
    ]),
  ];

  it.each(failures)('sends a query again after %s, and no mutation', async (_, fail) => {
    const fetches = spyOn('fetch').mockImplementationOnce(fail);
    expect((await clientOf(writ, 'alice').query(READ)).data?.session?.name).toBe(NAME);
    expect(fetches).toHaveBeenCalledTimes(2);
    fetches.mockImplementationOnce(fail);
    await expect(clientOf(writ, 'alice').mutate(CREATE)).rejects.toThrow();
    expect(fetches).toHaveBeenCalledTimes(3);
  });

  it('sends nothing again that is refused', async () => {
    const fetches = spyOn('fetch');
    const refused = clientOf(writ, 'mallory').query(READ).catch(codesOf);
    expect(await refused).toEqual(['FORBIDDEN']);
    expect(fetches).toHaveBeenCalledTimes(1);
  });
});
