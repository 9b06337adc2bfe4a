import { beforeAll, describe, expect, it } from 'vitest';
import { encodeNodeId } from '../../src/graphql/relay/node-id.ts';
import { JOB_SPEC, POD_SPEC, SESSIONS, session } from '../support/objects.ts';
import { putSession } from '../support/put-objects.ts';
import { codeOf, startWrit } from '../support/writ.ts';
import { startWatchedWrit } from './watched-writ.ts';

const RESEARCH = { name: 'summarise-papers' };
const VICTIM = { name: 'fix-cart-rounding', uid: '' };
const owner = (name: string, uid: string, kind = 'AgenticSession') => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'vteam.ambient-code/v1alpha1',
  kind,
  name,
  uid,
  controller: true,
});

describe('what wears another session\u2019s label', () => {
  const writ = startWrit();
  const admin = writ.kubernetes('admin');
  const jobs = '/apis/batch/v1/namespaces/demo/jobs';
  const pods = '/api/v1/namespaces/demo/pods';
  const forge = async (path: string, name: string, ownerReferences: object[] | undefined, spec: object) => {
    const labels = { 'ambient-code.io/session-uid': VICTIM.uid };
    return (await admin.create(path, { metadata: { name, labels, ownerReferences }, spec })).metadata;
  };
  beforeAll(async () => {
    VICTIM.uid = (await admin.get(`${SESSIONS('demo')}/${VICTIM.name}`)).body.metadata.uid;
    const other = (await admin.create(SESSIONS('demo'), session('other'))).metadata;
    const victim = owner(VICTIM.name, VICTIM.uid);
    const ofOther = await forge(jobs, `session-${VICTIM.uid}-9`, [owner('other', other.uid)], JOB_SPEC);
    await forge(jobs, 'forged-of-nobody', undefined, JOB_SPEC);
    await forge(jobs, 'forged-not-controlled', [{ ...victim, controller: false }], JOB_SPEC);
    await forge(pods, 'forged-pod-of-other', [owner(ofOther.name, ofOther.uid, 'Job')], POD_SPEC);
    await forge(pods, 'forged-pod-of-nobody', undefined, POD_SPEC);
    await forge(pods, 'forged-pod-of-session', [victim], POD_SPEC);
    for (const [name, uid] of [
      ['forged-pod-of-other', ofOther.uid],
      [VICTIM.name, other.uid],
    ]) {
      await admin.create('/api/v1/namespaces/demo/events', {
        metadata: { name: `forged-${uid}` },
        involvedObject: { kind: 'AgenticSession', namespace: 'demo', name, uid },
        message: 'forged',
      });
    }
  });

  it('is not shown as its job, pods, logs or events', async () => {
    const query = `{ session(project: "demo", name: "${VICTIM.name}") { job { name } pods { name } logs events { message objectName } } }`;
    const { result, requests } = await writ.requestsDuring(() => writ.as('victor', query));
    const { job, pods, events } = result.data.session;
    expect(job.name).toBe(`session-${VICTIM.uid}-1`);
    expect(pods).toEqual([{ name: `session-${VICTIM.uid}-1-x7k2p` }]);
    expect(JSON.stringify(events)).not.toContain('forged');
    const logs = requests.filter(({ subresource }) => subresource === 'log');
    expect(logs.map(({ name }) => name)).toEqual([`session-${VICTIM.uid}-1-x7k2p`]);
  });

  it('lineage stays in the project: neither a parent nor children of the same name elsewhere', async () => {
    const childOf = (parent: string) => ({ 'vteam.ambient-code/parent-session-id': parent });
    await putSession(admin, 'demo', 'climber', { metadata: { annotations: childOf(RESEARCH.name) } });
    await putSession(admin, 'research', 'child', { metadata: { annotations: childOf(VICTIM.name) } });
    const lineage = (name: string) =>
      `{ session(project: "demo", name: "${name}") { parent { name } children { nodes { name } } } }`;
    const { result, requests } = await writ.requestsDuring(async () => [
      await writ.as('admin', lineage('climber')),
      await writ.as('admin', lineage(VICTIM.name)),
    ]);
    expect(result.map(({ data }) => data.session)).toEqual([
      { parent: null, children: { nodes: [] } },
      { parent: null, children: { nodes: [] } },
    ]);
    expect(requests.filter(({ namespace }) => namespace === 'research')).toEqual([]);
  });

  it('lineage can\u2019t be claimed over a session that the user does not see', async () => {
    const create = `mutation ($p: String!) { createSession(input: {project: "demo", start: false, parentSession: $p}) { session { name } } }`;
    const parents = [RESEARCH.name, 'no-such-session'];
    const answers = await Promise.all(parents.map((p) => writ.as('alice', create, { p })));
    // The receipt of the review differs by the request alone.
    const errorOf = (answer: (typeof answers)[number]) => {
      const { receipt, ...extensions } = answer.errors?.[0]?.extensions ?? {};
      return { ...answer.errors?.[0], extensions, auditIds: receipt?.auditIds.length };
    };
    expect(errorOf(answers[0] as never)).toEqual(errorOf(answers[1] as never));
    expect(answers.map(codeOf)).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
  });
});

