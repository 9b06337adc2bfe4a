import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { heldPod, named, ownedBy, session, suspendedJob } from '../support/objects.ts';
import { causes, contractCluster, names } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
const maps = project.core('configmaps');

const gone = (path: string) =>
  eventually(async () => expect((await cluster.admin.get(path)).status).toBe(404));

async function metadataOf(path: string) {
  const { status, body } = await cluster.admin.get(path);
  expect(status).toBe(200);
  return body.metadata;
}

describe('a DELETE', () => {
  it('is answered with a Status of success that has the UID, then with 404', async () => {
    const { metadata } = await cluster.admin.create(project.sessions, session('deleted'));
    const { status, body } = await cluster.admin.delete(`${project.sessions}/deleted`);
    expect(status).toBe(200);
    const details = { group: 'vteam.ambient-code', kind: 'agenticsessions' };
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'deleted', uid: metadata.uid, ...details },
    });
    expect((await cluster.admin.delete(`${project.sessions}/deleted`)).status).toBe(404);
  });

  it('of a pod or a ServiceAccount is answered with the object', async () => {
    await cluster.admin.create(project.core('pods'), heldPod('answered'));
    await cluster.admin.create(project.core('serviceaccounts'), named('answered'));
    const pod = await cluster.admin.delete(`${project.core('pods')}/answered`);
    expect(pod.body).toMatchObject({ kind: 'Pod', metadata: { name: 'answered' } });
    const account = await cluster.admin.delete(`${project.core('serviceaccounts')}/answered`);
    expect(account.body).toMatchObject({ kind: 'ServiceAccount', metadata: { name: 'answered' } });
    await gone(`${project.core('pods')}/answered`);
  });

  it('with dryRun deletes nothing', async () => {
    await cluster.admin.create(maps, named('dry'));
    expect((await cluster.admin.delete(`${maps}/dry?dryRun=All`)).status).toBe(200);
    expect((await cluster.admin.get(`${maps}/dry`)).status).toBe(200);
  });

  it('of a collection deletes what is selected and answers the list', async () => {
    for (const name of ['bulk-1', 'bulk-2', 'other']) {
      const labels = { bulk: name === 'other' ? 'no' : 'yes' };
      await cluster.admin.create(maps, { metadata: { name, labels } });
    }
    const { body } = await cluster.admin.delete(`${maps}?labelSelector=bulk=yes`);
    expect(names(body)).toEqual(['bulk-1', 'bulk-2']);
    await gone(`${maps}/bulk-1`);
    expect((await cluster.admin.get(`${maps}/other`)).status).toBe(200);
  });
});

