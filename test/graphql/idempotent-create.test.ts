import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { bind, putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation('id name uid');

describe('an idempotency key', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, 'one');
    await putProject(admin, 'two');
    await bind(admin, 'one', 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'mallory' });
  });

  const create = (input: Record<string, unknown>, who: 'alice' | 'mallory' = 'alice') =>
    writ.as(who, CREATE, { input: { project: 'one', start: false, ...input } });

  async function uidOf(input: Record<string, unknown>, who?: 'alice' | 'mallory'): Promise<string> {
    const { data, errors } = await create(input, who);
    expect(errors).toBeUndefined();
    return data.createSession.session.uid;
  }

  const count = async () => (await admin.get(SESSIONS('one'))).body.items.length;

  it('creates one session for the same input, however often', async () => {
    const input = { idempotencyKey: 'again', displayName: 'Once', labels: [{ key: 'a', value: 'b' }] };
    const uid = await uidOf(input);
    const before = await count();
    expect(await uidOf(input)).toBe(uid);
    expect(await uidOf(input)).toBe(uid);
    expect(await count()).toBe(before);
  });

  it('takes null for absent', async () => {
    const input = { idempotencyKey: 'null', displayName: 'x' };
    expect(await uidOf({ ...input, initialPrompt: null })).toBe(await uidOf(input));
  });

  it('creates one session and one run for ten requests at once', async () => {
    const before = await count();
    const { result, requests } = await writ.requestsDuring(() =>
      Promise.all(Array.from({ length: 10 }, () => uidOf({ idempotencyKey: 'crowd', start: true }))),
    );
    expect(new Set(result).size).toBe(1);
    expect(await count()).toBe(before + 1);
    const jobs = requests.filter(({ resource, status }) => resource === 'jobs' && status === 201);
    expect(jobs).toHaveLength(1);
  });

  it.each([
    ['another prompt', { initialPrompt: 'b' }],
    ['a field more', { initialPrompt: 'a', displayName: 'x' }],
    ['to be started', { initialPrompt: 'a', start: true }],
  ])('is a CONFLICT with another input: %s', async (what, other) => {
    const idempotencyKey = `differs: ${what}`;
    await uidOf({ idempotencyKey, initialPrompt: 'a' });
    const { errors } = await create({ idempotencyKey, ...other });
    expect(errors).toMatchObject([
      { message: expect.stringContaining('idempotency key'), extensions: { code: 'CONFLICT' } },
    ]);
  });

  it('is of one user, of one project, and of itself', async () => {
    const input = { idempotencyKey: 'shared' };
    const uids = [
      await uidOf(input),
      await uidOf(input, 'mallory'),
      await uidOf({ ...input, project: 'two' }),
      await uidOf({ idempotencyKey: 'shared ' }),
    ];
    expect(new Set(uids).size).toBe(4);
  });

  it('goes with a name', async () => {
    const input = { idempotencyKey: 'k', name: 'named' };
    expect(await uidOf(input)).toBe(await uidOf(input));
  });

  it('takes over no session that was there before', async () => {
    await putSession(admin, 'one', 'older');
    const { errors } = await create({ idempotencyKey: 'k', name: 'older' });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it("gives nobody another user's session of the same name and key", async () => {
    const input = { idempotencyKey: 'k', name: 'of-alice' };
    await uidOf(input);
    const { errors } = await create(input, 'mallory');
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it('creates anew after the session was deleted', async () => {
    const input = { idempotencyKey: 'short-lived', name: 'short-lived' };
    const uid = await uidOf(input);
    await admin.delete(`${SESSIONS('one')}/short-lived`);
    expect(await uidOf(input)).not.toBe(uid);
  });

  it('stands nowhere in the cluster', async () => {
    await uidOf({ idempotencyKey: 'a-secret-of-the-client' });
    expect(JSON.stringify((await admin.get(SESSIONS('one'))).body)).not.toContain('a-secret-of-the-client');
  });
});
