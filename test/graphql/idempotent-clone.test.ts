import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { bind, putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const CLONE = `mutation ($input: CloneSessionInput!) {
  cloneSession(input: $input) { session { name uid } }
}`;

describe('an idempotency key of a clone', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, 'one');
    await putProject(admin, 'two');
    await bind(admin, 'one', 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'mallory' });
    for (const name of ['source', 'other', 'rewritten', 'crowded'])
      await putSession(admin, 'one', name, { spec: { displayName: name } });
  });

  const clone = (input: Record<string, unknown>, who: 'alice' | 'mallory' = 'alice') =>
    writ.as(who, CLONE, { input: { project: 'one', name: 'source', targetProject: 'one', ...input } });

  async function uidOf(input: Record<string, unknown>, who?: 'alice' | 'mallory'): Promise<string> {
    const { data, errors } = await clone(input, who);
    expect(errors).toBeUndefined();
    return data.cloneSession.session.uid;
  }

  const displayed = async (displayName: string) =>
    (await admin.get(SESSIONS('one'))).body.items.filter(
      ({ spec }: { spec: { displayName?: string } }) => spec.displayName === displayName,
    );

  it('makes one clone, however often', async () => {
    const input = { idempotencyKey: 'again', displayName: 'Once' };
    const uid = await uidOf(input);
    expect(await uidOf(input)).toBe(uid);
    expect(await displayed('Once')).toHaveLength(1);
  });

  it('makes one clone and one run for ten requests at once', async () => {
    const input = { name: 'crowded', idempotencyKey: 'crowd', displayName: 'Crowd', start: true };
    const { result, requests } = await writ.requestsDuring(() =>
      Promise.all(Array.from({ length: 10 }, () => uidOf(input))),
    );
    expect(new Set(result).size).toBe(1);
    const jobs = requests.filter(({ resource, status }) => resource === 'jobs' && status === 201);
    expect(jobs).toHaveLength(1);
  });

  it('finds the clone although its source has changed since', async () => {
    const input = { name: 'rewritten', idempotencyKey: 'rewritten' };
    const uid = await uidOf(input);
    const spec = { initialPrompt: 'Another one' };
    await admin.patch(`${SESSIONS('one')}/rewritten`, { spec });
    expect(await uidOf(input)).toBe(uid);
  });

  it.each([
    ['another display name', { displayName: 'x' }],
    ['another source', { name: 'other' }],
    ['to be started', { start: true }],
  ])('is a CONFLICT with another input: %s', async (what, other) => {
    const idempotencyKey = `differs: ${what}`;
    await uidOf({ idempotencyKey });
    expect(codeOf(await clone({ idempotencyKey, ...other }))).toBe('CONFLICT');
  });

  it('is of one user, and of one target project', async () => {
    const input = { idempotencyKey: 'shared' };
    const uids = [
      await uidOf(input),
      await uidOf(input, 'mallory'),
      await uidOf({ ...input, targetProject: 'two' }),
    ];
    expect(new Set(uids).size).toBe(3);
  });

  it('never finds what createSession has made with the same key', async () => {
    const input = { project: 'one', idempotencyKey: 'of both', start: false };
    const { errors } = await writ.as('alice', createSessionMutation('uid'), { input });
    expect(errors).toBeUndefined();
    expect(codeOf(await clone({ idempotencyKey: 'of both' }))).toBe('CONFLICT');
  });

  it.each(['', 'x'.repeat(257)])('has 1 to 256 characters', async (idempotencyKey) => {
    const { errors } = await clone({ idempotencyKey });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.idempotencyKey' }] } },
    ]);
  });
});
