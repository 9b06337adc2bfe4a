import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type Body, Client, core, eventually, job, jobs, named, sessions } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
const maps = core('configmaps');

beforeAll(async () => {
  sandbox = await startSandbox({ runner: false, gcMs: 1 });
  admin = new Client(sandbox).as(sandbox.identities.admin);
});
afterAll(() => sandbox.close());

function ownedBy(owner: Body, more = {}) {
  const { name, uid } = owner.metadata;
  return { ownerReferences: [{ apiVersion: owner.apiVersion, kind: owner.kind, name, uid, ...more }] };
}

async function child(name: string, metadata: object, namespace = 'demo'): Promise<string> {
  const path = core('configmaps', namespace);
  expect((await admin.post(path, { metadata: { name, ...metadata } })).status).toBe(201);
  return `${path}/${name}`;
}

const gone = (path: string) => eventually(async () => expect((await admin.get(path)).status).toBe(404));
const there = async (path: string) => expect((await admin.get(path)).status).toBe(200);

/** Until the collector has run after all that was done before. */
async function collected() {
  const { body } = await admin.post(maps, { metadata: { generateName: 'owner-' } });
  const path = await child(`${body.metadata.name}-child`, ownedBy(body));
  await admin.delete(`${maps}/${body.metadata.name}`);
  await gone(path);
}

describe('deleting', () => {
  test('answers with a Status of success', async () => {
    const { body: created } = await admin.post(sessions, named('deleted'));
    const { status, body } = await admin.delete(`${sessions}/deleted`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'deleted', group: 'vteam.ambient-code', uid: created.metadata.uid },
    });
    expect((await admin.delete(`${sessions}/deleted`)).status).toBe(404);
  });

  test('holds to its preconditions', async () => {
    const { body } = await admin.post(maps, named('guarded'));
    const { uid, resourceVersion } = body.metadata;
    const remove = (preconditions: object) => admin.delete(`${maps}/guarded`, { preconditions });
    const wrong = await remove({ uid: 'other' });
    expect(wrong.status).toBe(409);
    expect(wrong.body.message).toContain(
      'Precondition failed: UID in precondition: other, UID in object meta:',
    );
    expect((await remove({ uid, resourceVersion: '1' })).status).toBe(409);
    expect((await remove({ uid, resourceVersion })).status).toBe(200);
  });

  test('waits for finalizers', async () => {
    const path = await child('finalized', { finalizers: ['example.com/wait'] });
    const { body } = await admin.delete(path);
    expect(body.metadata.deletionTimestamp).toBeDefined();
    await there(path);
    await admin.patch(path, { metadata: { finalizers: null } });
    await gone(path);
  });

  test('deletes a selected collection', async () => {
    await child('bulk-1', { labels: { bulk: 'yes' } });
    await child('bulk-2', { labels: { bulk: 'yes' } });
    const { body } = await admin.delete(`${maps}?labelSelector=bulk=yes`);
    expect(body.items).toHaveLength(2);
    await gone(`${maps}/bulk-1`);
  });
});

describe('owner references', () => {
  test('take the dependents along, however deep', async () => {
    const { body: owner } = await admin.post(sessions, named('owner'));
    const first = await child('first', ownedBy(owner));
    const second = await child('second', ownedBy((await admin.get(first)).body));
    await admin.delete(`${sessions}/owner`);
    await gone(second);
    await gone(first);
  });

  test('count only where all owners are gone', async () => {
    const [{ body: a }, { body: b }] = [
      await admin.post(maps, named('a')),
      await admin.post(maps, named('b')),
    ];
    const metadata = { ownerReferences: [...ownedBy(a).ownerReferences, ...ownedBy(b).ownerReferences] };
    const path = await child('of-two', metadata);
    await admin.delete(`${maps}/a`);
    await collected();
    await there(path);
    await admin.delete(`${maps}/b`);
    await gone(path);
  });

  test('to another namespace or another UID count as gone', async () => {
    const { body: owner } = await admin.post(maps, named('far-owner'));
    await gone(await child('elsewhere', ownedBy(owner), 'research'));
    await gone(await child('mistaken', ownedBy(owner, { uid: 'other' })));
    await there(await child('owned', ownedBy(owner)));
  });
});

describe('propagation', () => {
  async function jobWithPod(name: string) {
    const { body: owner } = await admin.post(jobs, job(name));
    const spec = { containers: [{ name: 'c', image: 'i' }] };
    const metadata = { name, ...ownedBy(owner, { controller: true, blockOwnerDeletion: true }) };
    await admin.post(core('pods'), { metadata, spec });
    return { job: `${jobs}/${name}`, pod: `${core('pods')}/${name}` };
  }

  test('without a policy a Job orphans its pods, as batch/v1 does', async () => {
    const paths = await jobWithPod('orphaning');
    await admin.delete(paths.job);
    await collected();
    const { body } = await admin.get(paths.pod);
    expect(body.metadata.ownerReferences).toEqual([]);
  });

  test('in the background the owner goes first', async () => {
    const paths = await jobWithPod('background');
    await admin.delete(`${paths.job}?propagationPolicy=Background`);
    await gone(paths.job);
    await gone(paths.pod);
  });

  test('in the foreground the owner waits for its blocking dependents', async () => {
    const paths = await jobWithPod('foreground');
    await admin.patch(paths.pod, { metadata: { finalizers: ['example.com/wait'] } });
    const { body } = await admin.delete(paths.job, { propagationPolicy: 'Foreground' });
    expect(body.metadata).toMatchObject({ finalizers: ['foregroundDeletion'] });
    await eventually(async () => {
      expect((await admin.get(paths.pod)).body.metadata.deletionTimestamp).toBeDefined();
    });
    await there(paths.job);
    await admin.patch(paths.pod, { metadata: { finalizers: null } });
    await gone(paths.job);
    await gone(paths.pod);
  });

  test('of an unknown policy is 422', async () => {
    expect((await admin.delete(`${jobs}/x`, { propagationPolicy: 'Sideways' })).status).toBe(404);
    await jobWithPod('policy');
    expect((await admin.delete(`${jobs}/policy`, { propagationPolicy: 'Sideways' })).status).toBe(422);
  });
});

describe('namespaces', () => {
  test('go with all that is in them and take nothing new meanwhile', async () => {
    await admin.post('/api/v1/namespaces', named('doomed'));
    const path = await child('inside', { finalizers: ['example.com/wait'] }, 'doomed');
    const { body } = await admin.delete('/api/v1/namespaces/doomed');
    expect(body).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
    const refused = await admin.post(core('configmaps', 'doomed'), named('late'));
    expect(refused.status).toBe(403);
    expect(refused.body.details.causes[0].reason).toBe('NamespaceTerminating');
    await admin.patch(path, { metadata: { finalizers: null } });
    await gone('/api/v1/namespaces/doomed');
  });

  test('of the cluster itself stay', async () => {
    expect((await admin.delete('/api/v1/namespaces/kube-system')).status).toBe(403);
  });
});
