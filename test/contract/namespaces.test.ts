import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { NAMESPACES, named } from '../support/objects.ts';
import { contractCluster } from './fixture.ts';

const cluster = contractCluster();

const gone = (path: string) =>
  eventually(async () => expect((await cluster.admin.get(path)).status).toBe(404));

describe('a namespace', () => {
  it('has a service account named default, which is created again if it is deleted', async () => {
    const { core } = await cluster.newProject();
    const account = `${core('serviceaccounts')}/default`;
    const { metadata } = await eventually(async () => {
      const { status, body } = await cluster.admin.get(account);
      expect(status).toBe(200);
      return body;
    });
    await cluster.admin.delete(account);
    await eventually(async () => {
      const { body } = await cluster.admin.get(account);
      expect(body.metadata?.uid).not.toBe(metadata.uid);
      expect(body.kind).toBe('ServiceAccount');
    });
  });

  it('is Active, and labelled with its name', async () => {
    const { name } = await cluster.newProject();
    const { body } = await cluster.admin.get(`${NAMESPACES}/${name}`);
    expect(body).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': name, 'ambient-code.io/managed': 'true' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });

  it('goes with all that is in it, and takes nothing new meanwhile', async () => {
    const { name, core } = await cluster.newProject();
    const maps = core('configmaps');
    await cluster.admin.create(maps, named('free'));
    await cluster.admin.create(maps, { metadata: { name: 'held', finalizers: ['example.com/wait'] } });
    const { status, body } = await cluster.admin.delete(`${NAMESPACES}/${name}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
    expect(body.metadata.deletionTimestamp).toBeDefined();
    const late = await cluster.admin.post(maps, named('late'));
    expect(late.status).toBe(403);
    expect(late.body.details.causes[0]).toMatchObject({
      reason: 'NamespaceTerminating',
      field: 'metadata.namespace',
    });
    const again = await cluster.admin.post(NAMESPACES, named(name));
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ reason: 'AlreadyExists' });
    expect(again.body.message).toBe(`object is being deleted: namespaces "${name}" already exists`);
    await gone(`${maps}/free`);
    expect((await cluster.admin.get(`${NAMESPACES}/${name}`)).status).toBe(200);
    await cluster.admin.patch(`${maps}/held`, { metadata: { finalizers: null } });
    await gone(`${NAMESPACES}/${name}`);
  });

  it('is deleted under preconditions', async () => {
    const { name } = await cluster.newProject();
    const path = `${NAMESPACES}/${name}`;
    const { metadata } = (await cluster.admin.get(path)).body;
    const remove = async (preconditions: object) =>
      (await cluster.admin.delete(path, { preconditions })).status;
    expect(await remove({ uid: 'other' })).toBe(409);
    expect(await remove({ uid: metadata.uid, resourceVersion: '1' })).toBe(409);
    expect(await remove({ uid: metadata.uid, resourceVersion: metadata.resourceVersion })).toBe(200);
    await gone(path);
  });

  it('is deleted by whom a RoleBinding in it allows that', async () => {
    const project = await cluster.newProject();
    const path = `${NAMESPACES}/${project.name}`;
    expect((await cluster.as('alice').delete(path)).status).toBe(403);
    await cluster.allow(project, 'alice', [
      { apiGroups: [''], resources: ['namespaces'], verbs: ['delete'] },
    ]);
    expect((await cluster.as('alice').delete(path)).status).toBe(200);
  });

  it.each(['default', 'kube-system'])('%s stays', async (name) => {
    expect((await cluster.admin.delete(`${NAMESPACES}/${name}`)).status).toBe(403);
  });
});
