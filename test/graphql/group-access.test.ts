import { describe, expect, it } from 'vitest';
import { projectSettings, RBAC, SETTINGS } from '../support/objects.ts';
import { allow, bind, putProject } from '../support/put-objects.ts';
import { UPDATE_SETTINGS } from '../support/settings-operations.ts';
import type { Who } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

interface Access {
  groupName: string;
  role: 'VIEW' | 'EDIT' | 'ADMIN';
}
const group = (groupName: string, role: Access['role']): Access => ({ groupName, role });

const RBAC_GROUP = 'rbac.authorization.k8s.io';
const SETTINGS_RULE = {
  apiGroups: ['vteam.ambient-code'],
  resources: ['projectsettings'],
  verbs: ['get', 'create', 'patch'],
};
const NAMESPACE_RULE = { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] };

function fixture(environment: Record<string, string> = {}) {
  const writ = startWrit({ sandbox: { demo: false }, environment });
  const admin = writ.kubernetes('admin');
  let made = 0;

  async function make(spec?: Record<string, unknown>): Promise<string> {
    made += 1;
    const project = `groups-${environment.WRIT_GROUP_ACCESS ?? 'writ'}-${made}`;
    await putProject(admin, project);
    if (spec) await admin.create(SETTINGS(project), projectSettings(spec));
    return project;
  }
  const update = (who: Who, project: string, groupAccess: Access[] | null, more: object = {}) =>
    writ.as(who, UPDATE_SETTINGS, { input: { project, groupAccess, ...more } });
  /** All bindings of the project that have a group as their only subject. */
  async function bindings(project: string) {
    const { items } = (await admin.get(RBAC(project, 'rolebindings'))).body;
    // biome-ignore lint/suspicious/noExplicitAny: a RoleBinding
    return items.filter(({ subjects }: any) => subjects?.length === 1 && subjects[0].kind === 'Group');
  }
  const grants = async (project: string): Promise<string[]> =>
    (await bindings(project))
      // biome-ignore lint/suspicious/noExplicitAny: a RoleBinding
      .map(({ roleRef, subjects }: any) => `${subjects[0].name}: ${roleRef.name}`)
      .sort();
  const storedAccess = async (project: string) =>
    (await admin.get(`${SETTINGS(project)}/projectsettings`)).body.spec?.groupAccess;
  const projectAdmin = (project: string, who: Who) =>
    bind(admin, project, 'ClusterRole/ambient-project-admin', { kind: 'User', name: who });

  return { writ, admin, make, update, bindings, grants, storedAccess, projectAdmin };
}

