import { beforeAll, describe, expect, it } from 'vitest';
import { RBAC } from '../../support/objects.ts';
import { merge, OUTSIDE, PROJECT, SOME_UID, type Spoil, startPolicies, unread, WRITS } from './fixture.ts';

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
      const finalizers = ['writ.test/hold'];
      const held = { metadata: { name: 'held-back', labels: managed, finalizers } };
      expect(await asked('backend', 'POST', '/api/v1/namespaces', held)).toBe(
        'Writ sets no finalizers on namespaces',
      );
      for (const name of ['kube-x', 'openshift-x'])
        expect([name, await create(name, managed)]).toEqual([
          name,
          'Writ creates and deletes no system namespaces',
        ]);
    });

    it('let Writ delete a project as it was read, and nothing else', async () => {
      expect(await remove(PROJECT, await versionOf(PROJECT))).toBe('done');
      const { uid } = await versionOf(PROJECT);
      for (const preconditions of [undefined, { uid }])
        expect(await remove(PROJECT, preconditions)).toBe(
          'Writ deletes a namespace only with its UID and resourceVersion as preconditions',
        );
      for (const name of [OUTSIDE, 'writ-system'])
        expect(await remove(name, await versionOf(name))).toMatch(/^Writ creates and deletes only/);
    });

    describe('that exist', () => {
      const patch = async (body: object, type: object = merge, name = PROJECT) =>
        asked('backend', 'PATCH', `/api/v1/namespaces/${name}`, body, type as typeof merge);
      const annotate = (annotations: object) => patch({ metadata: { annotations } });
      const NAME = 'openshift.io/display-name';
      const ONLY_TEXTS = /^Writ changes only the annotations openshift.io\/display-name and/;
      const ONLY = 'Writ changes only two annotations of a namespace';

      it('let Writ set, change and clear two annotations', async () => {
        for (const text of ['A', 'B', null]) {
          expect(await annotate({ [NAME]: text })).toBe('done');
          expect(await annotate({ 'openshift.io/description': text })).toBe('done');
        }
      });

      it('let Writ patch nothing without changing it, and not dryly', async () => {
        expect(await annotate({ [NAME]: 'C' })).toBe('done');
        for (const body of [{}, { metadata: { annotations: { [NAME]: 'C' } } }])
          expect(await patch(body)).toBe('a patch by Writ changes the object');
        const path = `/api/v1/namespaces/${PROJECT}?dryRun=All`;
        const body = { metadata: { annotations: { [NAME]: 'D' } } };
        expect(await asked('backend', 'PATCH', path, body, merge)).toBe(
          'Writ changes objects without dry runs',
        );
      });

      it.each<[string, object, RegExp | string]>([
        ['another annotation', { annotations: { note: 'x' } }, ONLY_TEXTS],
        ['who asked for it', { annotations: { [`${WRITS}requested-by`]: 'mallory' } }, ONLY_TEXTS],
        ['no annotation at all', { annotations: null }, ONLY_TEXTS],
        ['both', { annotations: { [NAME]: 'E', note: 'x' } }, ONLY_TEXTS],
        ['a label', { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } }, ONLY],
        ['a finalizer', { finalizers: ['writ.test/hold'] }, ONLY],
        [
          'an owner',
          { ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: 'demo', uid: SOME_UID }] },
          ONLY,
        ],
      ])('let Writ set nothing else: %s', async (_, metadata, expected) => {
        expect(await patch({ metadata })).toMatch(expected);
      });

      it('let it take no project from Writ, and touch no other namespace', async () => {
        expect(await patch({ metadata: { labels: { [`${WRITS}managed`]: 'false' } } })).toMatch(
          /^Writ creates and deletes only|^Writ changes only/,
        );
        const body = { metadata: { annotations: { [NAME]: 'F' } } };
        expect(await patch(body, merge, OUTSIDE)).toMatch(/^Writ creates and deletes only/);
        // Where it has no binding, RBAC denies it first.
        for (const name of ['writ-system', 'kube-system'])
          expect(await patch(body, merge, name)).toMatch(/^403 /);
      });
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
