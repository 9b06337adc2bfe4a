import { expect, it } from 'vitest';
import { CORE, ownedBy, putSession } from '../support/objects.ts';
import { PROJECT, startPolicies } from './policies/fixture.ts';

const { admin, asked } = startPolicies();

it('the control plane of this suite has the plugin OwnerReferencesPermissionEnforcement', async () => {
  const owner = await putSession(admin, PROJECT, 'an-owner');
  const [reference] = ownedBy({
    apiVersion: 'vteam.ambient-code/v1alpha1',
    kind: 'AgenticSession',
    ...owner,
  });
  const secret = {
    metadata: { name: 'blocking', ownerReferences: [{ ...reference, blockOwnerDeletion: true }] },
  };
  expect(await asked('mallory', 'POST', CORE(PROJECT, 'secrets'), secret)).toMatch(
    /^403 .* cannot set blockOwnerDeletion/,
  );
});
