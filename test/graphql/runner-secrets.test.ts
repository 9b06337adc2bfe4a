import { beforeAll, describe, expect, it } from 'vitest';
import { CORE, NAMESPACES } from '../support/objects.ts';
import { allow, bind, putProject } from '../support/put-objects.ts';
import { READ_SECRET_KEYS, UPDATE_SECRETS } from '../support/settings-operations.ts';
import type { Who } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const NAME = 'ambient-runner-secrets';

describe('the runner secrets of a project', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  let made = 0;

  /** With these keys; undefined: without a Secret. */
  async function make(keys?: Record<string, string>, more: object = {}): Promise<string> {
    made += 1;
    const project = `secrets-${made}`;
    await putProject(admin, project);
    await admin.delete(`${CORE(project, 'secrets')}/${NAME}`);
    if (keys)
      await admin.create(CORE(project, 'secrets'), { metadata: { name: NAME }, stringData: keys, ...more });
    return project;
  }
  const stored = async (project: string) => (await admin.get(`${CORE(project, 'secrets')}/${NAME}`)).body;
  const values = async (project: string): Promise<Record<string, string>> =>
    Object.fromEntries(
      Object.entries((await stored(project)).data ?? {}).map(([key, value]) => [
        key,
        Buffer.from(value as string, 'base64').toString(),
      ]),
    );
  const update = (who: Who, project: string, input: object) =>
    writ.as(who, UPDATE_SECRETS, { input: { project, ...input } });
  const set = (key: string, value: string) => ({ set: [{ key, value }] });

  it('are shown by their keys', async () => {
    const project = await make({ B: '1', A: '2' });
    const { data } = await writ.as('admin', READ_SECRET_KEYS, { project });
    const { resourceVersion } = (await stored(project)).metadata;
    expect(data.project).toEqual({
      runnerSecretKeys: ['A', 'B'],
      runnerSecretsResourceVersion: resourceVersion,
    });
  });

  it('are null if there is no Secret', async () => {
    const { data, errors } = await writ.as('admin', READ_SECRET_KEYS, { project: await make() });
    expect(errors).toBeUndefined();
    expect(data.project).toEqual({ runnerSecretKeys: null, runnerSecretsResourceVersion: null });
  });

  it.each(['victor', 'alice'] as const)(
    'are shown to nobody who may not read them, such as %s',
    async (who) => {
      const answer = await writ.as(who, READ_SECRET_KEYS, { project: await make({ A: '1' }) });
      expect(answer.data.project).toEqual({ runnerSecretKeys: null, runnerSecretsResourceVersion: null });
      expect(answer.errors?.[0]?.extensions).toMatchObject({
        code: 'FORBIDDEN',
        verb: 'get',
        resource: 'secrets',
      });
    },
  );

  it('are created with the first key', async () => {
    const project = await make();
    const { data, errors } = await update('admin', project, set('API_KEY', 'ünïcode $(X)\n'));
    expect(errors).toBeUndefined();
    const secret = await stored(project);
    expect(secret).toMatchObject({
      type: 'Opaque',
      metadata: { labels: { 'app.kubernetes.io/managed-by': 'writ' } },
    });
    expect(data.updateRunnerSecrets).toEqual({
      runnerSecretKeys: ['API_KEY'],
      resourceVersion: secret.metadata.resourceVersion,
    });
    expect(await values(project)).toEqual({ API_KEY: 'ünïcode $(X)\n' });
  });

  it('are set and removed, and others stay', async () => {
    const project = await make({ A: '1', B: '2', 'old.key': '3', C: '4' });
    const input = {
      set: [
        { key: 'A', value: '' },
        { key: 'D', value: '5' },
      ],
      remove: ['old.key', 'C', 'absent'],
    };
    const { data } = await update('admin', project, input);
    expect(data.updateRunnerSecrets.runnerSecretKeys).toEqual(['A', 'B', 'D']);
    expect(await values(project)).toEqual({ A: '', B: '2', D: '5' });
    expect((await update('admin', project, input)).errors).toBeUndefined();
    expect(await values(project)).toEqual({ A: '', B: '2', D: '5' });
  });

  it('in a Secret without data get their first key', async () => {
    const project = await make({});
    expect((await update('admin', project, set('A', '1'))).errors).toBeUndefined();
    expect(await values(project)).toEqual({ A: '1' });
  });

  it('are not created to remove a key', async () => {
    const project = await make();
    const { data, errors } = await update('admin', project, { remove: ['A'] });
    expect(errors).toBeUndefined();
    expect(data.updateRunnerSecrets).toEqual({ runnerSecretKeys: null, resourceVersion: null });
    expect((await admin.get(`${CORE(project, 'secrets')}/${NAME}`)).status).toBe(404);
  });

  it('are changed only in the version that the caller has seen', async () => {
    const project = await make({ A: '1' });
    const { resourceVersion } = (await stored(project)).metadata;
    const first = await update('admin', project, { ...set('A', '2'), resourceVersion });
    expect(first.errors).toBeUndefined();
    expect(codeOf(await update('admin', project, { ...set('A', '3'), resourceVersion }))).toBe('CONFLICT');
    expect(await values(project)).toEqual({ A: '2' });
    expect(codeOf(await update('admin', await make(), { ...set('A', '3'), resourceVersion }))).toBe(
      'CONFLICT',
    );
  });

  it('that several callers set at once lose none that was reported as set', async () => {
    const project = await make({ A: '1' });
    const keys = Array.from({ length: 6 }, (_, n) => `K${n}`);
    const codes = await Promise.all(
      keys.map(async (key) => codeOf(await update('admin', project, set(key, 'x')))),
    );
    expect(codes.filter((code) => code !== undefined && code !== 'CONFLICT')).toEqual([]);
    const done = keys.filter((_, n) => codes[n] === undefined);
    expect(done.length).toBeGreaterThan(0);
    expect(Object.keys(await values(project)).sort()).toEqual(['A', ...done]);
  });

  it.each([
    ['victor', 'FORBIDDEN'],
    ['alice', 'FORBIDDEN'],
    ['mallory', 'FORBIDDEN'],
    ['admin', undefined],
  ] as const)('are changed by %s: %s', async (who, code) => {
    const [without, existing] = [await make(), await make({ A: '1' })];
    for (const project of [without, existing])
      expect(codeOf(await update(who, project, set('A', '2')))).toBe(code);
    expect(await values(without)).toEqual(code ? {} : { A: '2' });
    expect(await values(existing)).toEqual({ A: code ? '1' : '2' });
  });

  it('are changed by an admin of the project, with that token and no other', async () => {
    const project = await make();
    await bind(admin, project, 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'mallory' });
    const { result, requests } = await writ.requestsDuring(() => update('mallory', project, set('A', '1')));
    expect(result.errors).toBeUndefined();
    expect(new Set(requests.map(({ user }) => user))).toEqual(new Set(['mallory']));
    const other = await make({ A: '1' });
    expect(codeOf(await update('mallory', other, set('A', '2')))).toBe('FORBIDDEN');
  });

  it('are not read by those who may only write them', async () => {
    const project = await make({ A: '1' });
    await allow(admin, project, 'mallory', [
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
      { apiGroups: ['vteam.ambient-code'], resources: ['projectsettings'], verbs: ['get'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['create', 'patch', 'update'] },
    ]);
    expect(codeOf(await update('mallory', project, set('B', '2')))).toBe('FORBIDDEN');
    expect(await values(project)).toEqual({ A: '1' });
  });

  it('are no Secret of another type', async () => {
    const type = 'kubernetes.io/basic-auth';
    const project = await make({ username: 'a', password: 'b' }, { type });
    const { errors } = await update('admin', project, set('A', '1'));
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.project' }],
    });
    expect(await values(project)).toEqual({ username: 'a', password: 'b' });
  });

  it('of a namespace that is no project are not found', async () => {
    await admin.create(NAMESPACES, { metadata: { name: 'no-secrets' } });
    for (const project of ['no-secrets', 'absent'])
      expect(codeOf(await update('admin', project, set('A', '1')))).toBe('NOT_FOUND');
  });

  it('have at most 512 KiB together', async () => {
    const project = await make({});
    const value = 'x'.repeat(64 * 1024);
    for (let n = 0; n < 7; n += 1)
      expect((await update('admin', project, set(`K${n}`, value))).errors).toBeUndefined();
    const { errors } = await update('admin', project, set('K7', value));
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.set' }],
    });
    expect((await update('admin', project, { ...set('K7', value), remove: ['K0'] })).errors).toBeUndefined();
  });

  describe('that are invalid', () => {
    let project = '';
    beforeAll(async () => {
      project = await make();
    });
    const both = [
      { key: 'A', value: '1' },
      { key: 'A', value: '2' },
    ];
    it.each<[string, object, string]>([
      ['no name', set('', 'v'), 'input.set.0.key'],
      ['a name with a dot', set('a.b', 'v'), 'input.set.0.key'],
      ['a name with a digit first', set('1A', 'v'), 'input.set.0.key'],
      ['a path', set('../A', 'v'), 'input.set.0.key'],
      ['a very long name', set('A'.repeat(254), 'v'), 'input.set.0.key'],
      ['a very long value', set('A', 'é'.repeat(32_769)), 'input.set.0.value'],
      ['a NUL character', set('A', 'a\0b'), 'input.set.0.value'],
      ['half a character', set('A', 'a\ud800'), 'input.set.0.value'],
      ['a key twice', { set: both }, 'input.set.1.key'],
      ['a key both set and removed', { ...set('A', '1'), remove: ['B', 'A'] }, 'input.remove.1'],
      ['a path to remove', { remove: ['a/b'] }, 'input.remove.0'],
      ['too many keys to remove', { remove: Array.from({ length: 257 }, (_, n) => `A${n}`) }, 'input.remove'],
      ['a project with a slash', { project: 'a/b' }, 'input.project'],
    ])('%s', async (_, input, path) => {
      const { errors } = await update('admin', project, input);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
      expect((await admin.get(`${CORE(project, 'secrets')}/${NAME}`)).status).toBe(404);
    });
  });
});
