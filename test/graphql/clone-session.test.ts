import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const CLONE = `mutation ($input: CloneSessionInput!) {
  cloneSession(input: $input) { session { id name projectName phase } }
}`;

describe('cloneSession', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const spec = {
    displayName: 'The original',
    initialPrompt: 'Do it $(HOME)',
    llmSettings: { model: 'gemini-2.5-flash', temperature: 0.5 },
    timeout: 600,
    inactivityTimeout: 60,
    stopOnRunFinished: true,
    repos: [{ url: 'https://git.example.com/a/b.git', branch: 'dev', autoPush: true }],
    environmentVariables: { RUNNER_TYPE: 'gemini-cli', COLOUR: 'red' },
    activeWorkflow: { gitUrl: 'https://git.example.com/w/f.git', branch: 'main', path: 'x' },
    mcpServers: { custom: { a: { type: 'http', url: 'https://mcp.example.com/a' } }, disabled: ['c'] },
  };
  beforeAll(async () => {
    await putProject(admin, 'source');
    await putProject(admin, 'target');
    const owner = (await admin.get('/api/v1/namespaces/source')).body.metadata.uid;
    // As the backend: where the policies are in force, only Writ may say whose a session is.
    await putSession(writ.kubernetes('backend'), 'source', 'original', {
      metadata: {
        labels: { team: 'red' },
        annotations: {
          note: 'kept',
          'ambient-code.io/desired-phase': 'Running',
          'vteam.ambient-code/parent-session-id': 'p',
        },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: 'source', uid: owner }],
      },
      spec: { ...spec, userContext: { userId: 'somebody-else', groups: ['system:masters'] } },
      status: { phase: 'Running' },
    });
  });
  const clone = (input: object, who: 'alice' | 'victor' | 'mallory' = 'alice') =>
    writ.as(who, CLONE, {
      input: { project: 'source', name: 'original', targetProject: 'target', ...input },
    });

  it('takes all that the source says, and none of its origin, owners, status or reserved metadata', async () => {
    const asked = { copyEnvironmentVariables: true, copyAutoPush: true };
    const { data, errors } = await clone({ targetName: 'copy', ...asked });
    expect(errors).toBeUndefined();
    expect(data.cloneSession.session).toMatchObject({
      name: 'copy',
      projectName: 'target',
      phase: 'PENDING',
    });
    const { body } = await admin.get(`${SESSIONS('target')}/copy`);
    expect(body.spec).toMatchObject({ ...spec, project: 'target' });
    expect(body.spec.userContext).toMatchObject({ userId: 'alice', groups: ['system:authenticated'] });
    expect(body.metadata.labels).toEqual({ team: 'red' });
    expect(body.metadata.ownerReferences).toBeUndefined();
    expect(Object.keys(body.metadata.annotations).sort()).toEqual([
      'ambient-code.io/request-id',
      'ambient-code.io/requested-by',
      'note',
    ]);
    expect(body.metadata.annotations['ambient-code.io/requested-by']).toBe('alice');
    expect(body.status).toMatchObject({ phase: 'Pending' });
  });

  it('gives another display name and a generated name where they are asked for so', async () => {
    const { data } = await clone({ displayName: 'Another' });
    const { name } = data.cloneSession.session;
    expect(name).toMatch(/^session-/);
    expect((await admin.get(`${SESSIONS('target')}/${name}`)).body.spec.displayName).toBe('Another');
  });

  it('starts the clone where it is asked to', async () => {
    const { data } = await clone({ targetName: 'started', start: true });
    expect(data.cloneSession.session.phase).toBe('CREATING');
  });

  it('is reviewed in the target, with the token of the user', async () => {
    const { requests } = await writ.requestsDuring(() => clone({ targetName: 'reviewed' }));
    const reviews = requests.filter(({ resource }) => resource === 'selfsubjectaccessreviews');
    expect(reviews).toHaveLength(1);
    expect(reviews[0]).toMatchObject({
      user: 'alice',
      body: {
        spec: { resourceAttributes: { verb: 'create', resource: 'agenticsessions', namespace: 'target' } },
      },
    });
  });

  it('is FORBIDDEN to one who may read the source and not create in the target', async () => {
    const answer = await clone({ targetName: 'no' }, 'victor');
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      verb: 'create',
      namespace: 'target',
    });
    expect((await admin.get(`${SESSIONS('target')}/no`)).status).toBe(404);
  });

  it('is FORBIDDEN to one who may not read the source, and nothing is written', async () => {
    const { result, requests } = await writ.requestsDuring(() => clone({ targetName: 'no' }, 'mallory'));
    expect(result.errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      verb: 'get',
      namespace: 'source',
    });
    expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
  });

  it('of a source that breaks the rules is BAD_USER_INPUT that speaks of the source', async () => {
    await putSession(admin, 'source', 'hostile', {
      spec: { environmentVariables: { LD_PRELOAD: '/x' }, repos: [{ url: 'file:///etc' }] },
    });
    const answer = await clone({ name: 'hostile', targetName: 'no', copyEnvironmentVariables: true });
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    const fields: { path: string }[] = answer.errors?.[0]?.extensions.fields;
    expect(fields.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['source.repos.0.url', 'source.environmentVariables.0.key']),
    );
  });

  it('copies what can use the credentials of a project within it, and into another one only on request', async () => {
    await clone({ targetName: 'without' });
    const without = (await admin.get(`${SESSIONS('target')}/without`)).body.spec;
    expect(without.environmentVariables).toEqual({ RUNNER_TYPE: 'gemini-cli' });
    expect([without.mcpServers, without.activeWorkflow]).toEqual([undefined, undefined]);
    expect(without.repos).toEqual([{ ...spec.repos[0], autoPush: false }]);
    await clone({ targetProject: 'source', targetName: 'beside' });
    expect((await admin.get(`${SESSIONS('source')}/beside`)).body.spec).toMatchObject(spec);
  });

  it('copies within a project only what is not declined', async () => {
    const declined = { copyEnvironmentVariables: false, copyAutoPush: false };
    await clone({ targetProject: 'source', targetName: 'bare', ...declined });
    const bare = (await admin.get(`${SESSIONS('source')}/bare`)).body.spec;
    expect([bare.mcpServers, bare.activeWorkflow]).toEqual([undefined, undefined]);
    expect(bare.environmentVariables).toEqual({ RUNNER_TYPE: 'gemini-cli' });
    expect(bare.repos).toEqual([{ ...spec.repos[0], autoPush: false }]);
  });

  it.each([
    ['activeWorkflow.gitUrl', { activeWorkflow: { gitUrl: 'ext::sh -c id' } }],
    ['activeWorkflow.branch', { activeWorkflow: { branch: '--upload-pack=id' } }],
    ['activeWorkflow.path', { activeWorkflow: { path: 'a/../../etc' } }],
    ['activeWorkflow.path', { activeWorkflow: { path: '/etc' } }],
    [
      'mcpServers.custom.a.url',
      { mcpServers: { custom: { a: { command: '/bin/sh', args: ['-c', 'id'] } } } },
    ],
    ['mcpServers.custom.a', { mcpServers: { custom: { a: { url: 'https://x.example', headers: {} } } } }],
    ['mcpServers.custom.a.url', { mcpServers: { custom: { a: { url: 'http://169.254.169.254/' } } } }],
    ['mcpServers.custom.a.url', { mcpServers: { custom: { a: { url: 'https://x.example/$\u007bA}' } } } }],
  ])('of a source with a hostile %s is BAD_USER_INPUT: %j', async (path, hostile) => {
    const { metadata } = await putSession(admin, 'source', '', {
      metadata: { generateName: 'hostile-' },
      spec: hostile,
    });
    const answer = await clone({ name: metadata.name, targetName: 'no', copyEnvironmentVariables: true });
    const { code, fields } = answer.errors?.[0]?.extensions ?? {};
    expect([code, fields.map((field: { path: string }) => field.path)]).toEqual([
      'BAD_USER_INPUT',
      expect.arrayContaining([`source.${path}`]),
    ]);
    expect((await admin.get(`${SESSIONS('target')}/no`)).status).toBe(404);
  });

  it('does not ask for rules of what it does not copy', async () => {
    const command = {
      mcpServers: { custom: { a: { command: '/bin/sh' } } },
      activeWorkflow: { gitUrl: 'ext::sh -c id' },
    };
    await putSession(admin, 'source', 'with-command', {
      spec: { ...command, environmentVariables: { LD_PRELOAD: '/x' } },
    });
    expect((await clone({ name: 'with-command', targetName: 'clean' })).errors).toBeUndefined();
    const clean = (await admin.get(`${SESSIONS('target')}/clean`)).body.spec;
    expect([clean.mcpServers, clean.activeWorkflow]).toEqual([undefined, undefined]);
    const beside = await clone({ name: 'with-command', targetProject: 'source', targetName: 'no' });
    expect(beside.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('of no source is NOT_FOUND; onto a name that is taken, CONFLICT', async () => {
    const answers = [
      await clone({ name: 'absent' }),
      await clone({ targetProject: 'source', targetName: 'original' }),
    ];
    expect(answers.map(codeOf)).toEqual(['NOT_FOUND', 'CONFLICT']);
  });
});