describe('the groups in the settings of a project', () => {
  const { writ, admin, make, update, bindings, grants, storedAccess, projectAdmin } = fixture();

  it('get RoleBindings, made by the caller, and lose them', async () => {
    const project = await make();
    await projectAdmin(project, 'mallory');
    const first = await update('mallory', project, [group('crew', 'EDIT'), group('guests', 'VIEW')]);
    expect(first.errors).toBeUndefined();
    expect(await grants(project)).toEqual(['crew: ambient-project-edit', 'guests: ambient-project-view']);
    const [binding] = await bindings(project);
    expect(binding.metadata).toMatchObject({
      name: expect.stringMatching(/^writ-settings-[0-9a-f]{24}$/),
      labels: { 'app.kubernetes.io/managed-by': 'writ', 'ambient-code.io/member-origin': 'settings' },
    });
    const second = await update('mallory', project, [group('crew', 'VIEW')]);
    expect(second.data.updateProjectSettings.settings.groupAccess).toEqual([group('crew', 'VIEW')]);
    expect(await grants(project)).toEqual(['crew: ambient-project-view']);
    expect((await update('mallory', project, null)).errors).toBeUndefined();
    expect(await grants(project)).toEqual([]);
    expect(await storedAccess(project)).toEqual([]);
  });

  it('are the same after the same change again, without another write', async () => {
    const project = await make();
    const access = [group('crew', 'EDIT')];
    await update('admin', project, access);
    const before = await bindings(project);
    const { result, requests } = await writ.requestsDuring(() => update('admin', project, access));
    expect(result.errors).toBeUndefined();
    expect(await bindings(project)).toEqual(before);
    const written = requests.filter(({ verb, resource }) => resource === 'rolebindings' && verb !== 'list');
    expect(written).toEqual([]);
  });

  it('get back a RoleBinding that somebody has deleted', async () => {
    const project = await make();
    const access = [group('crew', 'EDIT')];
    await update('admin', project, access);
    const [binding] = await bindings(project);
    await admin.delete(`${RBAC(project, 'rolebindings')}/${binding.metadata.name}`);
    expect((await update('admin', project, access)).errors).toBeUndefined();
    expect(await grants(project)).toEqual(['crew: ambient-project-edit']);
  });

  it('can have any name', async () => {
    const project = await make();
    const names = ['CN=Crew, O=Example (Zürich)', 'oidc:team/../../x', 'a'.repeat(1_024)];
    const access = names.map((name) => group(name, 'VIEW'));
    const { errors, data } = await update('admin', project, access);
    expect(errors).toBeUndefined();
    expect(data.updateProjectSettings.settings.groupAccess).toEqual(access);
    expect(await grants(project)).toHaveLength(3);
  });

  it.each<[string, () => object]>([
    ['made by hand', () => ({ metadata: { name: 'by-hand' } })],
    [
      'with the labels under another name',
      () => ({
        metadata: {
          name: 'labelled',
          labels: { 'app.kubernetes.io/managed-by': 'writ', 'ambient-code.io/member-origin': 'settings' },
        },
      }),
    ],
  ])('leave a RoleBinding as it is that is %s', async (_, binding) => {
    const project = await make();
    await admin.create(RBAC(project, 'rolebindings'), {
      roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: 'ambient-project-view' },
      subjects: [{ apiGroup: RBAC_GROUP, kind: 'Group', name: 'others' }],
      ...binding(),
    });
    expect((await update('admin', project, [])).errors).toBeUndefined();
    expect(await grants(project)).toEqual(['others: ambient-project-view']);
  });

  it('leave a RoleBinding of theirs that somebody has added a subject to', async () => {
    const project = await make();
    await update('admin', project, [group('crew', 'EDIT')]);
    const [{ metadata, subjects }] = await bindings(project);
    const path = `${RBAC(project, 'rolebindings')}/${metadata.name}`;
    const user = { apiGroup: RBAC_GROUP, kind: 'User', name: 'somebody' };
    await admin.must(
      'PATCH',
      path,
      { subjects: [...subjects, user] },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect((await update('admin', project, [])).errors).toBeUndefined();
    expect((await admin.get(path)).status).toBe(200);
    // Its name is taken now, and it is not adopted.
    expect(codeOf(await update('admin', project, [group('crew', 'EDIT')]))).toBe('CONFLICT');
    expect(await storedAccess(project)).toEqual([]);
  });

  it('change for nobody but who may write RoleBindings', async () => {
    const project = await make();
    for (const who of ['alice', 'victor', 'mallory'] as const) {
      expect(codeOf(await update(who, project, [group('crew', 'VIEW')]))).toBe('FORBIDDEN');
    }
    expect(await grants(project)).toEqual([]);
  });

  it('do not get a role that the caller lacks, and none of the others in the same change', async () => {
    const project = await make({ inactivityTimeoutSeconds: 5 });
    const verbs = ['get', 'list', 'create', 'delete'];
    await allow(admin, project, 'mallory', [
      NAMESPACE_RULE,
      SETTINGS_RULE,
      { apiGroups: [RBAC_GROUP], resources: ['rolebindings'], verbs },
    ]);
    await bind(admin, project, 'ClusterRole/ambient-project-view', { kind: 'User', name: 'mallory' });
    const wanted = [group('crew', 'VIEW'), group('mine', 'ADMIN')];
    const { errors } = await update('mallory', project, wanted, { inactivityTimeoutSeconds: 6 });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(errors?.[0]?.message).toContain('may not grant');
    expect(await grants(project)).toEqual([]);
    expect((await admin.get(`${SETTINGS(project)}/projectsettings`)).body.spec).toEqual({
      inactivityTimeoutSeconds: 5,
    });
    expect((await update('mallory', project, [group('crew', 'VIEW')])).errors).toBeUndefined();
    expect(await grants(project)).toEqual(['crew: ambient-project-view']);
  });

  it('get no RoleBinding if the settings may not be written', async () => {
    const project = await make({});
    await allow(admin, project, 'mallory', [
      { ...SETTINGS_RULE, verbs: ['get'] },
      { apiGroups: [RBAC_GROUP], resources: ['rolebindings'], verbs: ['list', 'create', 'delete'] },
    ]);
    await bind(admin, project, 'ClusterRole/ambient-project-view', { kind: 'User', name: 'mallory' });
    expect(codeOf(await update('mallory', project, [group('crew', 'VIEW')]))).toBe('FORBIDDEN');
    expect(await grants(project)).toEqual([]);
  });

  it('keep their role if the caller may not delete RoleBindings', async () => {
    const project = await make();
    await update('admin', project, [group('crew', 'VIEW')]);
    await allow(admin, project, 'mallory', [
      NAMESPACE_RULE,
      SETTINGS_RULE,
      { apiGroups: [RBAC_GROUP], resources: ['rolebindings'], verbs: ['list', 'create'] },
    ]);
    expect((await update('mallory', project, [])).errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      verb: 'delete',
      resource: 'rolebindings',
    });
    expect(await storedAccess(project)).toEqual([{ groupName: 'crew', role: 'view' }]);
  });

  it('include the last admin only until that is removed on purpose', async () => {
    const project = await make();
    await update('admin', project, [group('chiefs', 'ADMIN')]);
    const { errors } = await update('admin', project, []);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', reason: 'LastAdmin' });
    expect(await grants(project)).toEqual(['chiefs: ambient-project-admin']);
    expect((await update('admin', project, [group('others', 'ADMIN')])).errors).toBeUndefined();
    expect(await grants(project)).toEqual(['others: ambient-project-admin']);
    await projectAdmin(project, 'alice');
    expect((await update('admin', project, [])).errors).toBeUndefined();
    const alone = await make();
    await update('admin', alone, [group('chiefs', 'ADMIN')]);
    expect((await update('admin', alone, null, { allowRemovingLastAdmin: true })).errors).toBeUndefined();
    expect(await grants(alone)).toEqual([]);
  });

  it('are those of the settings that the caller has seen', async () => {
    const project = await make({});
    const access = [group('crew', 'VIEW')];
    expect(codeOf(await update('admin', project, access, { resourceVersion: '1' }))).toBe('CONFLICT');
    expect(await grants(project)).toEqual([]);
  });

  it('are read from whatever is stored', async () => {
    const project = await make({
      groupAccess: [group('crew', 'VIEW')].map((each) => ({ ...each, role: 'view' })),
    });
    expect((await update('admin', project, [group('crew', 'VIEW')])).errors).toBeUndefined();
    expect(await grants(project)).toEqual(['crew: ambient-project-view']);
  });
});

