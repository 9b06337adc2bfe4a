import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { NAMESPACES } from '../support/objects.ts';
import { DELETE_PROJECT, UPDATE_PROJECT } from '../support/project-operations.ts';
import { bind, putProject } from '../support/put-objects.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const DISPLAY_NAME = 'openshift.io/display-name';
const DESCRIPTION = 'openshift.io/description';

/** Who is what in a project, with the projects that putProject makes; mallory is its admin where the test makes her so. */
const ROLES = [
  ['cluster administrator', 'admin', undefined],
  ['admin', 'mallory', undefined],
  ['edit', 'alice', 'FORBIDDEN'],
  ['view', 'victor', 'FORBIDDEN'],
] as const;

describe('updateProject', () => {
  const writ = startWrit({ reviews: { allowMs: 0, denyMs: 0 } });
  const admin = writ.kubernetes('admin');
  const update = (input: object, who: Parameters<typeof writ.as>[0] = 'admin') =>
    writ.as(who, UPDATE_PROJECT, { input });
  const stored = (name: string) => admin.must('GET', `${NAMESPACES}/${name}`);

  async function put(name: string, annotations: Record<string, string> = {}) {
    await putProject(admin, name, { annotations });
    await bind(admin, name, 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'mallory' });
  }

  it.each(ROLES)('is allowed to admins: %s', async (role, who, code) => {
    const name = `by-${role.replace(' ', '-')}`;
    await put(name);
    const answer = await update({ name, displayName: 'New' }, who);
    expect(codeOf(answer)).toBe(code);
    expect((await stored(name)).metadata.annotations?.[DISPLAY_NAME]).toBe(code ? undefined : 'New');
  });

  it('is FORBIDDEN for a stranger, who may not update the settings', async () => {
    const answer = await update({ name: 'research', displayName: 'Mine' }, 'mallory');
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      verb: 'update',
      group: 'vteam.ambient-code',
      resource: 'projectsettings',
      namespace: 'research',
    });
  });

  it('leaves what is absent, and clears what is null', async () => {
    await put('texts', { [DISPLAY_NAME]: 'Old', [DESCRIPTION]: 'Old text', note: 'kept' });
    const steps: [object, object][] = [
      [{ displayName: 'New' }, { displayName: 'New', description: 'Old text' }],
      [{ description: null }, { displayName: 'New', description: null }],
      [
        { displayName: null, description: 'b' },
        { displayName: null, description: 'b' },
      ],
    ];
    for (const [changes, expected] of steps) {
      const { data, errors } = await update({ name: 'texts', ...changes });
      expect(errors).toBeUndefined();
      expect(data.updateProject.project).toMatchObject(expected);
    }
    expect((await stored('texts')).metadata.annotations).toEqual({ [DESCRIPTION]: 'b', note: 'kept' });
  });

  it.each([
    ['nothing', {}],
    ['what is there', { displayName: 'Same', description: null }],
  ])('writes nothing for %s', async (what, changes) => {
    const name = what.replaceAll(' ', '-');
    await put(name, { [DISPLAY_NAME]: 'Same' });
    const { result, requests } = await writ.requestsDuring(() => update({ name, ...changes }));
    expect(result.errors).toBeUndefined();
    expect(result.data.updateProject.project.displayName).toBe('Same');
    expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
  });

  it('is CONFLICT at another resourceVersion, also for no change', async () => {
    await put('versions');
    const { resourceVersion } = (await stored('versions')).metadata;
    const first = await update({ name: 'versions', displayName: 'A', resourceVersion });
    expect(first.errors).toBeUndefined();
    for (const displayName of ['A', 'B']) {
      const answer = await update({ name: 'versions', displayName, resourceVersion });
      expect(answer.errors).toMatchObject([{ extensions: { code: 'CONFLICT', project: 'versions' } }]);
    }
    const current = first.data.updateProject.project.resourceVersion;
    expect(
      (await update({ name: 'versions', displayName: 'B', resourceVersion: current })).errors,
    ).toBeUndefined();
  });

  it.each([
    ['not-a-project', 'NOT_FOUND'],
    ['nowhere', 'NOT_FOUND'],
    ['kube-system', 'BAD_USER_INPUT'],
    ['writ-system', 'BAD_USER_INPUT'],
    ['..', 'BAD_USER_INPUT'],
  ])('changes no other namespace: %s', async (name, code) => {
    if (name === 'not-a-project') await admin.create(NAMESPACES, { metadata: { name } });
    const { result, requests } = await writ.requestsDuring(() => update({ name, displayName: 'x' }));
    expect(codeOf(result)).toBe(code);
    expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
  });
});