describe('preconditions', () => {
  it.each([
    ['a session', () => project.sessions, session, 'AgenticSession.vteam.ambient-code'],
    ['a ConfigMap', () => maps, named, 'ConfigMap'],
  ] as const)('of the deletion of %s hold it to a UID and a resourceVersion', async (_, path, make, what) => {
    const { metadata } = await cluster.admin.create(path(), make('guarded'));
    const { uid, resourceVersion } = metadata;
    const remove = (preconditions: object) => cluster.admin.delete(`${path()}/guarded`, { preconditions });
    const another = await remove({ uid: 'other' });
    expect(another.status).toBe(409);
    expect(another.body).toMatchObject({ reason: 'Conflict', details: { name: 'guarded' } });
    expect(another.body.message).toBe(
      `Operation cannot be fulfilled on ${what} "guarded": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
    const stale = await remove({ resourceVersion: '1' });
    expect(stale.status).toBe(409);
    expect(stale.body.message).toBe(
      `Operation cannot be fulfilled on ${what} "guarded": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
    expect((await remove({ uid, resourceVersion })).status).toBe(200);
  });
});

describe('finalizers', () => {
  it('hold a deletion until they are taken away', async () => {
    await cluster.admin.create(maps, { metadata: { name: 'held', finalizers: ['example.com/wait'] } });
    const path = `${maps}/held`;
    const { status, body } = await cluster.admin.delete(path);
    expect(status).toBe(200);
    expect(body.kind).toBe('ConfigMap');
    expect(body.metadata).toMatchObject({
      deletionTimestamp: expect.any(String),
      deletionGracePeriodSeconds: 0,
    });
    const again = await cluster.admin.delete(path);
    expect(again.body.metadata.deletionTimestamp).toBe(body.metadata.deletionTimestamp);
    const more = await cluster.admin.patch(path, {
      metadata: { finalizers: ['example.com/wait', 'example.com/more'] },
    });
    expect(more.status).toBe(422);
    expect(causes(more.body)).toEqual(['metadata.finalizers']);
    expect((await cluster.admin.patch(path, { metadata: { finalizers: null } })).status).toBe(200);
    expect((await cluster.admin.get(path)).status).toBe(404);
  });
});

describe('propagation', () => {
  async function family(name: string, more: object = {}) {
    const owner = await cluster.admin.create(maps, named(name));
    await cluster.admin.create(maps, {
      metadata: { name: `${name}-child`, ...ownedBy(owner, { blockOwnerDeletion: true }), ...more },
    });
    return { owner: `${maps}/${name}`, child: `${maps}/${name}-child` };
  }

  it('in the background the owner goes at once, and what it owns later', async () => {
    const { owner, child } = await family('background', { finalizers: ['example.com/wait'] });
    await cluster.admin.delete(owner, { propagationPolicy: 'Background' });
    expect((await cluster.admin.get(owner)).status).toBe(404);
    await eventually(async () => expect((await metadataOf(child)).deletionTimestamp).toBeDefined());
    await cluster.admin.patch(child, { metadata: { finalizers: null } });
    await gone(child);
  });

  it('in the foreground the owner waits for what blocks its deletion', async () => {
    const { owner, child } = await family('foreground', { finalizers: ['example.com/wait'] });
    const { body } = await cluster.admin.delete(owner, { propagationPolicy: 'Foreground' });
    expect(body.metadata).toMatchObject({
      finalizers: ['foregroundDeletion'],
      deletionTimestamp: expect.any(String),
    });
    await eventually(async () => expect((await metadataOf(child)).deletionTimestamp).toBeDefined());
    expect((await metadataOf(owner)).finalizers).toEqual(['foregroundDeletion']);
    await cluster.admin.patch(child, { metadata: { finalizers: null } });
    await gone(owner);
    await gone(child);
  });

  it('in the foreground it waits for nothing that does not block', async () => {
    const owner = await cluster.admin.create(maps, named('impatient'));
    const finalizers = ['example.com/wait'];
    const child = { metadata: { name: 'impatient-child', ...ownedBy(owner), finalizers } };
    await cluster.admin.create(maps, child);
    await cluster.admin.delete(`${maps}/impatient`, { propagationPolicy: 'Foreground' });
    await gone(`${maps}/impatient`);
    await cluster.admin.patch(`${maps}/impatient-child`, { metadata: { finalizers: null } });
    await gone(`${maps}/impatient-child`);
  });

  it('orphaned, what it owned stays and loses the reference', async () => {
    const { owner, child } = await family('orphan');
    await cluster.admin.delete(`${owner}?propagationPolicy=Orphan`);
    await gone(owner);
    expect((await metadataOf(child)).ownerReferences).toBeUndefined();
  });

  it('of an unknown policy is 422, even of what is not there', async () => {
    const { status, body } = await cluster.admin.delete(`${maps}/none`, { propagationPolicy: 'Sideways' });
    expect(status).toBe(422);
    expect(causes(body)).toEqual(['propagationPolicy']);
    expect((await cluster.admin.delete(`${maps}/none?propagationPolicy=Sideways`)).status).toBe(422);
  });

  it('a Job that is deleted without a policy leaves its pods behind, without their owner', async () => {
    const job = await cluster.admin.create(project.jobs, suspendedJob('raw'));
    await cluster.admin.create(project.core('pods'), heldPod('raw', ownedBy(job)));
    expect((await cluster.admin.delete(`${project.jobs}/raw`)).status).toBe(200);
    await gone(`${project.jobs}/raw`);
    // Until the collector has done with something that came later.
    const { owner, child } = await family('after-raw');
    await cluster.admin.delete(owner);
    await gone(child);
    expect((await metadataOf(`${project.core('pods')}/raw`)).ownerReferences).toBeUndefined();
  });

  it.each(['Background', 'Foreground'])('a Job that is deleted with %s takes them along', async (policy) => {
    const name = policy.toLowerCase();
    const job = await cluster.admin.create(project.jobs, suspendedJob(name));
    const owner = ownedBy(job, { blockOwnerDeletion: true });
    await cluster.admin.create(project.core('pods'), heldPod(name, owner));
    await cluster.admin.delete(`${project.jobs}/${name}`, { propagationPolicy: policy });
    await gone(`${project.core('pods')}/${name}`);
    await gone(`${project.jobs}/${name}`);
  });
});
