import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Body } from '../support/kubernetes-client.ts';
import { NAMESPACES, named, session } from '../support/objects.ts';
import { PEOPLE } from '../support/test-cluster.ts';
import { ACCESS_REVIEWS, allowed, contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();

const WHO_AM_I = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const RULES = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
const TOKEN_REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews';

describe('a SelfSubjectAccessReview', () => {
  it('says what the request would be told', async () => {
    const create = { verb: 'create', group: 'vteam.ambient-code', resource: 'agenticsessions' };
    const another = await cluster.newProject();
    const reader = await cluster.newAccount(another);
    const cases = [
      [cluster.as('alice'), true],
      [cluster.as('victor'), false],
      [reader.client, false],
    ] as const;
    for (const [index, [client, may]] of cases.entries()) {
      expect(await allowed(client, { ...create, namespace: project.name })).toBe(may);
      const { status } = await client.post(project.sessions, session(`reviewed-${index}`));
      expect(status).toBe(may ? 201 : 403);
    }
  });

  it('is answered with 201, the question, allowed, and a reason where it is allowed by a role', async () => {
    const spec = { resourceAttributes: { verb: 'list', resource: 'pods', namespace: project.name } };
    const { status, body } = await cluster.as('victor').post(ACCESS_REVIEWS, { spec });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      spec,
    });
    expect(body.status.allowed).toBe(true);
    expect(body.status.reason).toMatch(
      /^RBAC: allowed by RoleBinding "[^"]+" of ClusterRole "ambient-project-view" to User "victor"$/,
    );
    const denied = await cluster.as('mallory').post(ACCESS_REVIEWS, { spec });
    expect(denied.status).toBe(201);
    expect(denied.body.status).toEqual({ allowed: false });
  });

  it('is open to whoever is authenticated, and to nobody else', async () => {
    const spec = { nonResourceAttributes: { verb: 'get', path: '/version' } };
    expect((await cluster.as('mallory').post(ACCESS_REVIEWS, { spec })).body.status.allowed).toBe(true);
    expect((await cluster.anonymous.post(ACCESS_REVIEWS, { spec })).status).toBe(403);
  });

  it('is about one thing: none or two are 422', async () => {
    const resourceAttributes = { verb: 'get', resource: 'pods' };
    const nonResourceAttributes = { verb: 'get', path: '/version' };
    for (const spec of [{}, { resourceAttributes, nonResourceAttributes }]) {
      const { status, body } = await cluster.as('alice').post(ACCESS_REVIEWS, { spec });
      expect(status).toBe(422);
      expect(body.message).toContain(
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      );
    }
  });
});

describe('how a review must be worded', () => {
  it('a create of a collection has no name: with one, resourceNames say yes where the POST is 403', async () => {
    const { client } = await cluster.newAccount(project, [
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['the-one'], verbs: ['create'] },
    ]);
    const create = { verb: 'create', resource: 'secrets', namespace: project.name };
    expect(await allowed(client, { ...create, name: 'the-one' })).toBe(true);
    expect((await client.post(project.core('secrets'), named('the-one'))).status).toBe(403);
    expect(await allowed(client, create)).toBe(false);
  });

  it('a deletecollection has no name either: with one, resourceNames say yes where the DELETE is 403', async () => {
    const { client } = await cluster.newAccount(project, [
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['the-one'], verbs: ['deletecollection'] },
    ]);
    const clear = { verb: 'deletecollection', resource: 'secrets', namespace: project.name };
    expect(await allowed(client, { ...clear, name: 'the-one' })).toBe(true);
    expect((await client.delete(project.core('secrets'))).status).toBe(403);
    expect(await allowed(client, clear)).toBe(false);
  });

  it("a create of a subresource has the parent's name: without it, no where the POST is 201", async () => {
    const { client } = await cluster.newAccount(project, [
      { apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: ['bot'], verbs: ['create'] },
    ]);
    await cluster.admin.create(project.core('serviceaccounts'), named('bot'));
    await cluster.admin.create(project.core('serviceaccounts'), named('other'));
    const attributes = { verb: 'create', resource: 'serviceaccounts', subresource: 'token' };
    const create = { ...attributes, namespace: project.name };
    expect(await allowed(client, create)).toBe(false);
    expect(await allowed(client, { ...create, name: 'bot' })).toBe(true);
    expect((await client.post(`${project.core('serviceaccounts')}/bot/token`, {})).status).toBe(201);
    expect(await allowed(client, { ...create, name: 'other' })).toBe(false);
    expect((await client.post(`${project.core('serviceaccounts')}/other/token`, {})).status).toBe(403);
  });

  it('one on a namespace has its name as namespace too: without, no where the DELETE passes', async () => {
    const { client } = await cluster.newAccount(project, [
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'delete'] },
    ]);
    for (const verb of ['get', 'delete']) {
      const attributes = { verb, resource: 'namespaces', name: project.name };
      if (verb === 'delete') expect(await allowed(client, attributes)).toBe(false);
      expect(await allowed(client, { ...attributes, namespace: project.name })).toBe(true);
    }
    const path = `${NAMESPACES}/${project.name}`;
    expect((await client.get(path)).status).toBe(200);
    expect((await client.delete(`${path}?dryRun=All`)).status).toBe(200);
    expect((await client.delete(`${NAMESPACES}/default?dryRun=All`)).status).toBe(403);
  });

  it('an update has the name', async () => {
    const { client } = await cluster.newAccount(project, [
      {
        apiGroups: ['vteam.ambient-code'],
        resources: ['agenticsessions'],
        resourceNames: ['mine'],
        verbs: ['patch'],
      },
    ]);
    await cluster.admin.create(project.sessions, session('mine'));
    const attributes = { verb: 'patch', group: 'vteam.ambient-code', resource: 'agenticsessions' };
    const patch = { ...attributes, namespace: project.name };
    expect(await allowed(client, patch)).toBe(false);
    expect(await allowed(client, { ...patch, name: 'mine' })).toBe(true);
    expect((await client.patch(`${project.sessions}/mine`, {})).status).toBe(200);
  });
});

