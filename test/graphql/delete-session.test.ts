import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { CORE, JOBS, SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putJob, putPod, putProject, putSession } from '../support/put-objects.ts';
import { updateSessionMutation } from '../support/session-operations.ts';

const DELETE = 'mutation ($name: String!) { deleteSession(project: "leaving", name: $name) { deletedId } }';

describe('deleting a session', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const path = (name: string) => `${SESSIONS('leaving')}/${name}`;

  beforeAll(async () => {
    await putProject(admin, 'leaving');
  });

  it('answers the id that it had, which then leads to nothing', async () => {
    await putSession(admin, 'leaving', 'known');
    const before = await writ.as('admin', '{ session(project: "leaving", name: "known") { id } }');
    const { id } = before.data.session;
    const { data, errors } = await writ.as('admin', DELETE, { name: 'known' });
    expect(errors).toBeUndefined();
    expect(data.deleteSession.deletedId).toBe(id);
    expect((await admin.get(path('known'))).status).toBe(404);
    const after = await writ.as('admin', 'query ($id: ID!) { node(id: $id) { id } }', { id });
    expect(after.data).toEqual({ node: null });
  });

  it('takes what the session owns with it', async () => {
    const session = await putSession(admin, 'leaving', 'owner');
    await putPod(admin, await putJob(admin, session));
    await writ.as('admin', DELETE, { name: 'owner' });
    const left = async () => {
      const lists = await Promise.all(
        [JOBS('leaving'), CORE('leaving', 'pods')].map((list) => admin.get(list)),
      );
      return lists.flatMap(({ body }) => body.items);
    };
    await eventually(async () => expect(await left()).toEqual([]));
  });

  it.each([
    ['alice', 'delete'],
    ['victor', 'delete'],
    ['mallory', 'get'],
  ] as const)('is FORBIDDEN for %s, who may not %s', async (who, verb) => {
    const name = `not-by-${who}`;
    await putSession(admin, 'leaving', name);
    const { data, errors } = await writ.as(who, DELETE, { name });
    expect(data).toEqual({ deleteSession: null });
    expect(errors).toMatchObject([
      { path: ['deleteSession'], extensions: { code: 'FORBIDDEN', verb, namespace: 'leaving', name } },
    ]);
    expect((await admin.get(path(name))).status).toBe(200);
  });

  it('is NOT_FOUND where there is no such session', async () => {
    const { errors } = await writ.as('admin', DELETE, { name: 'nowhere' });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', name: 'nowhere' } }]);
  });

  it.each(['', '.', '..', 'a/b', 'A'])('refuses the name %j and sends no delete', async (name) => {
    const before = writ.proxy.seen.length;
    const { errors } = await writ.as('admin', DELETE, { name });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'name' }] } }]);
    expect(writ.proxy.seen.slice(before).map(({ method }) => method)).not.toContain('DELETE');
  });

  it('spares another session that took the name between the look and the delete', async () => {
    await putSession(admin, 'leaving', 'replaced');
    writ.proxy.set(async ({ method }, forward) => {
      if (method === 'DELETE') {
        await admin.delete(path('replaced'));
        await putSession(admin, 'leaving', 'replaced');
      }
      return forward();
    });
    const { errors } = await writ.as('admin', DELETE, { name: 'replaced' });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect((await admin.get(path('replaced'))).status).toBe(200);
  });

  it('changes nothing of another session that took the name between the look and an update', async () => {
    await putSession(admin, 'leaving', 'swapped');
    writ.proxy.set(async ({ method }, forward) => {
      if (method === 'PATCH') {
        await admin.delete(path('swapped'));
        await putSession(admin, 'leaving', 'swapped');
      }
      return forward();
    });
    const update = updateSessionMutation();
    const input = { project: 'leaving', name: 'swapped', displayName: 'x' };
    const { errors } = await writ.as('admin', update, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect((await admin.get(path('swapped'))).body.spec).not.toHaveProperty('displayName');
  });
});
