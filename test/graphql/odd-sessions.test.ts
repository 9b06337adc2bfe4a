import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { SESSION_FIELDS } from '../support/session-operations.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Stored = { metadata: { name: string } };

describe('a page with a session that another version of the resource let in', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const LIST = `{ project(name: "fields") { sessions(first: 2) { nodes { ${SESSION_FIELDS} } } } }`;
  let odd: Record<string, unknown> = {};

  beforeAll(async () => {
    await putProject(admin, 'fields');
    await putSession(admin, 'fields', 'normal', { spec: { displayName: 'Normal' } });
    await putSession(admin, 'fields', 'odd');
  });
  beforeEach(() => {
    writ.proxy.set(async ({ path }, forward) => {
      const reply = await forward();
      if (!path.includes('/agenticsessions')) return reply;
      const { items, ...one } = reply.body as { items?: Stored[] } & Stored;
      for (const item of items ?? []) if (item.metadata.name === 'odd') Object.assign(item, odd);
      return items ? reply : { ...reply, body: { ...one, ...odd } };
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
        activeWorkflow: { gitUrl: 1, branch: [], path: null },
        mcpServers: { custom: ['a'], disabled: [1, 'b'] },
      },
      status: {
        phase: 'Daydreaming',
        stoppedReason: {},
        startTime: 'yesterday',
        completionTime: '2026-13-45T99:00:00Z',
        lastActivityTime: 1_700_000_000,
        reconciledRepos: [{ url: 1, branches: 'main', status: 'Melting', clonedAt: 'now' }, 'x', null],
        reconciledWorkflow: { status: 7, appliedAt: {} },
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
      activeWorkflow: { gitUrl: null, branch: null, path: null },
      mcpServers: { custom: null, disabled: ['b'] },
      reconciledRepos: [{ url: null, branches: [], status: 'UNKNOWN', clonedAt: null }],
      reconciledWorkflow: { gitUrl: null, status: 'UNKNOWN', appliedAt: null },
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
      spec: Object.fromEntries([...parts, 'activeWorkflow', 'mcpServers'].map((part) => [part, value])),
      status: {
        phase: value,
        conditions: value,
        startTime: value,
        reconciledRepos: value,
        reconciledWorkflow: value,
      },
    });
    expect(session.reconciledRepos).toEqual([]);
    expect(session.repos).toEqual([]);
    expect(session.createdBy).toBeNull();
  });

  it('takes a field of the object that GraphQL knows from another type for nothing', async () => {
    const { id } = await readOdd({ username: 'eve', groups: [] });
    const query = 'query ($id: ID!) { node(id: $id) { __typename id } }';
    const { data } = await writ.as('alice', query, { id });
    expect(data.node).toEqual({ __typename: 'AgenticSession', id });
  });

  it('leaves out of raw what only the cluster needs', async () => {
    const { body } = await admin.get(`${SESSIONS('fields')}/odd`);
    const managedFields = [{ manager: 'kubectl', operation: 'Update' }];
    const annotations = { [LAST_APPLIED]: '{}', kept: 'x' };
    const { managedFields: _, ...metadata } = body.metadata;
    const { raw } = await readOdd({ metadata: { ...metadata, managedFields, annotations } });
    expect(raw.metadata).toEqual({ ...metadata, annotations: { kept: 'x' } });
  });

  it.each(['running', 'RUNNING', 'Unknown', ' Running', 'toString'])(
    'calls the phase %j unknown',
    async (phase) => {
      expect((await readOdd({ status: { phase } })).phase).toBe('UNKNOWN');
    },
  );
});
