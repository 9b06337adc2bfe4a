import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Body } from '../support/kubernetes-client.ts';
import { JOB_SPEC, named, ownedBy, session } from '../support/objects.ts';
import { contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
const another = cluster.project();
const maps = project.core('configmaps');

const gone = (path: string) =>
  eventually(async () => expect((await cluster.admin.get(path)).status).toBe(404));
const remains = async (path: string) => expect((await cluster.admin.get(path)).status).toBe(200);

async function child(name: string, metadata: object, path = maps): Promise<string> {
  await cluster.admin.create(path, { metadata: { name, ...metadata } });
  return `${path}/${name}`;
}

/** Until the collector has done with something that it came to know after what was done before. */
async function collected() {
  const owner = await cluster.admin.create(maps, { metadata: { generateName: 'owner-' } });
  const path = await child(`${owner.metadata.name}-child`, ownedBy(owner));
  await cluster.admin.delete(`${maps}/${owner.metadata.name}`);
  await gone(path);
}

describe('the garbage collector', () => {
  it('takes what an object owns along with it, however deep', async () => {
    const owner = await cluster.admin.create(project.sessions, session('owner'));
    const first = await child('first', ownedBy(owner, { controller: true }));
    const second = await child('second', ownedBy((await cluster.admin.get(first)).body));
    await collected();
    await remains(first);
    await cluster.admin.delete(`${project.sessions}/owner`);
    await gone(second);
    await gone(first);
  });

  it('takes what has two owners when both are gone, and forgets one that is', async () => {
    const [a, b] = [
      await cluster.admin.create(maps, named('a')),
      await cluster.admin.create(maps, named('b')),
    ];
    const path = await child('of-two', {
      ownerReferences: [...ownedBy(a).ownerReferences, ...ownedBy(b).ownerReferences],
    });
    await cluster.admin.delete(`${maps}/a`);
    await eventually(async () => {
      const { body } = await cluster.admin.get(path);
      expect(body.metadata.ownerReferences.map(({ uid }: Body) => uid)).toEqual([b.metadata.uid]);
    });
    await cluster.admin.delete(`${maps}/b`);
    await gone(path);
  });

  it('knows an owner by its UID: one of the same name is another', async () => {
    const owner = await cluster.admin.create(project.sessions, session('namesake'));
    await cluster.admin.delete(`${project.sessions}/namesake`);
    await cluster.admin.create(project.sessions, session('namesake'));
    await gone(await child('mistaken', ownedBy(owner)));
  });

  it('knows no owner in another namespace', async () => {
    const owner = await cluster.admin.create(project.sessions, session('far'));
    const near = await child('near', ownedBy(owner));
    await gone(await child('elsewhere', ownedBy(owner), another.core('configmaps')));
    await remains(near);
  });

  it('leaves what has an owner of a version that is not served: it cannot look for it', async () => {
    const owner = await cluster.admin.create(project.sessions, session('outdated'));
    const apiVersion = 'vteam.ambient-code/v1alpha0';
    const other = await cluster.admin.create(maps, named('other-owner'));
    const { ownerReferences } = ownedBy(other);
    const alone = await child('alone', ownedBy({ ...owner, apiVersion }));
    const shared = await child('shared', {
      ownerReferences: [...ownedBy({ ...owner, apiVersion }).ownerReferences, ...ownerReferences],
    });
    await cluster.admin.delete(`${project.sessions}/outdated`);
    await cluster.admin.delete(`${maps}/other-owner`);
    await collected();
    await remains(alone);
    expect((await cluster.admin.get(shared)).body.metadata.ownerReferences).toHaveLength(2);
  });

  it('takes a Secret, a ServiceAccount, a Role, a RoleBinding and a Job of a session', async () => {
    const owner = await cluster.admin.create(project.sessions, session('runs'));
    const metadata = { name: 'run', ...ownedBy(owner, { controller: true }) };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'run' };
    const children = [
      [project.core('secrets'), { metadata }],
      [project.core('serviceaccounts'), { metadata }],
      [project.rbac('roles'), { metadata, rules: [] }],
      [project.rbac('rolebindings'), { metadata, roleRef }],
      [project.jobs, { metadata, spec: { suspend: true, ...JOB_SPEC } }],
    ] as const;
    for (const [path, object] of children) await cluster.admin.create(path, object);
    await cluster.admin.delete(`${project.sessions}/runs`);
    for (const [path] of children) await gone(`${path}/run`);
  });
});

describe('owner references', () => {
  it('are changed by whoever may change the object, and may block the deletion of any owner', async () => {
    const owner = await cluster.admin.create(project.sessions, session('blocked'));
    const changing = { apiGroups: [''], resources: ['secrets'], verbs: ['create', 'patch'] };
    const { client } = await cluster.newAccount(project, [changing]);
    const metadata = { name: 'blocking', ...ownedBy(owner, { blockOwnerDeletion: true }) };
    expect((await client.post(project.core('secrets'), { metadata })).status).toBe(201);
    const patch = { metadata: { ownerReferences: null } };
    expect((await client.patch(`${project.core('secrets')}/blocking`, patch)).status).toBe(200);
  });
});
