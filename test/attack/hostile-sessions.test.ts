import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS, session } from '../support/objects.ts';
import { startWrit } from '../support/writ.ts';
import { startWatchedWrit } from './watched-writ.ts';

const EVERY_FIELD = `
  id name projectName uid resourceVersion createdAt deletionTimestamp labels { key value } annotations { key value }
  displayName initialPrompt runnerType llmSettings { model temperature maxTokens } timeoutSeconds
  inactivityTimeoutSeconds stopOnRunFinished repos { url branch autoPush } environmentVariables { key value }
  createdBy { userId displayName groups verified } phase stoppedReason startTime completionTime lastActivityTime
  conditions { type status reason message lastTransitionTime } raw
  project { name } parent { name } children { nodes { name } } job { name } pods { name } events { message } logs availableActions`;
const PAGE = `query ($first: Int) { project(name: "demo") { sessions(first: $first) { edges { cursor node { ${EVERY_FIELD} } } } } }`;
const SCANNED = `{ project(name: "demo") { sessions(filter: {search: "e"}, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { name } } } }`;
const ROOMY = { WRIT_MAX_COMPLEXITY: '100000' };

/**
 * What anybody with edit can store with kubectl, within the custom resource's schema; UID is another session's. Where
 * the policies are in force none but Writ may say whose a session is: the backend then stores what says so.
 */
const STORABLE: Record<string, { metadata?: object; spec?: object; status?: object }> = {
  empty: {},
  'empty-spec': { spec: {} },
  controls: { spec: { displayName: 'a\0b\r\n\u001b[31m\u202e', initialPrompt: '\0\ud800' } },
  'long-name': { metadata: { name: `${'a'.repeat(200)}.b` } },
  huge: { spec: { initialPrompt: 'x'.repeat(65_536), environmentVariables: { BIG: 'x'.repeat(32_768) } } },
  numbers: {
    spec: { timeout: 604_800, inactivityTimeout: 31_536_000, llmSettings: { maxTokens: 2_147_483_647 } },
  },
  'reserved-env': {
    spec: { environmentVariables: { LD_PRELOAD: '/tmp/x.so', PATH: '/tmp', BOT_TOKEN_FILE: '/x' } },
  },
  'odd-env': { spec: { environmentVariables: { '': 'a', 'a=b': 'c', 'x\ny': 'z', constructor: 'd' } } },
  'proto-env': JSON.parse('{"spec":{"environmentVariables":{"__proto__":"polluted"}}}'),
  runner: { spec: { environmentVariables: { RUNNER_TYPE: '../../root' } } },
  repos: { spec: { repos: [{ url: 'file:///etc/passwd' }, { url: '--upload-pack=x', branch: '-x' }] } },
  owner: {
    metadata: {
      ownerReferences: [
        {
          apiVersion: 'vteam.ambient-code/v1alpha1',
          kind: 'AgenticSession',
          name: 'fix-cart-rounding',
          uid: 'UID',
          controller: true,
        },
      ],
      labels: { 'ambient-code.io/session-uid': 'UID' },
      annotations: {
        'ambient-code.io/desired-phase': 'Running',
        'ambient-code.io/requested-by': 'admin',
        'ambient-code.io/input-digest': 'x',
        'vteam.ambient-code/parent-session-id':
          '../../../namespaces/research/agenticsessions/summarise-papers',
        'kubectl.kubernetes.io/last-applied-configuration': '{"secret":"last-applied"}',
      },
    },
  },
  user: { spec: { userContext: { userId: 'admin', displayName: '<script>', groups: ['system:masters'] } } },
  own: { metadata: { annotations: { 'vteam.ambient-code/parent-session-id': 'odd-own' } } },
  status: {
    status: {
      phase: 'Running',
      startTime: '0001-01-01T00:00:00Z',
      conditions: [{ type: '', status: 'True' }],
    },
  },
  mcp: { spec: { mcpServers: { custom: { a: { command: '$(SECRET)', nested: [[[{}]]] } } } } },
};

const ORIGIN = /userContext|requested-by|input-digest/;