describe('a LocalSubjectAccessReview', () => {
  const path = `/apis/authorization.k8s.io/v1/namespaces/${'NAMESPACE'}/localsubjectaccessreviews`;
  const create = { verb: 'create', group: 'vteam.ambient-code', resource: 'agenticsessions' };
  const ask = (client: typeof cluster.admin, user: string, namespace = project.name, groups: string[] = []) =>
    client.post(path.replace('NAMESPACE', project.name), {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'LocalSubjectAccessReview',
      metadata: { namespace: project.name },
      spec: {
        user,
        uid: '',
        groups,
        extra: { 'example.com/of': ['a-test'] },
        resourceAttributes: { ...create, namespace },
      },
    });

  it('says what another user may do in the namespace, to those who may ask', async () => {
    const backend = cluster.as('backend');
    for (const [user, may] of [
      ['alice', true],
      ['victor', false],
      ['nobody', false],
    ] as const) {
      const { status, body } = await ask(backend, user);
      expect([user, status, body.status.allowed]).toEqual([user, 201, may]);
    }
    expect((await ask(cluster.as('alice'), 'alice')).status).toBe(403);
  });

  it('counts the groups that it names', async () => {
    const group = { kind: 'Group', name: 'editors', apiGroup: 'rbac.authorization.k8s.io' };
    await cluster.allow(project, group, [
      { apiGroups: [create.group], resources: [create.resource], verbs: ['create'] },
    ]);
    const backend = cluster.as('backend');
    expect((await ask(backend, 'nobody')).body.status.allowed).toBe(false);
    await eventually(async () =>
      expect((await ask(backend, 'nobody', project.name, ['editors'])).body.status.allowed).toBe(true),
    );
  });

  it('of another namespace is 422', async () => {
    const { status, body } = await ask(cluster.as('backend'), 'alice', 'default');
    expect(status).toBe(422);
    expect(body.details.causes[0].field).toBe('spec.resourceAttributes.namespace');
  });
});

describe('a SelfSubjectReview', () => {
  it('says who a person is', async () => {
    for (const who of PEOPLE) {
      const { username, uid, groups } = cluster.identities[who];
      const { status, body } = await cluster.as(who).post(WHO_AM_I, {});
      expect(status).toBe(201);
      expect(body.status.userInfo).toEqual({ username, uid, groups });
    }
  });

  it('says of a service account its UID and groups', async () => {
    const { client, name, username } = await cluster.newAccount(project);
    const { body } = await client.post(WHO_AM_I, {});
    const account = await cluster.admin.get(`${project.core('serviceaccounts')}/${name}`);
    expect(body.status.userInfo).toMatchObject({
      username,
      uid: account.body.metadata.uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${project.name}`, 'system:authenticated'],
    });
  });

  it('is forbidden to anonymous requests', async () => {
    expect((await cluster.anonymous.post(WHO_AM_I, {})).status).toBe(403);
  });
});

describe('a SelfSubjectRulesReview', () => {
  it('lists the rules of a namespace, those of the cluster among them', async () => {
    const { client } = await cluster.newAccount(project, [
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['one'], verbs: ['get'] },
    ]);
    const { status, body } = await client.post(RULES, { spec: { namespace: project.name } });
    expect(status).toBe(201);
    expect(body.status.incomplete).toBe(false);
    const rules: Body[] = body.status.resourceRules;
    expect(rules).toContainEqual({
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: ['one'],
      verbs: ['get'],
    });
    const reviews = rules.find(({ resources }) => resources.includes('selfsubjectaccessreviews'));
    expect(reviews).toMatchObject({ apiGroups: ['authorization.k8s.io'], verbs: ['create'] });
  });

  it('without a namespace is 400', async () => {
    expect((await cluster.as('alice').post(RULES, { spec: {} })).status).toBe(400);
  });
});

describe('a TokenReview', () => {
  it('tells a good token from a bad one, to those who may ask', async () => {
    const { token } = cluster.identities.alice;
    const good = await cluster.admin.post(TOKEN_REVIEWS, { spec: { token } });
    expect(good.body.status).toMatchObject({ authenticated: true, user: { username: 'alice' } });
    const bad = await cluster.admin.post(TOKEN_REVIEWS, { spec: { token: 'x' } });
    expect(bad.status).toBe(201);
    expect(bad.body.status.authenticated).toBeUndefined();
    expect((await cluster.as('alice').post(TOKEN_REVIEWS, { spec: { token } })).status).toBe(403);
  });
});
