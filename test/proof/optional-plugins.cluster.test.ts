import { expect, it } from 'vitest';
import { CORE, ownedBy } from '../support/objects.ts';
import { putSession } from '../support/put-objects.ts';
import { PROJECT, startPolicies } from './policies/fixture.ts';

const { admin, asked } = startPolicies();

it('the control plane of this suite has the plugin OwnerReferencesPermissionEnforcement', async () => {
  const owner = await putSession(admin, PROJECT, 'an-owner');
  const secret = { metadata: { name: 'blocking', ...ownedBy(owner, { blockOwnerDeletion: true }) } };
  expect(await asked('mallory', 'POST', CORE(PROJECT, 'secrets'), secret)).toMatch(
    /^403 .* cannot set blockOwnerDeletion/,
  );
});
