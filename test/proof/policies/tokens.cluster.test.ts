import { beforeAll, describe, expect, it } from 'vitest';
import { CORE } from '../../support/objects.ts';
import { type Client, PROJECT, startPolicies, unread } from './fixture.ts';

describe('the policies of deploy/', () => {
  const { admin, asked, child } = startPolicies();

  describe('on tokens', () => {
    beforeAll(async () => {
      await admin.create(CORE(PROJECT, 'secrets'), child('Secret'));
      await admin.create(CORE(PROJECT, 'serviceaccounts'), child('ServiceAccount'));
      const account = child('ServiceAccount');
      account.metadata.name = unread(account.metadata.name);
      await admin.create(CORE(PROJECT, 'serviceaccounts'), account);
    });

    const mint = (who: Client, account: string, spec: object) =>
      asked(who, 'POST', `${CORE(PROJECT, 'serviceaccounts')}/${account}/token`, { spec });

    it.each(['backend', 'controller'] as const)(
      "let the %s mint a run's, bound to its Secret, and no other",
      async (who) => {
        const { name } = child('ServiceAccount').metadata;
        const secret = await admin.get(`${CORE(PROJECT, 'secrets')}/${name}`);
        const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name, uid: secret.body.metadata.uid };
        expect(await mint(who, name, { boundObjectRef })).toBe('done');
        const bound = "the token of a run is bound to the run's Secret by name and UID";
        expect(await mint(who, name, {})).toBe(bound);
        expect(await mint(who, name, { boundObjectRef: { ...boundObjectRef, name: 'other' } })).toBe(bound);
        for (const other of ['default', unread(name)])
          expect([other, await mint(who, other, { boundObjectRef })]).toEqual([
            other,
            'Writ mints tokens only for the service accounts of runs',
          ]);
        const living = (expirationSeconds: number) => mint(who, name, { boundObjectRef, expirationSeconds });
        expect(await living(604_800)).toBe('done');
        expect(await living(604_801)).toBe('the token of a run is valid for at most seven days');
        for (const audience of [
          'sts.amazonaws.com',
          'api://AzureADTokenExchange',
          '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b',
          'https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/a/providers/b',
          'a-project.svc.id.goog',
        ])
          expect([audience, await mint(who, name, { boundObjectRef, audiences: [audience] })]).toEqual([
            audience,
            "the token of a run does not have the audience of a cloud's token exchange",
          ]);
      },
    );
  });
});
