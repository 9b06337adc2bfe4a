import { expect, it } from 'vitest';
import { createSessionMutation } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation();

const writ = startWrit();

it('a runner Secret that a user may not read is not asked for again a moment later, and others ask for themselves', async () => {
  const asked = async (user: 'alice' | 'admin') => {
    const variables = { input: { project: 'demo', start: false } };
    const { result, requests } = await writ.requestsDuring(() => writ.as(user, CREATE, variables));
    expect(result.errors).toBeUndefined();
    return requests.flatMap(({ verb, resource, status }) =>
      verb === 'get' && resource === 'secrets' ? [status] : [],
    );
  };
  expect(await asked('alice')).toEqual([403]);
  expect(await asked('alice')).toEqual([]);
  expect(await asked('admin')).not.toEqual([]);
  expect(await asked('admin')).not.toEqual([]);
});
