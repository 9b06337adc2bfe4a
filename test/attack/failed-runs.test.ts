import { describe, expect, it } from 'vitest';
import { parseNodeId } from '../../src/graphql/relay/node-id.ts';
import { eventually } from '../support/eventually.ts';
import { untilMay } from '../support/in-force.ts';
import { SESSIONS, session } from '../support/objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';
import { type SeenCall, startWatchedWrit } from './watched-writ.ts';

const CREATE = createSessionMutation('name uid initialPrompt');
const ROLE = '/apis/rbac.authorization.k8s.io/v1/clusterroles/writ-backend-project';
const COLLECTIONS: Record<string, string> = {
  secrets: '/api/v1/namespaces/demo/secrets',
  serviceaccounts: '/api/v1/namespaces/demo/serviceaccounts',
  roles: '/apis/rbac.authorization.k8s.io/v1/namespaces/demo/roles',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1/namespaces/demo/rolebindings',
  jobs: '/apis/batch/v1/namespaces/demo/jobs',
};
interface Child {
  metadata: { name: string; uid: string; ownerReferences?: { uid: string; controller?: boolean }[] };
}

const writ = startWrit();
const admin = writ.kubernetes('admin');
const backend = writ.kubernetes('backend');

async function childrenOf(uid: string): Promise<Child[]> {
  const lists = await Promise.all(Object.values(COLLECTIONS).map((path) => admin.get(path)));
  return lists
    .flatMap(({ body }) => body.items as Child[])
    .filter(({ metadata }) => metadata.name.includes(uid));
}

/** Whether the error and the stored session say what happened. */
async function expectReported(answer: Awaited<ReturnType<typeof writ.as>>, code: string, condition = true) {
  const extensions = answer.errors?.[0]?.extensions ?? {};
  expect(extensions.code).toBe(code);
  expect(extensions.session).toEqual({ id: expect.any(String), project: 'demo', name: expect.any(String) });
  const { uid = '', name = '' } = parseNodeId(extensions.session.id) ?? {};
  const { body } = await admin.get(`${SESSIONS('demo')}/${name}`);
  expect(body.metadata.uid).toBe(uid);
  if (condition) {
    expect(body.status.conditions).toEqual([
      expect.objectContaining({ type: 'RunCreated', status: 'False', reason: code }),
    ]);
  }
  return { uid, name };
}

describe('a run that can\u2019t be made', () => {
  it.each([
    ['secrets', (resources: string[]) => resources.includes('secrets')],
    ['service accounts', (resources: string[]) => resources.includes('serviceaccounts')],
    ['tokens', (resources: string[]) => resources.includes('serviceaccounts/token')],
    ['roles', (resources: string[]) => resources.includes('roles')],
    ['jobs', (resources: string[]) => resources.includes('jobs')],
    ['status', (resources: string[]) => resources.includes('agenticsessions/status')],
  ])('without a right to %s is reported, and all of it goes with its session', async (what, taken) => {
    const { rules } = (await admin.get(ROLE)).body;
    const left = rules.filter((rule: { resources: string[] }) => !taken(rule.resources));
    expect(left.length).toBeLessThan(rules.length);
    const [gone] = rules.filter((rule: { resources: string[] }) => taken(rule.resources));
    await admin.patch(ROLE, { rules: left });
    await untilMay(backend, 'demo', gone, false);
    const answer = await writ.as('alice', CREATE, { input: { project: 'demo' } });
    await admin.patch(ROLE, { rules });
    await untilMay(backend, 'demo', gone);

    const { uid, name } = await expectReported(answer, 'FORBIDDEN', what !== 'status');
    const children = await childrenOf(uid);
    for (const { metadata } of children) {
      expect(metadata.ownerReferences).toEqual([expect.objectContaining({ uid, controller: true })]);
    }
    const query = 'mutation ($name: String!) { deleteSession(project: "demo", name: $name) { deletedId } }';
    expect((await writ.as('admin', query, { name })).errors).toBeUndefined();
    await eventually(async () => expect(await childrenOf(uid)).toEqual([]));
  });
});

