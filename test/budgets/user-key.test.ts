import { expect, it } from 'vitest';
import { userKeyOf } from '../../src/budgets/user-key.ts';

it.each([
  ['a user', 'alice', 'alice'],
  ['a user whose name has colons', 'oidc:group:alice', 'oidc:group:alice'],
  ['a service account', 'system:serviceaccount:demo:robot', 'system:serviceaccount:demo'],
  ['another account of its namespace', 'system:serviceaccount:demo:other', 'system:serviceaccount:demo'],
  [
    'an account of another namespace',
    'system:serviceaccount:research:robot',
    'system:serviceaccount:research',
  ],
  ['a node', 'system:node:worker-1', 'system:node:worker-1'],
  ['an anonymous user', 'system:anonymous', 'system:anonymous'],
])('%s counts as %3$s', (_, username, key) => {
  expect(userKeyOf({ username })).toBe(key);
});
