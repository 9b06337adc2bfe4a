import { describe, expect, it, onTestFinished } from 'vitest';
import { runName } from '../../../src/sessions/run/run-objects.ts';
import { PATHS, RUN_KINDS, type RunKind } from '../../controller/fixture.ts';
import { eventually } from '../../support/eventually.ts';
import { CORE } from '../../support/objects.ts';
import { type AnyObject, type Client, merge, PROJECT, startPolicies, unread, WRITS } from './fixture.ts';
import { container, FORGED_JOBS } from './forged-jobs.ts';
import { FORGED_OBJECTS, OWNED } from './forged-objects.ts';

describe('the policies of deploy/', () => {
  const policies = startPolicies();
  const { admin, asked, child } = policies;

  describe('on runs', () => {
    const create = (who: Client, kind: RunKind, object: AnyObject) =>
      asked(who, 'POST', PATHS[kind](PROJECT), object);

    it.each(['backend', 'controller'] as const)('let the %s make one', async (who) => {
      for (const kind of ['Secret', 'ServiceAccount', 'Job'] as const)
        expect([kind, await create(who, kind, child(kind))]).toEqual([kind, 'done']);
      const role = child('Role');
      role.metadata.name = runName(policies.uid, 2);
      expect(await create(who, 'Role', role)).toBe('done');
    });

    it('let it make one whose container repeats what holds for its pod', async () => {
      const job = child('Job');
      job.spec.activeDeadlineSeconds = 604_800;
      const seccompProfile = { type: 'RuntimeDefault' };
      Object.assign(container(job).securityContext, { runAsNonRoot: true, seccompProfile });
      expect(await create('backend', 'Job', job)).toBe('done');
    });

    it('let it make one whose user and group the cluster chooses', async () => {
      const job = child('Job');
      const { securityContext } = job.spec.template.spec;
      for (const field of ['runAsUser', 'fsGroup']) delete securityContext[field];
      for (const who of ['backend', 'controller'] as const)
        expect(await create(who, 'Job', job)).toBe('done');
    });

    it('let it make one with the pull secrets that the administrator has chosen, and no other', async () => {
      const allow = (names: string) =>
        admin.send(
          'PATCH',
          '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/writ-runs',
          [
            { op: 'test', path: '/spec/variables/0/name', value: 'imagePullSecrets' },
            { op: 'replace', path: '/spec/variables/0/expression', value: names },
          ],
          { 'content-type': 'application/json-patch+json' },
        );
      const job = (...names: string[]) => {
        const made = child('Job');
        made.spec.template.spec.imagePullSecrets = names.map((name) => ({ name }));
        return made;
      };
      const REFUSED = /^the Job of a run pulls its image only with the Secrets/;
      onTestFinished(async () => {
        await allow('[]');
        await eventually(async () =>
          expect(await create('backend', 'Job', job('registry'))).toMatch(REFUSED),
        );
      });
      expect((await allow("['registry']")).status).toBe(200);
      // The API server reads policies with a delay.
      await eventually(async () => expect(await create('backend', 'Job', job('registry'))).toBe('done'));
      expect(await create('backend', 'Job', job('registry', 'ambient-runner-secrets'))).toMatch(REFUSED);
    });

    it.each([...FORGED_OBJECTS, ...FORGED_JOBS])(
      'let Writ make no %s %s',
      async (kind, _, spoil, refused) => {
        const object = child(kind);
        spoil(object);
        for (const who of ['backend', 'controller'] as const)
          expect(await create(who, kind, object)).toMatch(refused);
      },
    );

    it("let the controller touch no Secret but a run's, which is deleted by its UID", async () => {
      const secrets = CORE(PROJECT, 'secrets');
      const foreign = `${secrets}/ambient-runner-secrets`;
      expect(await asked('controller', 'PATCH', foreign, { data: { token: 'eA==' } }, merge)).toMatch(OWNED);
      expect(await asked('backend', 'PATCH', foreign, { data: { token: 'eA==' } }, merge)).toMatch(OWNED);
      const { uid } = (await admin.get(foreign)).body.metadata;
      const dryRun = ['All'];
      expect(await asked('controller', 'DELETE', foreign, { dryRun, preconditions: { uid } })).toMatch(OWNED);

      const own = await admin.create(secrets, child('Secret'));
      const path = `${secrets}/${own.metadata.name}`;
      const preconditions = { uid: own.metadata.uid };
      // What others have put there does not keep Writ from replacing the token, and from deleting it.
      await admin.patch(path, { metadata: { annotations: { note: 'a' } }, data: { password: 'eA==' } });
      expect(await asked('controller', 'PATCH', path, { data: { token: 'eA==' } }, merge)).toBe('done');
      expect(await asked('controller', 'DELETE', path, { dryRun, preconditions })).toBe('done');
      expect(await asked('controller', 'DELETE', path)).toBe(
        'Writ deletes objects of a run only with their UID as a precondition',
      );
    });
  });

  describe('on what an orphaning deletion of a session has left', () => {
    /** An object of a run without an owner. */
    async function deleteOwnerless(who: Client, kind: RunKind, name: string, byUid = true) {
      const object = child(kind);
      object.metadata.name = name;
      delete object.metadata.ownerReferences;
      for (const named of [object.roleRef, object.subjects?.[0]]) if (named) named.name = name;
      const stored = await admin.create(PATHS[kind](PROJECT), object);
      const path = `${PATHS[kind](PROJECT)}/${name}`;
      const { uid } = stored.metadata;
      const options = { dryRun: ['All'], ...(byUid && { preconditions: { uid } }) };
      const answer = await asked(who, 'DELETE', path, options);
      await admin.delete(path, { propagationPolicy: 'Background' });
      return answer;
    }
    const REFUSED = /^(objects that Writ writes in a project have one owner|Writ binds only)/;

    it.each(RUN_KINDS)('let the controller delete a %s by its UID', async (kind) => {
      const name = runName(policies.uid, 4);
      expect(await deleteOwnerless('controller', kind, name)).toBe('done');
      expect(await deleteOwnerless('controller', kind, name, false)).toMatch(/only with their UID/);
    });

    it.each(RUN_KINDS)('let it delete no %s with another name', async (kind) => {
      for (const name of ['agent', `my-${runName(policies.uid, 4)}`, unread(runName(policies.uid, 4))])
        expect([name, await deleteOwnerless('controller', kind, name)]).toEqual([
          name,
          expect.stringMatching(REFUSED),
        ]);
    });

    it('let the backend delete nothing, and nobody change it', async () => {
      expect(await deleteOwnerless('backend', 'Job', runName(policies.uid, 4))).toMatch(REFUSED);
      const secret = child('Secret');
      secret.metadata.name = runName(policies.uid, 5);
      delete secret.metadata.ownerReferences;
      const { metadata } = await admin.create(PATHS.Secret(PROJECT), secret);
      for (const who of ['backend', 'controller'] as const)
        expect(
          await asked(
            who,
            'PATCH',
            `${PATHS.Secret(PROJECT)}/${metadata.name}`,
            { data: { token: 'eA==' } },
            merge,
          ),
        ).toMatch(REFUSED);
    });
  });

  describe('on the token of a run, which Writ replaces and does not read', () => {
    const REPLACED = /^of a run's Secret, Writ changes nothing but the token/;
    // The API server refuses the name of a subresource that is as long as a token before it asks the policies.
    const REFUSED =
      /^(of a run's Secret|a patch by Writ|Writ changes|Writ annotates|the Secret of a run|403 .* ownerRef|422 .* Too long)/;
    /** As long as a token is. */
    const OLD = Buffer.from('s3cret '.repeat(130)).toString('base64');
    const json = { 'content-type': 'application/json-patch+json' };
    let path: string;

    async function secret(number: number) {
      const made = child('Secret');
      made.metadata.name = runName(policies.uid, number);
      const { metadata } = await admin.create(CORE(PROJECT, 'secrets'), { ...made, data: { token: OLD } });
      path = `${CORE(PROJECT, 'secrets')}/${metadata.name}`;
    }
    const copies = (to: string, ...more: object[]) => [
      { op: 'copy', from: '/data/token', path: to },
      { op: 'replace', path: '/data/token', value: 'bmV3' },
      ...more,
    ];

    it.each(['backend', 'controller'] as const)(
      'lets the %s see no token that it has not sent',
      async (who) => {
        await secret(who === 'backend' ? 6 : 7);
        const attempts: [object, object][] = [
          [{}, merge],
          [{ data: { token: OLD } }, merge],
          [{ metadata: { annotations: { [`${WRITS}request-id`]: 'x' } } }, merge],
          [{ metadata: { annotations: { [`${WRITS}x`]: 'x' } }, data: { token: 'bmV3' } }, merge],
          [{ data: { token: null } }, merge],
          [{ data: { token: '' } }, merge],
          [[{ op: 'test', path: '/data/token', value: OLD }], json],
          ...[
            `/metadata/annotations/${WRITS.replace('/', '~1')}x`,
            '/metadata/ownerReferences/0/name',
            '/metadata/managedFields/0/subresource',
            '/data/other',
          ].map((to): [object, object] => [copies(to), json]),
        ];
        for (const [body, headers] of attempts) {
          const answer = await asked(who, 'PATCH', path, body, headers as Record<string, string>);
          expect([body, answer]).toEqual([body, expect.stringMatching(REFUSED)]);
        }
        expect((await admin.get(path)).body.data).toEqual({ token: OLD });
        expect(await asked(who, 'PATCH', path, { data: { token: 'bmV3' } }, merge)).toBe('done');
        expect(await asked(who, 'PATCH', path, { metadata: { labels: { x: 'y' } } }, merge)).toMatch(
          REPLACED,
        );
        await admin.delete(path);
      },
    );
  });

  describe('on what others add', () => {
    it('let the controller delete a service account with pull secrets', async () => {
      const account = child('ServiceAccount');
      account.metadata.name = runName(policies.uid, 3);
      account.metadata.annotations['openshift.io/internal-registry-pull-secret-ref'] = 'pull';
      const { metadata } = await admin.create(CORE(PROJECT, 'serviceaccounts'), {
        ...account,
        imagePullSecrets: [{ name: 'pull' }],
        secrets: [{ name: 'pull' }],
      });
      const options = { dryRun: ['All'], preconditions: { uid: metadata.uid } };
      const path = `${CORE(PROJECT, 'serviceaccounts')}/${metadata.name}`;
      expect(await asked('controller', 'DELETE', path, options)).toBe('done');
    });
  });
});
