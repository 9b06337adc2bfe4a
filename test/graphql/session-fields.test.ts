import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS, session } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation, SESSION_FIELDS } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const RELATED =
  'children { nodes { name } } job { name } pods { name } events { reason } eventsTruncated logs';
const SESSION = `query ($name: String!) { session(project: "fields", name: $name) { ${SESSION_FIELDS} ${RELATED} } }`;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

describe('the fields of a session', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  // Where the policies are in force, only Writ may say whose a session is.
  const backend = writ.kubernetes('backend');

  beforeAll(async () => {
    await putProject(admin, 'fields');
  });

  async function read(name: string) {
    const { data, errors } = await writ.as('victor', SESSION, { name });
    expect(errors).toBeUndefined();
    return data.session;
  }

  it('say all that a full session says', async () => {
    const spec = {
      displayName: 'Everything',
      initialPrompt: 'Do it all.\nThen rest.',
      project: 'fields',
      llmSettings: { model: 'claude-sonnet-4-5', temperature: 0.25, maxTokens: 4096 },
      timeout: 900,
      inactivityTimeout: 0,
      stopOnRunFinished: true,
      repos: [
        { url: 'https://github.com/example/a', branch: 'next', autoPush: true },
        { url: 'git@github.com:example/b' },
      ],
      environmentVariables: { EMPTY: '', RUNNER_TYPE: 'gemini-cli', 'dotted.KEY': 'v' },
      userContext: { userId: 'alice', displayName: 'Alice', groups: ['team', 'all'] },
      activeWorkflow: { gitUrl: 'https://github.com/example/w', branch: 'next', path: 'a/b' },
      mcpServers: { custom: { mine: { url: 'https://mcp.example' } }, disabled: ['theirs'] },
    };
    const repo = {
      url: 'https://github.com/example/a',
      name: 'a',
      branch: 'next',
      branches: ['main', 'next'],
      currentActiveBranch: 'next',
      defaultBranch: 'main',
      clonedAt: '2026-01-01T10:01:00Z',
    };
    const workflow = { ...spec.activeWorkflow, appliedAt: '2026-01-01T10:02:00Z' };
    const status = {
      phase: 'Stopped',
      stoppedReason: 'inactivity',
      startTime: '2026-01-01T10:00:00Z',
      completionTime: '2026-01-01T11:00:00.5Z',
      lastActivityTime: '2026-01-01T12:30:00+02:00',
      reconciledRepos: [
        { ...repo, status: 'Ready' },
        { name: 'b', status: 'Cloning' },
      ],
      reconciledWorkflow: { ...workflow, status: 'Active' },
      conditions: [
        {
          type: 'RunCreated',
          status: 'False',
          reason: 'FORBIDDEN',
          message: 'No.',
          lastTransitionTime: '2026-01-01T10:00:00Z',
        },
        { type: 'Odd', status: 'Unknown' },
      ],
    };
    const labels = { 'a/b': 'c', plain: '' };
    const annotations = { 'x.y/z': 'long text', [LAST_APPLIED]: '{"secret":1}' };
    const stored = await putSession(backend, 'fields', 'full', {
      metadata: { labels, annotations },
      spec,
      status,
    });

    const { raw, ...session } = await read('full');
    expect(session).toEqual({
      __typename: 'AgenticSession',
      id: expect.any(String),
      name: 'full',
      projectName: 'fields',
      uid: stored.metadata.uid,
      resourceVersion: stored.metadata.resourceVersion,
      createdAt: stored.metadata.creationTimestamp,
      deletionTimestamp: null,
      labels: [
        { key: 'a/b', value: 'c' },
        { key: 'plain', value: '' },
      ],
      annotations: [{ key: 'x.y/z', value: 'long text' }],
      displayName: 'Everything',
      initialPrompt: 'Do it all.\nThen rest.',
      runnerType: 'gemini-cli',
      llmSettings: { model: 'claude-sonnet-4-5', temperature: 0.25, maxTokens: 4096 },
      timeoutSeconds: 900,
      inactivityTimeoutSeconds: 0,
      stopOnRunFinished: true,
      repos: [
        { url: 'https://github.com/example/a', branch: 'next', autoPush: true },
        { url: 'git@github.com:example/b', branch: 'main', autoPush: false },
      ],
      environmentVariables: [
        { key: 'EMPTY', value: '' },
        { key: 'RUNNER_TYPE', value: 'gemini-cli' },
        { key: 'dotted.KEY', value: 'v' },
      ],
      createdBy: { userId: 'alice', displayName: 'Alice', groups: ['team', 'all'], verified: false },
      phase: 'STOPPED',
      stoppedReason: 'inactivity',
      startTime: '2026-01-01T10:00:00Z',
      completionTime: '2026-01-01T11:00:00.5Z',
      lastActivityTime: '2026-01-01T12:30:00+02:00',
      activeWorkflow: spec.activeWorkflow,
      mcpServers: spec.mcpServers,
      reconciledRepos: [
        { ...repo, status: 'READY' },
        {
          url: null,
          name: 'b',
          branch: null,
          branches: [],
          currentActiveBranch: null,
          defaultBranch: null,
          status: 'CLONING',
          clonedAt: null,
        },
      ],
      reconciledWorkflow: { ...workflow, status: 'ACTIVE' },
      conditions: [
        {
          type: 'RunCreated',
          status: 'False',
          reason: 'FORBIDDEN',
          message: 'No.',
          lastTransitionTime: '2026-01-01T10:00:00Z',
        },
        { type: 'Odd', status: 'Unknown', reason: null, message: null, lastTransitionTime: null },
      ],
      parent: null,
      children: { nodes: [] },
      job: null,
      pods: [],
      events: [],
      eventsTruncated: false,
      logs: null,
    });
    const { managedFields: _, ...metadata } = stored.metadata;
    expect(raw).toEqual({
      ...stored,
      metadata: { ...metadata, annotations: { 'x.y/z': 'long text' } },
    });
  });

  it('are null, empty or PENDING where a session says nothing', async () => {
    await admin.create(SESSIONS('fields'), session('bare'));
    expect(await read('bare')).toMatchObject({
      labels: [],
      annotations: [],
      displayName: null,
      initialPrompt: null,
      runnerType: null,
      llmSettings: null,
      timeoutSeconds: null,
      inactivityTimeoutSeconds: null,
      stopOnRunFinished: null,
      repos: [],
      environmentVariables: [],
      createdBy: null,
      phase: 'PENDING',
      stoppedReason: null,
      startTime: null,
      completionTime: null,
      lastActivityTime: null,
      activeWorkflow: null,
      mcpServers: null,
      reconciledRepos: [],
      reconciledWorkflow: null,
      conditions: [],
      parent: null,
      children: { nodes: [] },
      raw: { kind: 'AgenticSession', metadata: { name: 'bare' } },
    });
  });

  it.each(['Pending', 'Creating', 'Running', 'Stopping', 'Stopped', 'Completed', 'Failed'])(
    'give the phase %s in capitals',
    async (phase) => {
      const name = `phase-${phase.toLowerCase()}`;
      await putSession(admin, 'fields', name, { status: { phase } });
      expect((await read(name)).phase).toBe(phase.toUpperCase());
    },
  );

  it('say when a session is being deleted', async () => {
    await putSession(admin, 'fields', 'leaving', { metadata: { finalizers: ['example.org/hold'] } });
    await admin.delete(`${SESSIONS('fields')}/leaving`);
    expect((await read('leaving')).deletionTimestamp).toMatch(/^\d{4}-.*Z$/);
  });

  it('say who asked for it by the annotation, where there is no user context', async () => {
    await putSession(backend, 'fields', 'annotated', {
      metadata: { annotations: { 'ambient-code.io/requested-by': 'bob' } },
    });
    expect((await read('annotated')).createdBy).toEqual({
      userId: 'bob',
      displayName: null,
      groups: [],
      verified: false,
    });
  });

  it('null: a session that is not there', async () => {
    expect(await read('nowhere')).toBeNull();
    const query = '{ project(name: "fields") { session(name: "nowhere") { name } } }';
    expect((await writ.as('victor', query)).data).toEqual({ project: { session: null } });
  });
});

describe('createdBy on a cluster whose policy keeps others from setting it', () => {
  const writ = startWrit({ environment: { WRIT_ORIGIN_POLICY_IN_FORCE: 'true' } });

  it('is verified', async () => {
    const input = { project: 'demo', name: 'mine', start: false };
    const create = createSessionMutation('createdBy { userId verified }');
    const { data } = await writ.as('alice', create, { input });
    expect(data.createSession.session.createdBy).toEqual({ userId: 'alice', verified: true });
  });
});