describe('a name that somebody took before the run', () => {
  let squat: string | undefined;
  let squatted: Child | undefined;
  const watched = startWatchedWrit(writ.sandbox, {
    async before({ via, method, path, body }: SeenCall) {
      const [collection] = path.split('?');
      if (via !== 'backend' || method !== 'POST' || !squat || collection !== COLLECTIONS[squat])
        return undefined;
      const { kind, metadata, ...rest } = JSON.parse(body);
      const mine = { kind, ...rest, metadata: { name: metadata.name, labels: metadata.labels } };
      squatted = await admin.create(collection ?? '', mine);
      return undefined;
    },
  });

  it.each(Object.keys(COLLECTIONS))(
    'in %s is a CONFLICT: nothing is adopted, nothing goes on',
    async (plural) => {
      squat = plural;
      const { result, requests } = await writ.requestsDuring(() =>
        watched.as('alice', CREATE, { input: { project: 'demo' } }),
      );
      squat = undefined;
      const { uid } = await expectReported(result, 'CONFLICT');
      const name = squatted?.metadata.name;
      expect(name).toContain(uid);
      const { body } = await admin.get(`${COLLECTIONS[plural]}/${name}`);
      expect(body).toEqual(squatted);
      expect(body.metadata.ownerReferences).toBeUndefined();
      const backend = requests.filter(({ user }) => user === BACKEND);
      const minted = backend.filter(({ subresource }) => subresource === 'token');
      expect(minted).toHaveLength(plural === 'jobs' ? 1 : 0);
      const failed = backend.findIndex(({ status }) => status === 409);
      expect(backend.slice(failed + 1).map(({ subresource, verb }) => `${verb} ${subresource}`)).toEqual([
        'patch status',
      ]);
    },
  );
});

describe('an idempotency key', () => {
  const input = (idempotencyKey: string, more = {}) => ({
    project: 'demo',
    start: false,
    idempotencyKey,
    ...more,
  });
  /** As the backend: where the policies are in force, nobody else may store such annotations. */
  async function squatWith(name: string, annotations: object) {
    const spec = { initialPrompt: 'squatted' };
    await backend.create(SESSIONS('demo'), session(name, { metadata: { name, annotations }, spec }));
  }
  const nameOf = async (who: 'alice' | 'admin', given: object): Promise<string> =>
    (await writ.as(who, CREATE, { input: given })).data.createSession.session.name;

  it('gives its session again to the same user, and another to another user', async () => {
    const name = await nameOf('alice', input('k1'));
    expect(await nameOf('alice', input('k1'))).toBe(name);
    expect(await nameOf('admin', input('k1'))).not.toBe(name);
  });

  it('does not give another user\u2019s session where both name it', async () => {
    const given = input('k2', { name: 'of-alice', initialPrompt: 'hers' });
    await nameOf('alice', given);
    const answer = await writ.as('admin', CREATE, { input: given });
    expect(codeOf(answer)).toBe('CONFLICT');
    expect(answer.data?.createSession).toBeFalsy();
  });

  it.each([
    ['nothing', {}],
    ['a digest', { 'ambient-code.io/input-digest': 'x' }],
  ])('whose name was squatted with %s is a CONFLICT', async (what, annotations) => {
    const given = input(`k3 ${what}`);
    const name = await nameOf('alice', given);
    await admin.delete(`${SESSIONS('demo')}/${name}`);
    await squatWith(name, annotations);
    const answer = await writ.as('alice', CREATE, { input: given });
    expect(codeOf(answer)).toBe('CONFLICT');
  });

  it('whose name was squatted with the right digest, by another user, is a CONFLICT', async () => {
    const given = input('k4', { initialPrompt: 'mine' });
    const name = await nameOf('alice', given);
    const { body } = await admin.get(`${SESSIONS('demo')}/${name}`);
    await admin.delete(`${SESSIONS('demo')}/${name}`);
    const annotations = { ...body.metadata.annotations, 'ambient-code.io/requested-by': 'victor' };
    await squatWith(name, annotations);
    const answer = await writ.as('alice', CREATE, { input: given });
    expect(codeOf(answer)).toBe('CONFLICT');
  });
});
