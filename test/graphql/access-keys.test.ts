import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CORE, RBAC } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { allow, bind, putProject } from '../support/put-objects.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const KEY = 'id name description role createdAt expiresAt createdBy { userId verified }';
const KEYS = `query ($project: String!) { project(name: $project) { accessKeys { ${KEY} } } }`;
const CREATE = `mutation ($input: CreateAccessKeyInput!) {
  createAccessKey(input: $input) { token shortened accessKey { ${KEY} } }
}`;
const DELETE = `mutation ($project: String!, $name: String!) {
  deleteAccessKey(project: $project, name: $name) { deletedId }
}`;
const NODE = 'query ($id: ID!) { node(id: $id) { id ... on AccessKey { name } } }';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const rolebindings = (project: string, name: string) => `${RBAC(project, 'rolebindings')}/access-key-${name}`;
const account = (project: string, name: string) => `${CORE(project, 'serviceaccounts')}/access-key-${name}`;

describe('access keys', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const project = 'automated';
  beforeAll(async () => {
    for (const name of [project, 'as-edit']) await putProject(admin, name);
    await bind(admin, project, 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'alice' });
  });
  beforeEach(() => writ.proxy.set(async (_, forward) => forward()));

  type Who = Parameters<typeof writ.as>[0];
  const create = (who: Who, input: object) =>
    writ.as(who, CREATE, { input: { project, role: 'VIEW', expiresAt: inDays(1), ...input } });
  const created = async (input: object) => {
    const { data, errors } = await create('alice', input);
    expect(errors).toBeUndefined();
    return data.createAccessKey;
  };
  const remove = (who: Who, name: string) => writ.as(who, DELETE, { project, name });
  const keys = async () => {
    const { data, errors } = await writ.as('alice', KEYS, { project });
    expect(errors).toBeUndefined();
    return data.project.accessKeys as { name: string }[];
  };
  const withToken = async (token: string, query: string) => {
    const response = await fetch(writ.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    return response.json() as Promise<{
      data?: Record<string, unknown>;
      errors?: { extensions: { code: string } }[];
    }>;
  };

  it('are tokens with a role, for programs', async () => {
    const { token, shortened, accessKey } = await created({
      name: 'ci',
      description: 'For the pipeline',
      role: 'EDIT',
    });
    expect(shortened).toBe(false);
    expect(accessKey).toMatchObject({
      name: 'ci',
      description: 'For the pipeline',
      role: 'EDIT',
      createdBy: { userId: 'alice', verified: false },
    });
    expect(Math.abs(Date.parse(accessKey.expiresAt) - Date.parse(inDays(1)))).toBeLessThan(60_000);
    const used = await withToken(
      token,
      `{ viewer { username } project(name: "${project}") { sessions { nodes { name } } } }`,
    );
    expect(used.errors).toBeUndefined();
    expect(used.data).toMatchObject({
      viewer: { username: `system:serviceaccount:${project}:access-key-ci` },
    });
    expect(await keys()).toContainEqual(accessKey);
    const { data } = await writ.as('alice', NODE, { id: accessKey.id });
    expect(data.node).toEqual({ id: accessKey.id, name: 'ci' });
  });

  it('are made by the user alone, the binding last, which the service account owns', async () => {
    const { requests } = await writ.requestsDuring(() => created({ name: 'in-order' }));
    const writes = requests.filter(
      ({ verb, resource }) => verb === 'create' && !resource.startsWith('selfsubject'),
    );
    expect(writes.map(({ user, resource, subresource }) => [user, resource, subresource])).toEqual([
      ['alice', 'serviceaccounts', undefined],
      ['alice', 'serviceaccounts', 'token'],
      ['alice', 'rolebindings', undefined],
    ]);
    const { uid } = (await admin.must('GET', account(project, 'in-order'))).metadata;
    const { metadata } = await admin.must('GET', rolebindings(project, 'in-order'));
    expect(metadata.ownerReferences).toMatchObject([{ kind: 'ServiceAccount', uid }]);
    expect(metadata.ownerReferences[0]).not.toHaveProperty('blockOwnerDeletion');
  });

  it('say the expiry that the cluster has returned, and that it is shorter', async () => {
    const earlier = inDays(0.5);
    writ.proxy.set(async ({ path }, forward) => {
      const reply = await forward();
      const { status } = reply.body as { status?: { expirationTimestamp?: string } };
      if (path.includes('/token') && status) status.expirationTimestamp = earlier;
      return reply;
    });
    const { shortened, accessKey } = await created({ name: 'capped', expiresAt: inDays(300) });
    expect([shortened, accessKey.expiresAt]).toEqual([true, earlier]);
    expect(await keys()).toContainEqual(accessKey);
  });

  it.each(['serviceaccounts/access-key-half/token', 'rolebindings'])(
    'leave nothing behind where the cluster fails at %s',
    async (failing) => {
      const role = RBAC(project, 'rolebindings');
      const before = (await admin.must('GET', role)).items.length;
      writ.proxy.set(async ({ method, path }, forward) =>
        method === 'POST' && path.split('?')[0]?.endsWith(failing)
          ? { status: 500, body: { kind: 'Status', status: 'Failure', code: 500 } }
          : forward(),
      );
      expect(codeOf(await create('alice', { name: 'half' }))).toBe('UNAVAILABLE');
      expect((await admin.get(account(project, 'half'))).status).toBe(404);
      expect((await admin.must('GET', role)).items).toHaveLength(before);
    },
  );

  it('are not created twice, and take no service account that was there', async () => {
    await created({ name: 'once' });
    expect(codeOf(await create('alice', { name: 'once' }))).toBe('CONFLICT');
    await admin.create(CORE(project, 'serviceaccounts'), { metadata: { name: 'access-key-squatted' } });
    expect(codeOf(await create('alice', { name: 'squatted' }))).toBe('CONFLICT');
    expect(codeOf(await remove('alice', 'squatted'))).toBe('NOT_FOUND');
    expect((await admin.get(account(project, 'squatted'))).status).toBe(200);
  });

  it('get no role that a binding gives to their name already', async () => {
    await bind(admin, project, 'ClusterRole/ambient-project-admin', {
      kind: 'ServiceAccount',
      namespace: project,
      name: 'access-key-left-over',
    });
    expect(codeOf(await create('alice', { name: 'left-over' }))).toBe('CONFLICT');
    expect((await admin.get(account(project, 'left-over'))).status).toBe(404);
  });

  it('end with their deletion', async () => {
    const { token, accessKey } = await created({ name: 'short-lived' });
    const { data, errors } = await remove('alice', 'short-lived');
    expect(errors).toBeUndefined();
    expect(data.deleteAccessKey.deletedId).toBe(accessKey.id);
    expect((await admin.get(account(project, 'short-lived'))).status).toBe(404);
    expect((await admin.get(rolebindings(project, 'short-lived'))).status).toBe(404);
    const used = await withToken(token, `{ session(project: "${project}", name: "x") { name } }`);
    expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(used.errors?.[0]?.extensions.code);
    expect(codeOf(await remove('alice', 'short-lived'))).toBe('NOT_FOUND');
  });

  it.each([
    [{ name: 'x'.repeat(53) }, 'input.name'],
    [{ name: '../x' }, 'input.name'],
    [{ name: 'x', expiresAt: inDays(366) }, 'input.expiresAt'],
    [{ name: 'x', expiresAt: new Date(Date.now() + 590_000).toISOString() }, 'input.expiresAt'],
    [{ name: 'x', expiresAt: inDays(-1) }, 'input.expiresAt'],
    [{ name: 'x', description: 'x'.repeat(1_025) }, 'input.description'],
    [{ name: 'x', role: 'ADMIN' }, 'input.role'],
  ])('are not created with %j', async (input, path) => {
    const { errors } = await create('alice', input);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it.each([
    ['alice', 'as-edit', 'edit'],
    ['victor', project, 'view'],
    ['mallory', project, 'nothing'],
  ] as const)('are nothing for %s, who has %3$s in %2$s', async (who, name, _) => {
    const answers = [
      await writ.as(who, KEYS, { project: name }),
      await create(who, { project: name, name: 'of-a-stranger' }),
      await writ.as(who, DELETE, { project: name, name: 'ci' }),
    ];
    expect(answers.map(codeOf)).toEqual(answers.map(() => 'FORBIDDEN'));
    expect((await admin.get(account(name, 'of-a-stranger'))).status).toBe(404);
  });

  it('get no role above that of the user: what was made before is gone', async () => {
    const name = 'above';
    await putProject(admin, name);
    await bind(admin, name, 'ClusterRole/ambient-project-view', { kind: 'User', name: 'mallory' });
    const rbac = 'rbac.authorization.k8s.io';
    await allow(admin, name, 'mallory', [
      { apiGroups: [rbac], resources: ['rolebindings'], verbs: ['get', 'list', 'create', 'delete'] },
      { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'create', 'delete'] },
      { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
    ]);
    expect(codeOf(await create('mallory', { project: name, name: 'k', role: 'EDIT' }))).toBe('FORBIDDEN');
    expect((await admin.get(account(name, 'k'))).status).toBe(404);
    expect((await create('mallory', { project: name, name: 'k', role: 'VIEW' })).errors).toBeUndefined();
  });

  it('that have another form than Writ gives them are none', async () => {
    const labels = { 'ambient-code.io/access-key': 'true' };
    const roleRef = {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: 'ambient-project-edit',
    };
    const subject = { kind: 'ServiceAccount', namespace: project, name: 'default' };
    for (const name of ['access-key-forged', 'forged'])
      await admin.create(RBAC(project, 'rolebindings'), {
        metadata: { name, labels },
        roleRef,
        subjects: [subject],
      });
    expect((await keys()).map(({ name }) => name)).not.toContain('forged');
  });
});

describe('access keys of admins', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_ADMIN_ACCESS_KEYS: 'true' } });

  it('are created where the administrator of Writ allows it', async () => {
    await putProject(writ.kubernetes('admin'), 'allowed');
    const input = { project: 'allowed', name: 'k', role: 'ADMIN', expiresAt: inDays(1) };
    const { data, errors } = await writ.as('admin', CREATE, { input });
    expect(errors).toBeUndefined();
    expect(data.createAccessKey.accessKey.role).toBe('ADMIN');
  });
});
