import { beforeAll, describe, expect, it } from 'vitest';
import { CORE, NAMESPACES, projectSettings, SETTINGS } from '../support/objects.ts';
import { allow, bind, putProject } from '../support/put-objects.ts';
import { READ_SETTINGS, UPDATE_SETTINGS } from '../support/settings-operations.ts';
import type { Who } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const DEFAULTS = {
  groupAccess: [],
  runnerSecretsName: 'ambient-runner-secrets',
  inactivityTimeoutSeconds: 86_400,
  repositories: [],
  mcpServersConfig: null,
};
const REPOSITORY = { url: 'https://github.com/example/a', branch: 'main', provider: 'github' };

describe('the settings of a project', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  let made = 0;

  async function make(spec?: Record<string, unknown>): Promise<string> {
    made += 1;
    const project = `settings-${made}`;
    await putProject(admin, project);
    if (spec) await admin.create(SETTINGS(project), projectSettings(spec));
    return project;
  }
  const stored = async (project: string) => (await admin.get(`${SETTINGS(project)}/projectsettings`)).body;
  const read = (who: Who, project: string) => writ.as(who, READ_SETTINGS, { project });
  const update = (who: Who, project: string, input: object) =>
    writ.as(who, UPDATE_SETTINGS, { input: { project, ...input } });

  it('are null if there are none', async () => {
    const { data, errors } = await read('victor', await make());
    expect(errors).toBeUndefined();
    expect(data.project.settings).toBeNull();
  });

  it('are read by those who may, and found by their id', async () => {
    const project = await make({ repositories: [REPOSITORY], mcpServers: { custom: { a: 1 } } });
    for (const who of ['victor', 'alice', 'admin'] as const) {
      const { data } = await read(who, project);
      expect(data.project.settings).toMatchObject({
        ...DEFAULTS,
        repositories: [REPOSITORY],
        mcpServersConfig: { custom: { a: 1 } },
      });
      const { id } = data.project.settings;
      const found = await writ.as(
        who,
        'query ($id: ID!) { node(id: $id) { id ... on ProjectSettings { resourceVersion } } }',
        { id },
      );
      expect(found.data.node).toEqual({ id, resourceVersion: data.project.settings.resourceVersion });
    }
    expect(codeOf(await read('mallory', project))).toBe('FORBIDDEN');
  });

  it('are created by the first change, and changed by the next', async () => {
    const project = await make();
    const first = await update('admin', project, {
      inactivityTimeoutSeconds: 60,
      repositories: [REPOSITORY],
    });
    expect(first.errors).toBeUndefined();
    expect(first.data.updateProjectSettings.settings).toMatchObject({
      ...DEFAULTS,
      inactivityTimeoutSeconds: 60,
      repositories: [REPOSITORY],
    });
    const second = await update('admin', project, { repositories: null });
    expect(second.data.updateProjectSettings.settings).toMatchObject({
      ...DEFAULTS,
      inactivityTimeoutSeconds: 60,
    });
    expect((await stored(project)).spec).toEqual({ groupAccess: [], inactivityTimeoutSeconds: 60 });
  });

  it('keep what a change does not name', async () => {
    const spec = { mcpServers: { custom: {} }, inactivityTimeoutSeconds: 5, repositories: [REPOSITORY] };
    const project = await make(spec);
    await update('admin', project, { runnerSecretsName: 'ambient-runner-secrets' });
    expect((await stored(project)).spec).toEqual({ ...spec, runnerSecretsName: 'ambient-runner-secrets' });
    const { metadata } = await stored(project);
    const { errors } = await update('admin', project, { resourceVersion: metadata.resourceVersion });
    expect(errors).toBeUndefined();
    expect((await stored(project)).metadata.resourceVersion).toBe(metadata.resourceVersion);
  });

  it('are changed only in the version that the caller has seen', async () => {
    const project = await make({ inactivityTimeoutSeconds: 5 });
    const { resourceVersion } = (await stored(project)).metadata;
    const change = { resourceVersion, inactivityTimeoutSeconds: 6 };
    expect((await update('admin', project, change)).errors).toBeUndefined();
    expect(codeOf(await update('admin', project, change))).toBe('CONFLICT');
    expect((await stored(project)).spec.inactivityTimeoutSeconds).toBe(6);
    expect(codeOf(await update('admin', await make(), change))).toBe('CONFLICT');
  });

  it.each([
    ['victor', 'FORBIDDEN'],
    ['alice', 'FORBIDDEN'],
    ['mallory', 'FORBIDDEN'],
    ['admin', undefined],
  ] as const)('are changed by %s: %s', async (who, code) => {
    const [without, existing] = [await make(), await make({ inactivityTimeoutSeconds: 5 })];
    for (const project of [without, existing]) {
      expect(codeOf(await update(who, project, { inactivityTimeoutSeconds: 7 }))).toBe(code);
    }
    expect((await stored(existing)).spec.inactivityTimeoutSeconds).toBe(code ? 5 : 7);
  });

  it('are changed by an admin of the project, with that token and no other', async () => {
    const project = await make();
    await bind(admin, project, 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'mallory' });
    const { result, requests } = await writ.requestsDuring(() =>
      update('mallory', project, {
        runnerSecretsName: 'ambient-runner-secrets',
        groupAccess: [{ groupName: 'crew', role: 'EDIT' }],
      }),
    );
    expect(result.errors).toBeUndefined();
    expect(new Set(requests.map(({ user }) => user))).toEqual(new Set(['mallory']));
    expect(requests.some(({ path }) => path.includes('/secrets'))).toBe(false);
  });

  it('of a namespace that is no project are not found', async () => {
    await admin.create(NAMESPACES, { metadata: { name: 'no-project' } });
    for (const project of ['no-project', 'absent'])
      expect(codeOf(await update('admin', project, {}))).toBe('NOT_FOUND');
  });

  describe('that are invalid', () => {
    let project = '';
    beforeAll(async () => {
      project = await make();
    });
    const group = (groupName: string, role = 'VIEW') => ({ groupName, role });

    it.each<[string, object, string]>([
      ['a Secret that is not allowed', { runnerSecretsName: 'other' }, 'input.runnerSecretsName'],
      ['a negative timeout', { inactivityTimeoutSeconds: -1 }, 'input.inactivityTimeoutSeconds'],
      ['a timeout of years', { inactivityTimeoutSeconds: 31_536_001 }, 'input.inactivityTimeoutSeconds'],
      ['no group', { groupAccess: [group('')] }, 'input.groupAccess.0.groupName'],
      ['a group in two lines', { groupAccess: [group('a\nb')] }, 'input.groupAccess.0.groupName'],
      ['a group with a space', { groupAccess: [group(' a')] }, 'input.groupAccess.0.groupName'],
      ['a very long group', { groupAccess: [group('a'.repeat(1_025))] }, 'input.groupAccess.0.groupName'],
      [
        'those without a token',
        { groupAccess: [group('system:unauthenticated')] },
        'input.groupAccess.0.groupName',
      ],
      ['the anonymous user', { groupAccess: [group('system:anonymous')] }, 'input.groupAccess.0.groupName'],
      [
        'a group twice',
        { groupAccess: [group('a'), group('b'), group('a', 'ADMIN')] },
        'input.groupAccess.2.groupName',
      ],
      [
        'too many groups',
        { groupAccess: Array.from({ length: 65 }, (_, n) => group(`g${n}`)) },
        'input.groupAccess',
      ],
      ['a local URL', { repositories: [{ url: 'file:///etc/passwd' }] }, 'input.repositories.0.url'],
      ['a URL with a password', { repositories: [{ url: 'https://a:b@c/d' }] }, 'input.repositories.0.url'],
      [
        'a branch that is an option',
        { repositories: [{ ...REPOSITORY, branch: '-x' }] },
        'input.repositories.0.branch',
      ],
      [
        'an empty provider',
        { repositories: [{ ...REPOSITORY, provider: '' }] },
        'input.repositories.0.provider',
      ],
      ['a repository twice', { repositories: [REPOSITORY, REPOSITORY] }, 'input.repositories.1.url'],
      ['a project with a slash', { project: 'a/b' }, 'input.project'],
    ])('%s', async (_, input, path) => {
      const { errors } = await update('admin', project, input);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect((await admin.get(`${SETTINGS(project)}/projectsettings`)).status).toBe(404);
    });
  });

  it('name a Secret only if the caller may read it', async () => {
    const project = await make({});
    await allow(admin, project, 'mallory', [
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
      { apiGroups: ['vteam.ambient-code'], resources: ['projectsettings'], verbs: ['get', 'patch'] },
    ]);
    const name = 'ambient-runner-secrets';
    const { errors } = await update('mallory', project, { runnerSecretsName: name });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      verb: 'get',
      resource: 'secrets',
      name,
    });
    expect((await update('mallory', project, { inactivityTimeoutSeconds: 9 })).errors).toBeUndefined();
  });

  it('that are deleted and created again have another id', async () => {
    const project = await make({});
    const { id } = (await read('admin', project)).data.project.settings;
    await admin.delete(`${SETTINGS(project)}/projectsettings`);
    await admin.create(SETTINGS(project), projectSettings({}));
    const { data } = await writ.as('admin', 'query ($id: ID!) { node(id: $id) { id } }', { id });
    expect(data.node).toBeNull();
  });

  it('do not show what another Secret contains', async () => {
    const project = await make({ runnerSecretsName: 'other' });
    await admin.create(CORE(project, 'secrets'), { metadata: { name: 'other' }, stringData: { OTHER: 'x' } });
    const { data } = await writ.as(
      'admin',
      `{ project(name: "${project}") { runnerSecretKeys settings { runnerSecretsName } } }`,
    );
    expect(data.project).toEqual({
      runnerSecretKeys: ['ANTHROPIC_API_KEY', 'GEMINI_API_KEY'],
      settings: { runnerSecretsName: 'ambient-runner-secrets' },
    });
  });
});
