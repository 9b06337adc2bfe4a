import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { CORE, NAMESPACES, SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation, updateSessionMutation } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const CREATE = createSessionMutation();
const UPDATE = updateSessionMutation('displayName');
const WHY = 'cost centre is missing';

describe('what the admission of a real API server says', () => {
  const writ = startWrit();
  const admin = writ.kubernetes('admin');
  const project = 'admitted';
  const create = (displayName: string, more: object = {}, inProject = project) =>
    writ.as('alice', CREATE, { input: { project: inProject, displayName, start: false, ...more } });

  /** A policy of the cluster's administrator about the display names of sessions, and what it does if one contains `word`. */
  async function putPolicy(word: string, action: 'Deny' | 'Warn') {
    const name = `${project}-${word}`;
    await admin.create(`${ADMISSION}/validatingadmissionpolicies`, {
      metadata: { name },
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': project } },
          resourceRules: [
            {
              apiGroups: ['vteam.ambient-code'],
              apiVersions: ['*'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['agenticsessions'],
            },
          ],
        },
        validations: [
          { expression: `!object.spec.displayName.contains('${word}')`, message: WHY, reason: 'Forbidden' },
        ],
      },
    });
    await admin.create(`${ADMISSION}/validatingadmissionpolicybindings`, {
      metadata: { name },
      spec: { policyName: name, validationActions: [action] },
    });
  }

  beforeAll(async () => {
    await putProject(admin, project);
    await putSession(admin, project, 'kept', { spec: { displayName: 'a' } });
    await putPolicy('denied', 'Deny');
    await putPolicy('warned', 'Warn');
    await eventually(async () => expect((await create('denied')).errors).toBeDefined());
    await eventually(async () => expect(JSON.parse((await create('warned')).text).extensions).toBeDefined());
  });

  it('reaches the caller if a policy denies a new session, or a change of the user', async () => {
    const denied = { code: 'FORBIDDEN', reason: 'AdmissionDenied' };
    const said = { message: expect.stringContaining(WHY), extensions: denied };
    expect((await create('denied')).errors).toMatchObject([said]);
    const changed = { input: { project, name: 'kept', displayName: 'denied' } };
    expect((await writ.as('alice', UPDATE, changed)).errors).toMatchObject([said]);
  });

  it('reaches the caller if a policy warns, and the session is made', async () => {
    const { data, text } = await create('warned');
    expect(data.createSession.session).toBeTruthy();
    expect(JSON.parse(text).extensions.warnings).toEqual([{ message: expect.stringContaining(WHY) }]);
  });

  it('reaches the caller if a quota is exceeded: of sessions, and of the objects of a run', async () => {
    const quotas = CORE(project, 'resourcequotas');
    for (const resource of ['count/agenticsessions.vteam.ambient-code', 'count/secrets']) {
      const hard = { [resource]: '0' };
      await admin.create(quotas, { metadata: { name: 'team' }, spec: { hard } });
      // No controller counts here.
      await admin.patch(`${quotas}/team/status`, { status: { hard, used: { [resource]: '0' } } });
      const exceeded = { extensions: { code: 'FORBIDDEN', reason: 'QuotaExceeded' } };
      await eventually(async () =>
        expect((await create('a', { start: true })).errors).toMatchObject([exceeded]),
      );
      await admin.delete(`${quotas}/team`);
      await eventually(async () => expect((await create('a', { start: true })).errors).toBeUndefined());
    }
  });

  it('tells that a permission is missing apart: the project has no binding of Writ', async () => {
    const bindings = `/apis/rbac.authorization.k8s.io/v1/namespaces/unbound/rolebindings`;
    await putProject(admin, 'unbound');
    const { items } = (await admin.get(bindings)).body;
    const own = items.filter(
      ({ roleRef }: { roleRef: { name: string } }) => roleRef.name === 'writ-backend-project',
    );
    for (const { metadata } of own) await admin.delete(`${bindings}/${metadata.name}`);
    await eventually(async () =>
      expect((await create('a', {}, 'unbound')).errors).toMatchObject([
        {
          message: expect.stringMatching(/Writ's service account may not create agenticsessions/),
          extensions: {
            code: 'FORBIDDEN',
            verb: 'create',
            resource: 'agenticsessions',
            namespace: 'unbound',
          },
        },
      ]),
    );
  });

  it('reaches the caller if the project is being deleted', async () => {
    await putProject(admin, 'ending');
    // Without the controller that removes its finalizer, the namespace stays.
    await putSession(admin, 'ending', 'kept', { metadata: { finalizers: ['example.org/held'] } });
    await admin.delete(`${NAMESPACES}/ending`);
    await eventually(async () =>
      expect((await create('a', {}, 'ending')).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN', reason: 'NamespaceTerminating' } },
      ]),
    );
    await admin.patch(`${SESSIONS('ending')}/kept`, { metadata: { finalizers: null } });
  });
});
