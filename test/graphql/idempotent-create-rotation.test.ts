import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { mountKey, newKey } from '../support/key-file.ts';
import { SESSIONS } from '../support/objects.ts';
import { allow, putProject } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { startWritOn } from '../support/writ.ts';

const CREATE = createSessionMutation('name uid');

describe('an idempotency key while the shared key is rotated', () => {
  const cluster = startTestCluster({ demo: false });
  const [first, second] = [newKey(), newKey()];
  /** Replicas that have read different versions of the Secret. */
  const before = startWritOn(cluster, { environment: keyFile({ key: first }) });
  const announced = startWritOn(cluster, { environment: keyFile({ key: first, previous: second }) });
  const rotated = startWritOn(cluster, { environment: keyFile({ key: second, previous: first }) });
  const admin = before.kubernetes('admin');
  type Replica = typeof before;

  beforeAll(() => putProject(admin, 'one'));

  function keyFile(content: Parameters<typeof mountKey>[0]) {
    return { WRIT_KEY_FILE: mountKey(content).file };
  }
  const create = (writ: Replica, input: object, who: 'alice' | 'mallory' = 'alice') =>
    writ.as(who, CREATE, { input: { project: 'one', start: false, ...input } });

  async function uidOf(writ: Replica, input: object): Promise<string> {
    const { data, errors } = await create(writ, input);
    expect(errors).toBeUndefined();
    return data.createSession.session.uid;
  }

  it.each([
    ['before it', () => before, () => announced],
    ['before the swap', () => announced, () => rotated],
    ['after the swap, on a replica that has not seen it yet', () => rotated, () => announced],
  ])('returns the session that was created %s', async (when, creator, retried) => {
    const input = { idempotencyKey: when, displayName: 'Once' };
    const uid = await uidOf(creator(), input);
    expect(await uidOf(retried(), input)).toBe(uid);
  });

  it('finds it without a restart', async () => {
    const mounted = await inTest((_, hooks) => mountKey({ key: first }, hooks));
    const writ = await inTest((_, hooks) =>
      startWritOn(cluster, { environment: { WRIT_KEY_FILE: mounted.file } }, hooks),
    );
    const input = { idempotencyKey: 'running' };
    const uid = await uidOf(writ, input);
    mounted.write({ key: second, previous: first });
    await eventually(() => expect(writ.log.text()).toContain('keys changed'));
    expect(await uidOf(writ, input)).toBe(uid);
    expect(await uidOf(writ, { idempotencyKey: 'later' })).toBe(
      await uidOf(rotated, { idempotencyKey: 'later' }),
    );
  });

  it('is a CONFLICT with another input', async () => {
    await uidOf(before, { idempotencyKey: 'differs', displayName: 'a' });
    const { errors } = await create(rotated, { idempotencyKey: 'differs', displayName: 'b' });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it('looks for it as the user, and creates nothing where the user may not look', async () => {
    const { requests } = await rotated.requestsDuring(() => uidOf(rotated, { idempotencyKey: 'asked' }));
    const reads = requests.filter(({ verb, resource }) => verb === 'get' && resource === 'agenticsessions');
    expect(reads.map(({ user }) => user)).toEqual(['alice']);

    await allow(admin, 'one', 'mallory', [
      { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['create'] },
    ]);
    const count = async () => (await admin.get(SESSIONS('one'))).body.items.length;
    const there = await count();
    const { errors } = await create(rotated, { idempotencyKey: 'unseen' }, 'mallory');
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', verb: 'get' } }]);
    expect(await count()).toBe(there);
  });

  it('reads nothing where there is one key', async () => {
    const { requests } = await before.requestsDuring(() => uidOf(before, { idempotencyKey: 'single' }));
    expect(requests.filter(({ verb, resource }) => verb === 'get' && resource === 'agenticsessions')).toEqual(
      [],
    );
  });
});
