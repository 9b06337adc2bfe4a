import { beforeAll, describe, expect, it } from 'vitest';
import { CORE, NAMESPACES, RBAC } from '../support/objects.ts';
import { allow, bind, putProject } from '../support/put-objects.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const MEMBER = 'id subjectKind subjectName role origin bindingName';
const MEMBERS = `query ($project: String!) { project(name: $project) { members { ${MEMBER} } } }`;
const GRANT = `mutation ($input: GrantAccessInput!) { grantAccess(input: $input) { member { ${MEMBER} } } }`;
const REVOKE = `mutation ($input: RevokeAccessInput!) {
  revokeAccess(input: $input) { revokedIds remaining { ${MEMBER} } }
}`;
const NODE = `query ($id: ID!) { node(id: $id) { id ... on ProjectMember { subjectName role } } }`;
const ROLE_REF = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole' };

interface MemberFields {
  id: string;
  subjectKind: string;
  subjectName: string;
  role: string;
  origin: string;
  bindingName: string;
}

describe('the members of a project', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  /** In which alice has the role of an admin, and only there. */
  const project = 'shared';
  beforeAll(async () => {
    for (const name of [project, 'as-edit', 'lonely']) await putProject(admin, name);
    for (const name of [project, 'lonely'])
      await bind(admin, name, 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'alice' });
  });

  type Who = Parameters<typeof writ.as>[0];
  async function members(name = project): Promise<MemberFields[]> {
    const { data, errors } = await writ.as('alice', MEMBERS, { project: name });
    expect(errors).toBeUndefined();
    return data.project.members;
  }
  const grant = (who: Who, input: object) => writ.as(who, GRANT, { input: { project, ...input } });
  const revoke = (who: Who, input: object) => writ.as(who, REVOKE, { input: { project, ...input } });
  const granted = async (who: Who, input: object) => {
    const { data, errors } = await grant(who, input);
    expect(errors).toBeUndefined();
    return data.grantAccess.member as MemberFields;
  };
  const bindings = async (name = project) =>
    (await admin.must('GET', RBAC(name, 'rolebindings'))).items as { metadata: { name: string } }[];
  const user = (subjectName: string, role = 'VIEW') => ({ subjectKind: 'USER', subjectName, role });

  it('are the subjects of RoleBindings to the project roles, whoever has made them, and of no other roles', async () => {
    await admin.create(RBAC(project, 'rolebindings'), {
      metadata: { name: 'By:Hand' },
      roleRef: { ...ROLE_REF, name: 'ambient-project-edit' },
      subjects: [
        { kind: 'Group', apiGroup: ROLE_REF.apiGroup, name: 'team' },
        { kind: 'ServiceAccount', namespace: 'elsewhere', name: 'bot' },
        { kind: 'User', apiGroup: ROLE_REF.apiGroup, name: 'system:serviceaccount:elsewhere:bot' },
        { kind: 'User', apiGroup: ROLE_REF.apiGroup, name: 'zoe/admin@example.org' },
      ],
    });
    await admin.create(RBAC(project, 'rolebindings'), {
      metadata: { name: 'other-prefix' },
      roleRef: { ...ROLE_REF, name: 'writ-project-view' },
      subjects: [{ kind: 'User', apiGroup: ROLE_REF.apiGroup, name: 'carol' }],
    });
    await admin.create(RBAC(project, 'rolebindings'), {
      metadata: { name: 'of-the-platform', labels: { app: 'ambient-group-access' } },
      roleRef: { ...ROLE_REF, name: 'ambient-project-view' },
      subjects: [{ kind: 'Group', apiGroup: ROLE_REF.apiGroup, name: 'readers' }],
    });
    const found = (await members()).map(({ subjectKind, subjectName, role, origin }) => [
      subjectKind,
      subjectName,
      role,
      origin,
    ]);
    expect(found).toHaveLength(8);
    expect(found).toEqual(
      expect.arrayContaining([
        ['GROUP', 'team', 'EDIT', 'OTHER'],
        // Twice the same one: RBAC takes the username of a service account for it.
        ['SERVICE_ACCOUNT', 'elsewhere:bot', 'EDIT', 'OTHER'],
        ['USER', 'zoe/admin@example.org', 'EDIT', 'OTHER'],
        ['USER', 'carol', 'VIEW', 'OTHER'],
        ['GROUP', 'readers', 'VIEW', 'SETTINGS'],
        ['USER', 'alice', 'EDIT', 'OTHER'],
        ['USER', 'alice', 'ADMIN', 'OTHER'],
        ['USER', 'victor', 'VIEW', 'OTHER'],
      ]),
    );
  });

  it('have ids, by which each is found again', async () => {
    for (const { id, subjectName, role } of await members()) {
      const { data, errors } = await writ.as('alice', NODE, { id });
      expect(errors).toBeUndefined();
      expect(data.node).toEqual({ id, subjectName, role });
    }
    expect(codeOf(await writ.as('mallory', NODE, { id: (await members())[0]?.id }))).toBe('FORBIDDEN');
  });

  it('are made once, and usable at once', async () => {
    const first = await granted('alice', user('dora', 'EDIT'));
    expect(first).toMatchObject({ subjectKind: 'USER', subjectName: 'dora', role: 'EDIT', origin: 'WRIT' });
    expect(await granted('alice', user('dora', 'EDIT'))).toEqual(first);
    const stored = await admin.must('GET', `${RBAC(project, 'rolebindings')}/${first.bindingName}`);
    expect(stored).toMatchObject({
      metadata: { labels: { 'app.kubernetes.io/managed-by': 'writ' } },
      roleRef: { ...ROLE_REF, name: 'ambient-project-edit' },
      subjects: [{ kind: 'User', name: 'dora' }],
    });
    expect(await members()).toContainEqual(first);
  });

  it('are written by the user alone, never by Writ', async () => {
    const { requests } = await writ.requestsDuring(async () => {
      await grant('alice', user('watched'));
      await revoke('alice', user('watched'));
    });
    const writes = requests.filter(
      ({ verb, resource }) => resource === 'rolebindings' && ['create', 'delete'].includes(verb),
    );
    expect(writes.map(({ user }) => user)).toEqual(['alice', 'alice']);
  });

  it('have several roles, which add up, and lose them one by one or all at once', async () => {
    for (const role of ['VIEW', 'EDIT', 'ADMIN']) await granted('alice', user('ella', role));
    const one = await revoke('alice', { ...user('ella'), role: 'ADMIN' });
    expect(one.data.revokeAccess.revokedIds).toHaveLength(1);
    expect(one.data.revokeAccess.remaining.map(({ role }: MemberFields) => role).sort()).toEqual([
      'EDIT',
      'VIEW',
    ]);
    const { role: _, ...whole } = user('ella');
    expect((await revoke('alice', whole)).data.revokeAccess).toMatchObject({ remaining: [] });
    const again = await revoke('alice', whole);
    expect(again.errors).toBeUndefined();
    expect(again.data.revokeAccess).toEqual({ revokedIds: [], remaining: [] });
  });

  it('are not taken from a RoleBinding that Writ has not made, and the answer says so', async () => {
    const before = await bindings();
    const { data, errors } = await revoke('alice', { subjectKind: 'GROUP', subjectName: 'team' });
    expect(errors).toBeUndefined();
    expect(data.revokeAccess.revokedIds).toEqual([]);
    expect(data.revokeAccess.remaining).toMatchObject([{ subjectName: 'team', bindingName: 'By:Hand' }]);
    expect(await bindings()).toEqual(before);
  });

  it('are not taken from a RoleBinding that has got another subject, nor found in one that was forged', async () => {
    const { bindingName } = await granted('alice', user('finn'));
    const path = `${RBAC(project, 'rolebindings')}/${bindingName}`;
    const subjects = ['finn', 'greta'].map((name) => ({ kind: 'User', apiGroup: ROLE_REF.apiGroup, name }));
    await admin.patch(path, { subjects });
    expect((await revoke('alice', user('finn'))).data.revokeAccess.remaining).toMatchObject([
      { subjectName: 'finn', origin: 'OTHER' },
    ]);
    expect(codeOf(await grant('alice', user('finn')))).toBe('CONFLICT');
    await admin.patch(path, { subjects: subjects.slice(1) });
    expect(codeOf(await grant('alice', user('finn')))).toBe('CONFLICT');
    // With the labels of Writ's, for another subject than its name says.
    expect((await revoke('alice', user('greta'))).data.revokeAccess.remaining).toMatchObject([
      { origin: 'OTHER', bindingName },
    ]);
    expect((await admin.get(path)).status).toBe(200);
    await admin.must('DELETE', path);
  });

  it('have an admin, unless the last one is removed on purpose', async () => {
    const own = await bindings('lonely');
    const byHand = own.filter(({ metadata }) => metadata.name.startsWith('ambient-project-admin'));
    const input = { project: 'lonely', ...user('hugo', 'ADMIN') };
    expect((await grant('alice', input)).errors).toBeUndefined();
    for (const { metadata } of byHand)
      await admin.must('DELETE', `${RBAC('lonely', 'rolebindings')}/${metadata.name}`);
    // A service account is no admin who could add others.
    const bot = { subjectKind: 'SERVICE_ACCOUNT', subjectName: 'bot', role: 'ADMIN' };
    expect((await grant('admin', { project: 'lonely', ...bot })).errors).toBeUndefined();
    const refused = await revoke('admin', input);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'CONFLICT', reason: 'LastAdmin' } }]);
    const done = await revoke('admin', { ...input, allowRemovingLastAdmin: true });
    expect(done.errors).toBeUndefined();
    expect(done.data.revokeAccess.revokedIds).toHaveLength(1);
  });

  it.each([
    ['USER', '', /1 to 1024 characters/],
    ['USER', ' alice', /spaces/],
    ['USER', 'a\u0000b', /control characters/],
    ['GROUP', 'x'.repeat(1_025), /1 to 1024 characters/],
    ['USER', 'system:anonymous', /without a token/],
    ['GROUP', 'system:unauthenticated', /without a token/],
    ['GROUP', 'system:authenticated', /VIEW only/],
    ['GROUP', 'system:serviceaccounts', /VIEW only/],
    ['SERVICE_ACCOUNT', 'a:b:c', /NAMESPACE:NAME/],
    ['SERVICE_ACCOUNT', '../x', /NAMESPACE:NAME/],
    ['SERVICE_ACCOUNT', ':x', /NAMESPACE:NAME/],
    ['SERVICE_ACCOUNT', 'access-key-ci', /access key/],
    ['USER', 'system:serviceaccount:shared:access-key-ci', /access key/],
  ])('are no %s %j', async (subjectKind, subjectName, message) => {
    const before = await bindings();
    const { errors } = await grant('alice', { subjectKind, subjectName, role: 'EDIT' });
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [{ path: 'input.subjectName', message: expect.stringMatching(message) }],
        },
      },
    ]);
    expect(await bindings()).toEqual(before);
  });

  it.each(['default', 'kube-system', 'no-project', 'not-there'])(
    'are of a project, and not of %s',
    async (name) => {
      await admin.post(NAMESPACES, { metadata: { name: 'no-project' } });
      const answers = await Promise.all([
        grant('admin', { ...user('ivan'), project: name }),
        revoke('admin', { ...user('ivan'), project: name }),
      ]);
      for (const answer of answers) expect(['NOT_FOUND', 'BAD_USER_INPUT']).toContain(codeOf(answer));
    },
  );

  it.each([
    ['alice', 'as-edit', 'edit'],
    ['victor', project, 'view'],
    ['mallory', project, 'nothing'],
  ] as const)('are neither read nor changed by %s, who has %3$s in %2$s', async (who, name, _) => {
    const before = await bindings(name);
    const answers = [
      await writ.as(who, MEMBERS, { project: name }),
      await grant(who, { ...user(who, 'ADMIN'), project: name }),
      await grant(who, { ...user('jan', 'VIEW'), project: name }),
      await revoke(who, { ...user('victor'), project: name }),
    ];
    expect(answers.map(codeOf)).toEqual(answers.map(() => 'FORBIDDEN'));
    expect(await bindings(name)).toEqual(before);
  });

  it('get no role whose rights the user lacks: the cluster decides', async () => {
    // Who may write RoleBindings and use sessions, but has no right to bind the roles, nor all that an admin may.
    const name = 'escalating';
    await putProject(admin, name);
    await allow(admin, name, 'mallory', [
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
      {
        apiGroups: [ROLE_REF.apiGroup],
        resources: ['rolebindings'],
        verbs: ['get', 'list', 'create', 'delete'],
      },
    ]);
    for (const role of ['VIEW', 'EDIT', 'ADMIN'] as const) {
      const { errors } = await grant('mallory', { ...user('mallory', role), project: name });
      expect(errors?.[0]?.extensions).toMatchObject({
        code: 'FORBIDDEN',
        verb: 'create',
        resource: 'rolebindings',
      });
    }
    await bind(admin, name, 'ClusterRole/ambient-project-view', { kind: 'User', name: 'mallory' });
    expect((await grant('mallory', { ...user('kim', 'VIEW'), project: name })).errors).toBeUndefined();
    expect(codeOf(await grant('mallory', { ...user('kim', 'EDIT'), project: name }))).toBe('FORBIDDEN');
  });

  it('may be a service account, which can then use the project', async () => {
    await admin.create(CORE(project, 'serviceaccounts'), { metadata: { name: 'robot' } });
    const member = await granted('alice', {
      subjectKind: 'SERVICE_ACCOUNT',
      subjectName: 'robot',
      role: 'VIEW',
    });
    expect(member.subjectName).toBe('shared:robot');
    const same = await granted('alice', {
      subjectKind: 'USER',
      subjectName: 'system:serviceaccount:shared:robot',
      role: 'VIEW',
    });
    expect(same).toEqual(member);
  });
});
