import { beforeAll, describe, expect, it } from 'vitest';
import { RBAC } from '../../support/objects.ts';
import { OUTSIDE, PROJECT, type Spoil, startPolicies, unread } from './fixture.ts';

describe('the policies of deploy/', () => {
  const { admin, asked, child } = startPolicies();

  describe('on namespaces', () => {
    const create = (name: string, labels: object) =>
      asked('backend', 'POST', '/api/v1/namespaces', { metadata: { name, labels } });
    const managed = { 'ambient-code.io/managed': 'true' };
    const remove = async (name: string, preconditions?: object) =>
      asked('backend', 'DELETE', `/api/v1/namespaces/${name}`, {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        // With a body the query is not read.
        dryRun: ['All'],
        ...(preconditions && { preconditions }),
      });
    const versionOf = async (name: string) => {
      const { uid, resourceVersion } = (await admin.get(`/api/v1/namespaces/${name}`)).body.metadata;
      return { uid, resourceVersion };
    };

    it('let Writ create projects, and no others', async () => {
      expect(await create('new-project', managed)).toBe('done');
      expect(await create('new-namespace', {})).toMatch(/^Writ creates and deletes only namespaces with/);
      for (const name of ['kube-x', 'openshift-x'])
        expect([name, await create(name, managed)]).toEqual([
          name,
          'Writ creates and deletes no system namespaces',
        ]);
    });

    it('let Writ delete a project as it was read, and nothing else', async () => {
      expect(await remove(PROJECT, await versionOf(PROJECT))).toBe('done');
      expect(await remove(PROJECT)).toBe(
        'Writ deletes a namespace only with its UID and resourceVersion as preconditions',
      );
      for (const name of [OUTSIDE, 'writ-system'])
        expect(await remove(name, await versionOf(name))).toMatch(/^Writ creates and deletes only/);
    });
  });

  describe('on role bindings', () => {
    beforeAll(async () => {
      const role = child('Role');
      for (const name of [role.metadata.name, unread(role.metadata.name), 'session-other-1'])
        await admin.create(RBAC(PROJECT, 'roles'), { ...role, metadata: { ...role.metadata, name } });
    });

    const binding = (role: string, subject: object, kind = 'ClusterRole') => ({
      metadata: { name: 'a-binding' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: role },
      subjects: [subject],
    });
    const account = (name: string, namespace = 'writ-system') => ({
      kind: 'ServiceAccount',
      namespace,
      name,
    });
    const user = (name: string) => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name });
    const bind = (object: object, namespace = PROJECT) =>
      asked('backend', 'POST', RBAC(namespace, 'rolebindings'), object);
    const ONLY = /^Writ binds only writ-backend-project to its API's service account/;
    const BACKEND = binding('writ-backend-project', account('writ-api'));
    const CONTROLLER = binding('writ-controller-project', account('writ-controller'));

    it('let Writ bind what a project has', async () => {
      for (const object of [
        BACKEND,
        CONTROLLER,
        binding('ambient-project-admin', user('carol')),
        child('RoleBinding'),
      ])
        expect([object, await bind(object)]).toEqual([object, 'done']);
    });

    it('let it bind that to nobody else', async () => {
      const two = { ...BACKEND, subjects: [account('writ-api'), user('mallory')] };
      for (const object of [
        binding('writ-backend-project', account('writ-controller')),
        binding('writ-controller-project', account('writ-api')),
        binding('writ-backend-project', account('writ-api', PROJECT)),
        binding('writ-backend-project', user('mallory')),
        binding('ambient-project-admin', user('mallory')),
        binding('ambient-project-admin', account('default', PROJECT)),
        two,
        { ...BACKEND, subjects: [] },
      ])
        expect([object, await bind(object)]).toEqual([object, expect.stringMatching(ONLY)]);
    });

    it.each<[string, Spoil]>([
      ['another subject', (object) => object.subjects.push(user('mallory'))],
      ['a subject elsewhere', ({ subjects }) => Object.assign(subjects[0], { namespace: OUTSIDE })],
      ["another run's role", ({ roleRef }) => Object.assign(roleRef, { name: 'session-other-1' })],
      ['no owner', ({ metadata }) => delete metadata.ownerReferences],
      ['a name without its owner', ({ metadata }) => Object.assign(metadata, { name: 'session-x' })],
      [
        'a number that the controller would not read',
        ({ metadata, roleRef, subjects }) => {
          for (const named of [metadata, roleRef, subjects[0]]) named.name = unread(named.name);
        },
      ],
    ])("let a run's binding have not %s", async (_, spoil) => {
      const object = child('RoleBinding');
      spoil(object);
      expect(await bind(object)).toMatch(ONLY);
    });

    it.each([
      ['its own', () => BACKEND],
      ["a run's", () => child('RoleBinding')],
    ])('let it give no finalizer to %s', async (_, bindingOf) => {
      const object = bindingOf();
      const metadata = { ...object.metadata, finalizers: ['writ.test/hold'] };
      expect(await bind({ ...object, metadata })).toBe('Writ sets no finalizers on role bindings');
    });

    it('let it bind nothing outside of projects, nor the controller itself', async () => {
      const own = { metadata: { name: 'a-binding' } };
      expect(await bind({ ...BACKEND, ...own }, OUTSIDE)).toMatch(
        /^Writ binds roles only in namespaces with/,
      );
      const self = await asked('controller', 'POST', RBAC(PROJECT, 'rolebindings'), CONTROLLER);
      expect(self).toMatch(/^(Writ binds only|403 )/);
    });
  });
});