describe('sessions that somebody stored with kubectl', () => {
  const writ = startWrit({ environment: ROOMY });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    const victim = (await admin.get(`${SESSIONS('demo')}/fix-cart-rounding`)).body.metadata;
    for (const [name, given] of Object.entries(STORABLE)) {
      const { metadata, spec, status } = JSON.parse(
        JSON.stringify(given).replaceAll('"UID"', `"${victim.uid}"`),
      );
      const body = { metadata: { name: `odd-${name}`, ...metadata }, ...(spec && { spec }) };
      const who = ORIGIN.test(JSON.stringify(body)) ? writ.kubernetes('backend') : admin;
      const stored = await who.create(SESSIONS('demo'), session('', body));
      if (status) await admin.patch(`${SESSIONS('demo')}/${stored.metadata.name}/status`, { status });
    }
  });

  it('are read with every field and fail no page', async () => {
    const answer = await writ.as('alice', PAGE, { first: 30 });
    expect(answer.errors).toBeUndefined();
    expect(answer.data.project.sessions.edges.length).toBeGreaterThanOrEqual(Object.keys(STORABLE).length);
    expect(answer.text).not.toContain('last-applied');
    const scanned = await writ.as('alice', SCANNED);
    expect(scanned.errors).toBeUndefined();
  });

  it('a parent that is a path is none, and nothing is asked for it', async () => {
    const query =
      '{ session(project: "demo", name: "odd-owner") { parent { name } job { name } pods { name } createdBy { userId verified } } }';
    const { result, requests } = await writ.requestsDuring(() => writ.as('admin', query));
    expect(result.data.session).toEqual({
      parent: null,
      job: null,
      pods: [],
      createdBy: { userId: 'admin', verified: false },
    });
    expect(requests.filter(({ path }) => path.includes('research'))).toEqual([]);
  });

  it('one that names itself as its parent ends', async () => {
    const query =
      '{ session(project: "demo", name: "odd-own") { parent { parent { name } } children { nodes { children { nodes { name } } } } } }';
    const answer = await writ.as('alice', query);
    expect(answer.data.session.parent.parent.name).toBe('odd-own');
    expect(answer.errors).toBeUndefined();
  });
});

describe('sessions as no schema would have them (clusters with an older one)', () => {
  const writ = startWrit();
  const ODD = [null, 7, 'text', true, [], {}, [null], [[]], { key: null }, -1e300, '$(SECRET)'];
  let odd: unknown;
  const names =
    'displayName initialPrompt llmSettings timeout inactivityTimeout stopOnRunFinished repos environmentVariables userContext activeWorkflow mcpServers'.split(
      ' ',
    ); // prettier-ignore
  const states = 'phase startTime completionTime lastActivityTime stoppedReason conditions'.split(' ');
  const all = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, odd]));
  const lie = (session: { metadata: object }, index: number) => {
    const { annotations: _, labels: __, ...metadata } = session.metadata as Record<string, unknown>;
    const maps = { annotations: odd, labels: odd, deletionTimestamp: odd, ownerReferences: odd };
    const forms = [
      { ...session, spec: odd, status: odd },
      { ...session, spec: all(names), status: all(states) },
      {
        ...session,
        spec: {
          userContext: { userId: 'x', groups: odd, displayName: odd },
          repos: [odd, { url: odd, branch: odd }],
          llmSettings: all(['model', 'temperature', 'maxTokens']),
        },
      },
      {
        ...session,
        status: { conditions: [odd, { type: odd, status: odd, reason: odd, lastTransitionTime: odd }] },
      },
      { ...session, metadata: { ...metadata, ...maps } },
    ]; // prettier-ignore
    return forms[index % forms.length];
  };
  const watched = startWatchedWrit(writ.sandbox, {
    environment: ROOMY,
    alter({ path }, body) {
      if (!/\/agenticsessions\?/.test(path)) return body;
      const list = JSON.parse(body);
      return JSON.stringify({ ...list, items: list.items.map(lie) });
    },
  });

  it.each(ODD.map((value) => [JSON.stringify(value), value] as const))(
    '%s in each place fails no page',
    async (_, value) => {
      odd = value;
      const answer = await watched.as('alice', PAGE, { first: 30 });
      expect(answer.errors).toBeUndefined();
      expect(answer.data.project.sessions.edges).toHaveLength(6);
      for (const { node } of answer.data.project.sessions.edges) {
        for (const time of [node.startTime, node.completionTime, node.deletionTimestamp]) {
          expect(time === null || Date.parse(time) > 0).toBe(true);
        }
      }
      expect((await watched.as('alice', SCANNED)).errors).toBeUndefined();
    },
  );
});
