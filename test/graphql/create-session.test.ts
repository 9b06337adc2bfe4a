import { beforeAll, describe, expect, it } from 'vitest';
import { untilMay } from '../support/in-force.ts';
import { SESSIONS } from '../support/objects.ts';
import { bind, putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation(
  'id name phase conditions { type status reason } createdBy { userId groups }',
);

describe('creating a session', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, 'making');
    await admin.create('/api/v1/namespaces', { metadata: { name: 'unmanaged' } });
    await bind(admin, 'unmanaged', 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'alice' });
  });

  const create = (input: Record<string, unknown>, who: 'alice' | 'admin' | 'victor' | 'mallory' = 'alice') =>
    writ.as(who, CREATE, { input: { project: 'making', ...input } });

  async function created(input: Record<string, unknown>) {
    const { data, errors } = await create(input);
    expect(errors).toBeUndefined();
    const { session } = data.createSession;
    const { body } = await admin.get(`${SESSIONS('making')}/${session.name}`);
    return { session, stored: body };
  }

  it('puts each field of the input where the resource has it', async () => {
    const { stored } = await created({
      name: 'full',
      displayName: 'Everything',
      initialPrompt: 'Do it.\n\tAll of it: $(HOME) 💥',
      runnerType: 'gemini-cli',
      llmSettings: { model: 'gemini-2.5-pro', temperature: 0.5, maxTokens: 100 },
      timeoutSeconds: 900,
      inactivityTimeoutSeconds: 0,
      stopOnRunFinished: true,
      repos: [
        { url: 'https://github.com/example/a', branch: 'next', autoPush: true },
        { url: 'git@github.com:example/b.git' },
      ],
      environmentVariables: [
        { key: 'A', value: '1' },
        { key: 'EMPTY', value: '' },
      ],
      labels: [{ key: 'team', value: 'red' }],
      annotations: [{ key: 'example.org/note', value: 'many words' }],
      start: false,
    });
    expect(stored.spec).toEqual({
      project: 'making',
      displayName: 'Everything',
      initialPrompt: 'Do it.\n\tAll of it: $(HOME) 💥',
      llmSettings: { model: 'gemini-2.5-pro', temperature: 0.5, maxTokens: 100 },
      timeout: 900,
      inactivityTimeout: 0,
      stopOnRunFinished: true,
      repos: [
        { url: 'https://github.com/example/a', branch: 'next', autoPush: true },
        { url: 'git@github.com:example/b.git', branch: 'main', autoPush: false },
      ],
      environmentVariables: { A: '1', EMPTY: '', RUNNER_TYPE: 'gemini-cli' },
      userContext: { userId: 'alice', displayName: 'alice', groups: ['system:authenticated'] },
    });
    expect(stored.metadata.labels).toEqual({ team: 'red' });
    expect(stored.metadata.annotations).toEqual({
      'example.org/note': 'many words',
      'ambient-code.io/requested-by': 'alice',
      'ambient-code.io/request-id': expect.any(String),
    });
    expect(stored.metadata).not.toHaveProperty('ownerReferences');
  });

  it('takes null for what is not given', async () => {
    const fields = ['name', 'displayName', 'initialPrompt', 'runnerType', 'llmSettings', 'timeoutSeconds'];
    const lists = [
      'repos',
      'environmentVariables',
      'labels',
      'annotations',
      'parentSession',
      'idempotencyKey',
    ];
    const more = ['inactivityTimeoutSeconds', 'stopOnRunFinished'];
    const nothing = Object.fromEntries([...fields, ...lists, ...more].map((field) => [field, null]));
    const { stored } = await created({ ...nothing, start: false });
    expect(stored.spec).toEqual({
      project: 'making',
      timeout: 300,
      userContext: { userId: 'alice', displayName: 'alice', groups: ['system:authenticated'] },
    });
  });

  it('leaves it Pending and without a run, with start: false', async () => {
    const { result, requests } = await writ.requestsDuring(() => created({ start: false }));
    expect(result.session).toMatchObject({
      phase: 'PENDING',
      conditions: [],
      createdBy: { userId: 'alice' },
    });
    expect(result.stored.status).toEqual({ phase: 'Pending', observedGeneration: 1 });
    expect(result.stored.metadata.annotations).not.toHaveProperty('ambient-code.io/desired-phase');
    expect(requests.map(({ resource }) => resource)).not.toContain('jobs');
  });

  it.each([undefined, true, null])('makes its run, with start: %s', async (start) => {
    const { session, stored } = await created({ start });
    expect(session).toMatchObject({
      phase: 'CREATING',
      conditions: [{ type: 'RunCreated', status: 'True', reason: 'RunCreated' }],
    });
    expect(stored.status).toMatchObject({ phase: 'Creating', observedGeneration: 1 });
    expect(stored.metadata.annotations).toMatchObject({
      'ambient-code.io/desired-phase': 'Running',
      'ambient-code.io/start-requested-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('makes up a name where none is given', async () => {
    const names = await Promise.all([1, 2].map(async () => (await created({ start: false })).session.name));
    for (const name of names) expect(name).toMatch(/^session-[a-z0-9]+$/);
    expect(names[0]).not.toBe(names[1]);
  });

  it('is a CONFLICT where the name is taken, and leaves what is there alone', async () => {
    const before = await putSession(admin, 'making', 'taken');
    const { data, errors } = await create({ name: 'taken' });
    expect(data).toEqual({ createSession: null });
    expect(errors).toMatchObject([{ path: ['createSession'], extensions: { code: 'CONFLICT' } }]);
    expect(errors?.[0]?.extensions).not.toHaveProperty('session');
    expect((await admin.get(`${SESSIONS('making')}/taken`)).body).toEqual(before);
  });

  it('remembers the parent, if the user sees it', async () => {
    await putSession(admin, 'making', 'parent');
    const { stored } = await created({ parentSession: 'parent', start: false });
    expect(stored.metadata.annotations['vteam.ambient-code/parent-session-id']).toBe('parent');
    expect((await create({ parentSession: 'nobody', start: false })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.parentSession' }] } },
    ]);
  });

  it.each(['victor', 'mallory'] as const)('is FORBIDDEN for %s, and writes nothing', async (who) => {
    const { result, requests } = await writ.requestsDuring(() => create({ name: 'forbidden' }, who));
    expect(result.errors).toMatchObject([
      {
        extensions: {
          code: 'FORBIDDEN',
          verb: 'create',
          group: 'vteam.ambient-code',
          resource: 'agenticsessions',
          namespace: 'making',
        },
      },
    ]);
    expect(requests.map(({ user }) => user)).not.toContain(BACKEND);
  });

  it('is FORBIDDEN where there is no such project, or none of the user', async () => {
    const { errors } = await create({ project: 'nowhere' }, 'alice');
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', namespace: 'nowhere' } }]);
  });

  it('is NOT_FOUND to one who may see that there is no such project', async () => {
    const { errors } = await create({ project: 'nowhere' }, 'admin');
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', project: 'nowhere' } }]);
  });

  it('is FORBIDDEN where the namespace is not under Writ, with a hint at that', async () => {
    const { errors } = await create({ project: 'unmanaged' });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(
          /Writ's service account.*is the namespace a project that Writ manages/,
        ),
        extensions: { code: 'FORBIDDEN', namespace: 'unmanaged' },
      },
    ]);
  });
});