describe('what a user may not see', () => {
  const writ = startWrit();
  const id = (name: string, uid: string) =>
    encodeNodeId({ typename: 'AgenticSession', namespace: 'research', name, uid });
  const there = { name: RESEARCH.name, uid: '' };
  const absent = { name: 'no-such-session', uid: '' };
  beforeAll(async () => {
    const { body } = await writ.kubernetes('admin').get(`${SESSIONS('research')}/${RESEARCH.name}`);
    there.uid = absent.uid = body.metadata.uid;
  });
  const QUESTIONS: [string, (of: typeof there) => string][] = [
    ['session', ({ name }) => `{ session(project: "research", name: "${name}") { name } }`],
    ['project.session', ({ name }) => `{ project(name: "research") { session(name: "${name}") { name } } }`],
    ['node', ({ name, uid }) => `{ node(id: "${id(name, uid)}") { id } }`],
    ['nodes', ({ name, uid }) => `{ nodes(ids: ["${id(name, uid)}"]) { id } }`],
    ['node with another uid', ({ name }) => `{ node(id: "${id(name, 'x')}") { id } }`],
    [
      'updateSession',
      ({ name }) =>
        `mutation { updateSession(input: {project: "research", name: "${name}", displayName: "x"}) { session { name } } }`,
    ],
    [
      'deleteSession',
      ({ name }) => `mutation { deleteSession(project: "research", name: "${name}") { deletedId } }`,
    ],
    [
      'createSession',
      ({ name }) =>
        `mutation { createSession(input: {project: "research", name: "${name}"}) { session { name } } }`,
    ],
    [
      'createSession with a parent',
      ({ name }) =>
        `mutation { createSession(input: {project: "research", parentSession: "${name}"}) { session { name } } }`,
    ],
    [
      'createSession with a key',
      ({ name }) =>
        `mutation { createSession(input: {project: "research", name: "${name}", idempotencyKey: "k"}) { session { name } } }`,
    ],
  ]; // prettier-ignore

  /** The role of a remedy is named after a hash of what was asked for. */
  const sameNames = (text: string) => text.replaceAll(/-[0-9a-f]{12}\b/g, '-HASH');

  it.each(QUESTIONS)('%s: the same FORBIDDEN, whether it is there or not', async (_, ask) => {
    for (const who of ['alice', 'mallory'] as const) {
      const [yes, no] = await Promise.all([writ.as(who, ask(there)), writ.as(who, ask(absent))]);
      expect(yes.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
      expect(sameNames(yes.text.replaceAll(there.name, absent.name))).toBe(sameNames(no.text));
      expect(yes.text).not.toMatch(/latency|speculative|papers\//);
    }
  });

  it.each(['Job', 'Pod', 'KubernetesEvent'] as const)(
    'the node of a %s is FORBIDDEN, whether it is there or not',
    async (typename) => {
      for (const name of ['there', 'absent']) {
        const nodeId = encodeNodeId({ typename, namespace: 'research', name, uid: 'x' });
        const answer = await writ.as('alice', `{ node(id: "${nodeId}") { id } }`);
        expect(codeOf(answer)).toBe('FORBIDDEN');
      }
    },
  );

  it('the projects of a user are those in which the user may list', async () => {
    const names = async (who: 'alice' | 'mallory' | 'admin') =>
      (await writ.as(who, '{ projects { nodes { name } } }')).data.projects.nodes.map(
        (n: { name: string }) => n.name,
      );
    expect(await Promise.all([names('alice'), names('mallory'), names('admin')])).toEqual([
      ['demo'],
      [],
      ['demo', 'research'],
    ]);
  });

  it('the viewer\u2019s id of somebody else names nothing', async () => {
    const viewerId = encodeNodeId({ typename: 'Viewer', namespace: '', name: 'admin', uid: 'sandbox-admin' });
    const answer = await writ.as('mallory', `{ node(id: "${viewerId}") { id ... on Viewer { groups } } }`);
    expect(answer.data).toEqual({ node: null });
  });

  it('a cursor of another project or of another user is refused, and no list is read with it', async () => {
    const page = (project: string) =>
      `query ($after: String) { project(name: "${project}") { sessions(first: 1, after: $after) { pageInfo { endCursor } } } }`;
    const endOf = async (project: string) =>
      (await writ.as('admin', page(project))).data.project.sessions.pageInfo.endCursor;
    const [demo, research] = await Promise.all([endOf('demo'), endOf('research')]);
    for (const [who, after] of [
      ['admin', research],
      ['victor', demo],
    ] as const) {
      const { result, requests } = await writ.requestsDuring(() => writ.as(who, page('demo'), { after }));
      expect(codeOf(result)).toBe('BAD_USER_INPUT');
      expect(requests.filter(({ resource }) => resource === 'agenticsessions')).toEqual([]);
    }
    const denied = await writ.as('mallory', page('demo'), { after: demo });
    expect(['FORBIDDEN', 'BAD_USER_INPUT']).toContain(codeOf(denied));
    expect(denied.data.project?.sessions ?? null).toBeNull();
  });
});

describe('reviews that are kept for a moment', () => {
  const writ = startWrit();
  let rejected: string | undefined;
  const watched = startWatchedWrit(writ.sandbox, {
    reviews: { allowMs: 3_600_000, denyMs: 3_600_000 },
    before: ({ headers, path }) =>
      rejected && headers.authorization?.includes(rejected) && !path.includes('selfsubject')
        ? { status: 401, body: '{}' }
        : undefined,
  });
  const CAN =
    '{ viewer { username can(verb: "create", resource: "agenticsessions", group: "vteam.ambient-code", namespace: "demo") { allowed } } }';
  const answerOf = async (who: 'alice' | 'victor') => (await watched.as(who, CAN)).data.viewer;

  it('are each user\u2019s own, in any order and at once', async () => {
    const people = ['alice', 'victor', 'alice', 'victor'] as const;
    for (const answers of [
      await Promise.all(people.map(answerOf)),
      await Promise.all([...people].reverse().map(answerOf)),
    ]) {
      for (const { username, can } of answers) expect(can.allowed).toBe(username === 'alice');
    }
  });

  it('are not used where something is written', async () => {
    await answerOf('alice');
    const create = 'mutation { createSession(input: {project: "demo", start: false}) { session { name } } }';
    const { requests } = await writ.requestsDuring(() => watched.as('alice', create));
    expect(
      requests
        .map(({ user, resource }) => `${user} ${resource}`)
        .slice(0, 3)
        .sort(),
    ).toEqual(['alice secrets', 'alice selfsubjectaccessreviews', 'alice selfsubjectreviews']);
  });

  it('are forgotten when the cluster rejects the token, and the other users\u2019 are not', async () => {
    await Promise.all([answerOf('alice'), answerOf('victor')]);
    rejected = writ.sandbox.identities.alice.token;
    const answer = await watched.as('alice', '{ session(project: "demo", name: "migrate-ci") { name } }');
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    rejected = undefined;
    const asked = async (who: 'alice' | 'victor') =>
      (await writ.requestsDuring(() => answerOf(who))).requests.length;
    expect([await asked('alice'), await asked('victor')]).toEqual([2, 0]);
  });
});
