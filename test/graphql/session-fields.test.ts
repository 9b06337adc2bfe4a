import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/kubernetes.ts';
import { put, putProject, putSession } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { startWrit } from '../support/writ.ts';

const FIELDS = `
  __typename id name projectName uid resourceVersion createdAt deletionTimestamp
  labels { key value } annotations { key value }
  displayName initialPrompt runnerType llmSettings { model temperature maxTokens }
  timeoutSeconds inactivityTimeoutSeconds stopOnRunFinished
  repos { url branch autoPush } environmentVariables { key value }
  createdBy { userId displayName groups verified }
  phase stoppedReason startTime completionTime lastActivityTime
  conditions { type status reason message lastTransitionTime }
  parent { name } children { name } job { name } pods { name } events { reason } eventsTruncated logs
  raw
`;
const SESSION = `query ($name: String!) { session(project: "fields", name: $name) { ${FIELDS} } }`;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

describe('the fields of a session', async () => {
  const writ = await startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');

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
      environmentVariables: { RUNNER_TYPE: 'gemini-cli', 'dotted.KEY': 'v', EMPTY: '' },
      userContext: { userId: 'alice', displayName: 'Alice', groups: ['team', 'all'] },
    };
    const status = {
      phase: 'Stopped',
      stoppedReason: 'inactivity',
      startTime: '2026-01-01T10:00:00Z',
      completionTime: '2026-01-01T11:00:00.5Z',
      lastActivityTime: '2026-01-01T12:30:00+02:00',
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
    const stored = await putSession(admin, 'fields', 'full', {
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
        { key: 'RUNNER_TYPE', value: 'gemini-cli' },
        { key: 'dotted.KEY', value: 'v' },
        { key: 'EMPTY', value: '' },
      ],
      createdBy: { userId: 'alice', displayName: 'Alice', groups: ['team', 'all'], verified: false },
      phase: 'STOPPED',
      stoppedReason: 'inactivity',
      startTime: '2026-01-01T10:00:00Z',
      completionTime: '2026-01-01T11:00:00.5Z',
      lastActivityTime: '2026-01-01T12:30:00+02:00',
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
      children: [],
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
    await put(admin, SESSIONS('fields'), { metadata: { name: 'bare' } });
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
      conditions: [],
      parent: null,
      children: [],
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
    await putSession(admin, 'fields', 'annotated', {
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

describe('createdBy on a cluster whose policy keeps others from setting it', async () => {
  const writ = await startWrit({ environment: { WRIT_ORIGIN_POLICY_IN_FORCE: 'true' } });

  it('is verified', async () => {
    const input = { project: 'demo', name: 'mine', start: false };
    const create = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { createdBy { userId verified } } } }`;
    const { data } = await writ.as('alice', create, { input });
    expect(data.createSession.session.createdBy).toEqual({ userId: 'alice', verified: true });
  });
});

describe('a page with a session that another version of the resource let in', async () => {
  const writ = await startProxiedWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const LIST = `{ project(name: "fields") { sessions(first: 2) { nodes { ${FIELDS} } } } }`;
  let odd: Record<string, unknown> = {};

  beforeAll(async () => {
    await putProject(admin, 'fields');
    await putSession(admin, 'fields', 'normal', { spec: { displayName: 'Normal' } });
    await putSession(admin, 'fields', 'odd');
  });
  beforeEach(() => {
    writ.proxy.set(async ({ path }, forward) => {
      const reply = await forward();
      const { items } = reply.body as { items?: { metadata: { name: string } }[] };
      if (items && path.includes('/agenticsessions')) {
        for (const item of items) if (item.metadata.name === 'odd') Object.assign(item, odd);
      }
      return reply;
    });
  });

  async function readOdd(given: Record<string, unknown>) {
    odd = given;
    const { data, errors } = await writ.as('alice', LIST);
    expect(errors).toBeUndefined();
    const [normal, session] = data.project.sessions.nodes;
    expect(normal).toMatchObject({ name: 'normal', displayName: 'Normal' });
    return session;
  }

  it('knows of no value of another type', async () => {
    const session = await readOdd({
      spec: {
        displayName: 7,
        initialPrompt: ['a'],
        llmSettings: { model: {}, temperature: '0.5', maxTokens: 2 ** 31 },
        timeout: 9_007_199_254_740_991,
        inactivityTimeout: 1.5,
        stopOnRunFinished: 'yes',
        repos: [{ url: 5, branch: 6, autoPush: 'no' }, 'text', null, ['list']],
        environmentVariables: { RUNNER_TYPE: 1, GOOD: 'x', BAD: {} },
        userContext: { userId: 'eve', displayName: 1, groups: 'all' },
      },
      status: {
        phase: 'Daydreaming',
        stoppedReason: {},
        startTime: 'yesterday',
        completionTime: '2026-13-45T99:00:00Z',
        lastActivityTime: 1_700_000_000,
        conditions: [{ type: 1, status: true, lastTransitionTime: '' }, 'x', null],
      },
    });
    expect(session).toMatchObject({
      displayName: null,
      initialPrompt: null,
      runnerType: null,
      llmSettings: { model: null, temperature: null, maxTokens: null },
      timeoutSeconds: null,
      inactivityTimeoutSeconds: null,
      stopOnRunFinished: null,
      environmentVariables: [{ key: 'GOOD', value: 'x' }],
      createdBy: { userId: 'eve', displayName: null, groups: [] },
      phase: 'UNKNOWN',
      stoppedReason: null,
      startTime: null,
      completionTime: null,
      lastActivityTime: null,
      conditions: [{ type: '', status: 'Unknown', lastTransitionTime: null }],
      raw: { status: { phase: 'Daydreaming' }, spec: { timeout: 9_007_199_254_740_991 } },
    });
    expect(session.repos[0]).toEqual({ url: '', branch: null, autoPush: false });
  });

  it.each([
    ['null', null],
    ['text', 'text'],
    ['a list', ['a']],
    ['a number', 3],
    ['true', true],
  ])('reads on where spec and status are %s', async (_, value) => {
    expect(await readOdd({ spec: value, status: value })).toMatchObject({
      displayName: null,
      repos: [],
      environmentVariables: [],
      createdBy: null,
      phase: 'PENDING',
      conditions: [],
    });
  });

  it.each([
    ['null', null],
    ['text', 'text'],
    ['a list', ['a']],
    ['a number', 3],
    ['a map', { a: 1 }],
  ])('reads on where each part of spec is %s', async (_, value) => {
    const parts = ['llmSettings', 'repos', 'environmentVariables', 'userContext', 'displayName', 'timeout'];
    const session = await readOdd({
      spec: Object.fromEntries(parts.map((part) => [part, value])),
      status: { phase: value, conditions: value, startTime: value },
    });
    expect(session.repos).toEqual([]);
    expect(session.createdBy).toBeNull();
  });

  it('takes a field of the object that GraphQL knows from another type for nothing', async () => {
    expect(await readOdd({ username: 'eve', groups: [] })).toMatchObject({ __typename: 'AgenticSession' });
  });

  it.each(['running', 'RUNNING', 'Unknown', ' Running', 'toString'])(
    'calls the phase %j unknown',
    async (phase) => {
      expect((await readOdd({ status: { phase } })).phase).toBe('UNKNOWN');
    },
  );
});