describe('a session whose run cannot be made', () => {
  const writ = startWrit();
  const admin = writ.kubernetes('admin');

  it('exists, says why in a condition, and is named in the error', async () => {
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/writ-backend-project';
    const { body: role } = await admin.get(path);
    const rules = role.rules.filter((rule: { resources: string[] }) => !rule.resources.includes('jobs'));
    expect((await admin.patch(path, { rules })).status).toBe(200);
    const jobs = { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create'] };
    await untilMay(writ.kubernetes('backend'), 'demo', jobs, false);

    const { data, errors } = await writ.as('alice', CREATE, {
      input: { project: 'demo', name: 'half-made' },
    });
    expect(data).toEqual({ createSession: null });
    expect(errors).toMatchObject([
      {
        path: ['createSession'],
        extensions: {
          code: 'FORBIDDEN',
          resource: 'jobs',
          session: { id: expect.any(String), project: 'demo', name: 'half-made' },
        },
      },
    ]);
    const id = errors?.[0]?.extensions.session.id;
    const query = `query ($id: ID!) { node(id: $id) { ... on AgenticSession { name phase conditions { type status reason message } } } }`;
    const read = await writ.as('alice', query, { id });
    expect(read.data.node).toEqual({
      name: 'half-made',
      phase: 'PENDING',
      conditions: [
        {
          type: 'RunCreated',
          status: 'False',
          reason: 'FORBIDDEN',
          message: expect.stringContaining("The run's Job could not be created"),
        },
      ],
    });
  });
});
