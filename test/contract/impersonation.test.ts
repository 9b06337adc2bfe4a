import { describe, expect, it } from 'vitest';
import { contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
const WHO = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

async function whoIs(headers: Record<string, string>) {
  const { status, body } = await cluster.admin.send('POST', WHO, '{}', {
    'content-type': 'application/json',
    ...headers,
  });
  return [status, body.status?.userInfo ?? body.reason];
}

describe('a request that impersonates', () => {
  it('is made as the user and the groups of its headers', async () => {
    expect(await whoIs({ 'impersonate-user': 'alice' })).toEqual([
      201,
      { username: 'alice', groups: ['system:authenticated'] },
    ]);
    const headers = { 'impersonate-user': 'x', 'impersonate-uid': 'u', 'impersonate-extra-a.b%2fc': 'one' };
    expect(await whoIs({ ...headers, 'impersonate-group': 'g' })).toEqual([
      201,
      { username: 'x', uid: 'u', groups: ['g', 'system:authenticated'], extra: { 'a.b/c': ['one'] } },
    ]);
  });

  it('has the groups of a service account by its name', async () => {
    const username = `system:serviceaccount:${project.name}:some`;
    expect(await whoIs({ 'impersonate-user': username })).toEqual([
      201,
      {
        username,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${project.name}`, 'system:authenticated'],
      },
    ]);
  });

  it('is 400 without a user', async () => {
    expect(await whoIs({ 'impersonate-group': 'g' })).toEqual([400, 'BadRequest']);
  });

  it('may do what that user may, and no more', async () => {
    const as = (user: string) => cluster.admin.get(project.core('pods'), { 'impersonate-user': user });
    expect((await as('alice')).status).toBe(200);
    const { status, body } = await as('mallory');
    expect(status).toBe(403);
    expect(body.message).toContain('User "mallory" cannot list resource "pods"');
  });

  it('is 403 without the right to, even as oneself with another group', async () => {
    const alice = cluster.as('alice');
    for (const headers of [
      { 'impersonate-user': 'victor' },
      { 'impersonate-user': 'alice', 'impersonate-group': 'system:masters' },
      { 'impersonate-user': `system:serviceaccount:${project.name}:default` },
    ]) {
      expect((await alice.get(project.core('pods'), headers as Record<string, string>)).status).toBe(403);
    }
  });

  it('needs a right for each group and each UID', async () => {
    const name = `impersonators-${project.name}`;
    const role = (resources: string[]) => ({
      metadata: { name },
      rules: [{ apiGroups: [''], resources, verbs: ['impersonate'] }],
    });
    const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
    await cluster.admin.create(roles, role(['users']));
    await cluster.admin.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'mallory' }],
    });
    const get = async (headers: Record<string, string>) =>
      (await cluster.as('mallory').get(project.core('pods'), { 'impersonate-user': 'alice', ...headers }))
        .status;
    await expect.poll(() => get({}), { timeout: 30_000 }).toBe(200);
    expect(await get({ 'impersonate-group': 'g' })).toBe(403);
    expect(await get({ 'impersonate-uid': 'u' })).toBe(403);
    expect(await get({ 'impersonate-extra-scopes': 'u' })).toBe(403);
    await cluster.admin.delete(`/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${name}`);
    await cluster.admin.delete(`${roles}/${name}`);
  });
});