describe('deleteProject', () => {
  const writ = startWrit({ reviews: { allowMs: 0, denyMs: 0 } });
  const admin = writ.kubernetes('admin');
  const remove = (name: string, who: Parameters<typeof writ.as>[0] = 'admin') =>
    writ.as(who, DELETE_PROJECT, { name });
  const isEnding = async (name: string) => {
    const { status, body } = await admin.get(`${NAMESPACES}/${name}`);
    return status === 404 || body.metadata.deletionTimestamp !== undefined;
  };

  it.each(ROLES)('is allowed to admins: %s', async (role, who, code) => {
    const name = `of-${role.replace(' ', '-')}`;
    await putProject(admin, name);
    await bind(admin, name, 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'mallory' });
    const { data } = await writ.as('admin', 'query ($name: String!) { project(name: $name) { id } }', {
      name,
    });
    const answer = await remove(name, who);
    expect(codeOf(answer)).toBe(code);
    expect(answer.data.deleteProject).toEqual(code ? null : { deletedId: data.project.id });
    expect(await isEnding(name)).toBe(!code);
  });

  it('is FORBIDDEN for a stranger', async () => {
    const answer = await remove('research', 'mallory');
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      verb: 'delete',
      name: 'research',
    });
    expect(await isEnding('research')).toBe(false);
  });

  it('deletes what was read, by UID and resourceVersion', async () => {
    await putProject(admin, 'pinned');
    const { requests } = await writ.requestsDuring(() => remove('pinned'));
    expect(requests.filter(({ user }) => user === BACKEND)).toMatchObject([
      { verb: 'delete', resource: 'namespaces', name: 'pinned', status: 200 },
    ]);
  });

  it('writes nothing if it is being deleted already', async () => {
    await putProject(admin, 'ending', { finalizers: ['writ.test/hold'] });
    await admin.delete(`${NAMESPACES}/ending`);
    const { result, requests } = await writ.requestsDuring(() => remove('ending'));
    expect(result.errors).toBeUndefined();
    expect(result.data.deleteProject.deletedId).toEqual(expect.any(String));
    expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
    expect(codeOf(await remove('ending', 'alice'))).toBe('FORBIDDEN');
  });

  describe('of what is no project', () => {
    beforeAll(async () => {
      await admin.create(NAMESPACES, { metadata: { name: 'not-a-project' } });
    });
    it.each([
      ['not-a-project', 'NOT_FOUND'],
      ['nowhere', 'NOT_FOUND'],
      ['kube-system', 'BAD_USER_INPUT'],
      ['default', 'BAD_USER_INPUT'],
      ['', 'BAD_USER_INPUT'],
      ['..', 'BAD_USER_INPUT'],
    ])('deletes nothing: %j', async (name, code) => {
      const { result, requests } = await writ.requestsDuring(() => remove(name));
      expect(codeOf(result)).toBe(code);
      expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
    });
  });

  it('is NOT_FOUND when it is gone', async () => {
    await putProject(admin, 'gone');
    await remove('gone');
    await eventually(async () => expect(codeOf(await remove('gone'))).toBe('NOT_FOUND'));
  });
});
