import { beforeAll, describe, expect, it } from 'vitest';
import { MIRRORS, mirrored, NEWEST, untilMirrored } from '../mirror/fixture.ts';
import { eventually } from '../support/eventually.ts';
import { CORE, NAMESPACES, RBAC, SESSIONS } from '../support/objects.ts';
import { bind, putProject, putSession } from '../support/put-objects.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const BOT = { kind: 'ServiceAccount', namespace: 'p', name: 'bot' };

describe('a tenant that looks for what a mirror shows and the cluster would not', () => {
  const writ = startWrit({
    sandbox: { demo: false },
    reviews: { allowMs: 0, denyMs: 0 },
    authentication: { subjectMs: 0, rejectedMs: 0 },
    environment: MIRRORS,
  });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    await putProject(admin, 'p');
    await putProject(admin, 'q');
    await putSession(admin, 'p', 'secret-plan', { spec: { initialPrompt: 'canary-of-p' } });
    await putSession(admin, 'q', 'other');
  });

  async function tokenOf(name: string): Promise<string> {
    await admin.create(CORE('p', 'serviceaccounts'), { metadata: { name } });
    const issued = await admin.create(`${CORE('p', 'serviceaccounts')}/${name}/token`, { spec: {} });
    return issued.status.token;
  }

  function read(token: string, project = 'p') {
    return writ.post({ query: NEWEST, variables: { project } }, { authorization: `Bearer ${token}` });
  }

  async function mirroredWith(token: string): Promise<void> {
    for (let n = 0; n < 500; n += 1) if (mirrored(await read(token)).length > 0) return;
    throw new Error('no mirror');
  }

  it('gets nothing with another token of the same user, which has a mirror of its own', async () => {
    const first = await tokenOf('bot');
    await bind(admin, 'p', 'ClusterRole/ambient-project-view', BOT);
    const issued = await admin.create(`${CORE('p', 'serviceaccounts')}/bot/token`, { spec: {} });
    await mirroredWith(first);
    expect(mirrored(await read(issued.status.token))).toEqual([]);
  });

  it('gets nothing once its account is gone', async () => {
    const token = await tokenOf('leaver');
    await bind(admin, 'p', 'ClusterRole/ambient-project-view', { ...BOT, name: 'leaver' });
    await mirroredWith(token);
    await admin.delete(`${CORE('p', 'serviceaccounts')}/leaver`);
    // The API server itself remembers tokens for some seconds.
    const answer = await eventually(async () => {
      const answer = await read(token);
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
      return answer;
    });
    expect(answer.text).not.toContain('secret-plan');
  });

  it('gets nothing with the right to watch, and not to list', async () => {
    const token = await tokenOf('watcher');
    await admin.create(RBAC('p', 'roles'), {
      metadata: { name: 'watcher' },
      rules: [
        { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['get', 'watch'] },
        { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
      ],
    });
    await bind(admin, 'p', 'Role/watcher', { ...BOT, name: 'watcher' });
    for (let n = 0; n < 10; n += 1) {
      const answer = await read(token);
      expect(codeOf(answer)).toBe('FORBIDDEN');
      expect(mirrored(answer)).toEqual([]);
      expect(answer.text).not.toContain('secret-plan');
    }
  });

  it('gets nothing of a project that was replaced by another one with the same name', async () => {
    await putProject(admin, 'again');
    await putSession(admin, 'again', 'old-plan');
    await untilMirrored(writ, 'alice', 'again');
    await admin.delete(`${SESSIONS('again')}/old-plan`);
    await admin.delete(`${NAMESPACES}/again`);
    // The new project is not alice's.
    const metadata = { name: 'again', labels: { 'ambient-code.io/managed': 'true' } };
    await eventually(() => admin.create(NAMESPACES, { metadata }));
    await putSession(admin, 'again', 'new-plan');
    const answer = await writ.as('alice', NEWEST, { project: 'again' });
    expect(mirrored(answer)).toEqual([]);
    expect(answer.text).not.toContain('plan');
  });

  it('cannot make a mirror wait or fail with a version that the cluster has not come to', async () => {
    await untilMirrored(writ, 'alice', 'p');
    const authorization = `Bearer ${writ.sandbox.identities.alice.token}`;
    const extensions = { mirror: { resourceVersion: '99999999999999999999' } };
    const answer = await writ.post(
      { query: NEWEST, variables: { project: 'p' }, extensions },
      { authorization },
    );
    expect(answer.errors).toBeUndefined();
    expect(mirrored(answer)).toEqual([]);
    expect(mirrored(await writ.as('alice', NEWEST, { project: 'p' }))).toHaveLength(1);
  });
});