describe('the groups in the settings where an operator binds them', () => {
  const { admin, make, update, grants, storedAccess, projectAdmin } = fixture({
    WRIT_GROUP_ACCESS: 'operator',
  });

  it('are stored, and bound by nobody else', async () => {
    const project = await make();
    await projectAdmin(project, 'mallory');
    expect((await update('mallory', project, [group('crew', 'ADMIN')])).errors).toBeUndefined();
    expect(await storedAccess(project)).toEqual([{ groupName: 'crew', role: 'admin' }]);
    expect(await grants(project)).toEqual([]);
  });

  it('do not get a role that the caller may not give', async () => {
    const project = await make({ groupAccess: [{ groupName: 'chiefs', role: 'admin' }] });
    await projectAdmin(project, 'alice');
    await allow(admin, project, 'mallory', [
      NAMESPACE_RULE,
      SETTINGS_RULE,
      { apiGroups: [RBAC_GROUP], resources: ['rolebindings'], verbs: ['create'] },
    ]);
    await bind(admin, project, 'ClusterRole/ambient-project-view', { kind: 'User', name: 'mallory' });
    const chiefs = group('chiefs', 'ADMIN');
    expect(codeOf(await update('mallory', project, [chiefs, group('mine', 'ADMIN')]))).toBe('FORBIDDEN');
    expect(codeOf(await update('mallory', project, [chiefs, group('mine', 'EDIT')]))).toBe('FORBIDDEN');
    expect((await update('mallory', project, [chiefs, group('mine', 'VIEW')])).errors).toBeUndefined();
    expect(codeOf(await update('victor', project, [chiefs]))).toBe('FORBIDDEN');
  });

  it('include the last admin only until that is removed on purpose', async () => {
    const project = await make({ groupAccess: [{ groupName: 'chiefs', role: 'admin' }] });
    await admin.create(RBAC(project, 'rolebindings'), {
      metadata: { name: 'of-the-operator' },
      roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: 'ambient-project-admin' },
      subjects: [{ apiGroup: RBAC_GROUP, kind: 'Group', name: 'chiefs' }],
    });
    expect((await update('admin', project, [])).errors?.[0]?.extensions.reason).toBe('LastAdmin');
    expect((await update('admin', project, [], { allowRemovingLastAdmin: true })).errors).toBeUndefined();
    expect(await storedAccess(project)).toEqual([]);
  });
});
