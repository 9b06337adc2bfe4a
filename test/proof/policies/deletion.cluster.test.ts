import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { controlledBy, JOBS, ownedBy, SESSIONS, session } from '../../support/objects.ts';
import { allow, putSession } from '../../support/put-objects.ts';
import { type Client, merge, PROJECT, startPolicies } from './fixture.ts';

const MISSING = { apiVersion: 'v1', kind: 'ConfigMap', name: 'missing', uid: 'no-such-uid' };
const HELD = { finalizers: ['writ.test/hold'] };
const UPDATE_FINALIZERS = { apiGroups: ['batch'], resources: ['jobs/finalizers'], verbs: ['update'] };
// Where Kubernetes' own plugin for owner references is on, it is quicker.
const OWNERS = /^(only those who may delete a session change its ownerReferences$|403 .* ownerRef)/;
const BLOCKING = /^(only those who may update the finalizers of an owner|403 .* blockOwnerDeletion)/;
const FINALIZERS = 'only those who may delete a session set or change its finalizers';
const NO_ORPHAN = 'a session is not deleted without its run, so it does not have the finalizer orphan';
const ORPHANED =
  'a session is not deleted without its run: use the propagation policy Background or Foreground, not Orphan';

describe('the policies of deploy/, on the deletion of sessions', () => {
  const policies = startPolicies();
  const { admin, asked } = policies;
  const path = `${SESSIONS(PROJECT)}/kept`;
  const store = (metadata = {}) => putSession(admin, PROJECT, 'kept', { metadata });
  const create = (who: Client, metadata: object) =>
    asked(who, 'POST', SESSIONS(PROJECT), session('new', { metadata: { name: 'new', ...metadata } }));
  const patch = (who: Client, metadata: object) => asked(who, 'PATCH', path, { metadata }, merge);
  const remove = (who: Client, options: object) =>
    asked(who, 'DELETE', path, { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'], ...options });
  afterEach(async () => {
    await admin.patch(path, { metadata: { finalizers: null } });
    await admin.delete(path);
  });

  it('let only those who may delete a session change its owners', async () => {
    const { ownerReferences } = ownedBy(await putSession(admin, PROJECT, 'owner'));
    await store({ ownerReferences });
    for (const changed of [null, [], [MISSING], [...ownerReferences, MISSING]]) {
      expect([changed, await patch('alice', { ownerReferences: changed })]).toEqual([
        changed,
        expect.stringMatching(OWNERS),
      ]);
      expect(await patch('mallory', { ownerReferences: changed })).toBe('done');
    }
    expect(await patch('alice', { ownerReferences, labels: { team: 'b' } })).toBe('done');
  });

  it('let only those who may delete a session set and change its finalizers', async () => {
    expect(await create('alice', HELD)).toBe(FINALIZERS);
    expect(await create('mallory', HELD)).toBe('done');
    await store(HELD);
    for (const finalizers of [null, [], ['writ.test/other'], ['writ.test/hold', 'writ.test/other']]) {
      expect([finalizers, await patch('alice', { finalizers })]).toEqual([finalizers, FINALIZERS]);
      expect(await patch('mallory', { finalizers })).toBe('done');
    }
    expect(await patch('alice', { ...HELD, labels: { team: 'b' } })).toBe('done');
  });

  it('ask for the right to delete that session, and no other', async () => {
    const rule = { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['delete'] };
    await allow(admin, PROJECT, 'alice', [{ ...rule, resourceNames: ['her-own'] }]);
    await putSession(admin, PROJECT, 'her-own');
    await store();
    const change = { metadata: { ...HELD, ownerReferences: [MISSING] } };
    expect(await asked('alice', 'PATCH', `${SESSIONS(PROJECT)}/her-own`, change, merge)).toBe('done');
    expect(await asked('alice', 'PATCH', path, change, merge)).toMatch(OWNERS);
  });

  it('let those who may create a session give it owners that are not blocked by it', async () => {
    expect(await create('alice', { ownerReferences: [MISSING] })).toBe('done');
    const job = await admin.create(JOBS(PROJECT), policies.child('Job'));
    const [reference] = ownedBy({ ...job, apiVersion: 'batch/v1', kind: 'Job' }).ownerReferences;
    const owner = { ...reference, blockOwnerDeletion: true };
    expect(await create('alice', { ownerReferences: [owner] })).toMatch(BLOCKING);
    expect(await create('mallory', { ownerReferences: [owner] })).toMatch(BLOCKING);
    await store({ ownerReferences: [reference] });
    expect(await patch('mallory', { ownerReferences: [owner] })).toMatch(BLOCKING);
    await allow(admin, PROJECT, 'mallory', [UPDATE_FINALIZERS]);
    expect(await create('mallory', { ownerReferences: [owner] })).toBe('done');
    expect(await patch('mallory', { ownerReferences: [owner] })).toBe('done');
    expect(await create('mallory', { ownerReferences: [{ ...owner, kind: 'CronJob' }] })).toMatch(BLOCKING);
  });

  it.each(['admin', 'mallory'] as const)('let nobody delete one without its run, %s neither', async (who) => {
    await store();
    for (const options of [{ propagationPolicy: 'Orphan' }, { orphanDependents: true }])
      expect([options, await remove(who, options)]).toEqual([options, ORPHANED]);
    expect(await asked(who, 'DELETE', `${path}?propagationPolicy=Orphan`)).toBe(ORPHANED);
    expect(await asked(who, 'DELETE', `${path}?orphanDependents=true`)).toBe(ORPHANED);
    expect(await asked(who, 'DELETE', path)).toBe('done');
    const others = [{ propagationPolicy: 'Background' }, { propagationPolicy: 'Foreground' }];
    for (const options of [...others, { orphanDependents: false }])
      expect([options, await remove(who, options)]).toEqual([options, 'done']);
    const finalizers = ['orphan'];
    expect(await create(who, { finalizers })).toBe(NO_ORPHAN);
    expect(await patch(who, { finalizers })).toBe(NO_ORPHAN);
  });

  it('let nobody delete all of them without their runs', async () => {
    await store();
    expect(await asked('admin', 'DELETE', `${SESSIONS(PROJECT)}?propagationPolicy=Orphan`)).toBe(ORPHANED);
    expect(await asked('admin', 'DELETE', `${SESSIONS(PROJECT)}?propagationPolicy=Background`)).toBe('done');
  });

  it("let Kubernetes' garbage collection do its work", async () => {
    await store(controlledBy(await putSession(admin, PROJECT, 'owner-of-one')));
    // The collector removes the finalizer of a foreground deletion, and then what has no owner.
    const { status } = await admin.delete(`${SESSIONS(PROJECT)}/owner-of-one`, {
      propagationPolicy: 'Foreground',
    });
    expect(status).toBe(200);
    for (const name of ['owner-of-one', 'kept'])
      await eventually(async () =>
        expect((await admin.get(`${SESSIONS(PROJECT)}/${name}`)).status).toBe(404),
      );
  });
});
