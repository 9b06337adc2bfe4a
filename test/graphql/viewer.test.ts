import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { allow, bind, putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const CAN = `query ($verb: String!, $resource: String!, $group: String, $subresource: String, $namespace: String, $name: String) {
  viewer { can(verb: $verb, resource: $resource, group: $group, subresource: $subresource, namespace: $namespace, name: $name) { allowed reason } }
}`;

describe('who the viewer is and what they may do', () => {
  const writ = startWrit({ reviews: { allowMs: 0, denyMs: 0 } });
  const admin = writ.kubernetes('admin');
  const group = 'vteam.ambient-code';

  beforeAll(async () => {
    await putProject(admin, 'mine');
    await bind(admin, 'mine', 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'mallory' });
  });

  /** The attributes of the reviews that the cluster was asked for. */
  async function reviewsOf(
    query: string,
    variables: Record<string, unknown> = {},
    who: 'alice' | 'mallory' = 'alice',
  ) {
    const { result, requests } = await writ.requestsDuring(() => writ.as(who, query, variables));
    expect(result.errors).toBeUndefined();
    const reviews = requests.filter(({ resource }) => resource === 'selfsubjectaccessreviews');
    const asked = reviews.map(({ body }) => {
      const { spec } = body as { spec: { resourceAttributes: Record<string, unknown> } };
      return spec.resourceAttributes;
    });
    return { data: result.data, asked };
  }

  it('is whom the cluster says', async () => {
    const { data } = await writ.as('victor', '{ viewer { username userUid groups } }');
    expect(data.viewer).toEqual({
      username: 'victor',
      userUid: 'sandbox-victor',
      groups: ['system:authenticated'],
    });
  });

  it.each([
    [
      'get a session by name',
      { verb: 'get', resource: 'agenticsessions', group, namespace: 'demo', name: 'a' },
    ],
    ['list in all namespaces', { verb: 'list', resource: 'pods', group: '' }],
    [
      'create a subresource of a named object',
      {
        verb: 'create',
        resource: 'serviceaccounts',
        group: '',
        subresource: 'token',
        namespace: 'demo',
        name: 'x',
      },
    ],
  ])('asks the cluster to %s as it is', async (_, attributes) => {
    expect((await reviewsOf(CAN, attributes)).asked).toEqual([attributes]);
  });

  it('asks for a create without a name', async () => {
    const attributes = { verb: 'create', resource: 'agenticsessions', group, namespace: 'demo' };
    expect((await reviewsOf(CAN, { ...attributes, name: 'a' })).asked).toEqual([attributes]);
  });

  it('asks about a namespace within that namespace', async () => {
    const attributes = { verb: 'delete', resource: 'namespaces', group: '', name: 'mine' };
    const { asked, data } = await reviewsOf(CAN, attributes, 'mallory');
    expect(asked).toEqual([{ ...attributes, namespace: 'mine' }]);
    expect(data.viewer.can.allowed).toBe(true);
  });

  it('asks about a project as the namespace that it is', async () => {
    const query =
      '{ project(name: "mine") { viewerCan(verb: "delete", resource: "namespaces", group: "") } }';
    const { asked, data } = await reviewsOf(query, {}, 'mallory');
    expect(asked).toEqual([
      { verb: 'delete', group: '', resource: 'namespaces', namespace: 'mine', name: 'mine' },
    ]);
    expect(data.project.viewerCan).toBe(true);
  });

  it('asks about sessions in a project, unless something else is said', async () => {
    const query =
      '{ project(name: "mine") { viewerCan(verb: "create") secrets: viewerCan(verb: "get", resource: "secrets", group: "") } }';
    const { asked, data } = await reviewsOf(query);
    expect(asked).toEqual([
      { verb: 'create', group, resource: 'agenticsessions', namespace: 'mine' },
      { verb: 'get', group: '', resource: 'secrets', namespace: 'mine' },
    ]);
    expect(data.project).toEqual({ viewerCan: true, secrets: false });
  });

  it('asks the same thing once in a request', async () => {
    const query =
      '{ viewer { a: can(verb: "get", resource: "pods") { allowed } b: can(verb: "get", resource: "pods") { allowed } } }';
    expect((await reviewsOf(query)).asked).toHaveLength(1);
  });

  it.each([
    [{ verb: '', resource: 'pods' }, ['verb']],
    [{ verb: 'get', resource: ' ' }, ['resource']],
    [{ verb: ' ', resource: '' }, ['verb', 'resource']],
  ])('refuses words that say nothing, which mean "all" to the cluster: %j', async (variables, paths) => {
    const { data, errors } = await writ.as('alice', CAN, variables);
    expect(data.viewer).toEqual({ can: null });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: paths.map((path) => ({ path })) } },
    ]);
  });

  it('takes null for an argument that is not given', async () => {
    const query = '{ project(name: "mine") { viewerCan(verb: "list", resource: null, group: null) } }';
    expect((await reviewsOf(query)).asked).toEqual([
      { verb: 'list', group, resource: 'agenticsessions', namespace: 'mine' },
    ]);
  });
});

describe('what can be done to a session now', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const phases = ['Pending', 'Creating', 'Running', 'Stopping', 'Stopped', 'Completed', 'Failed'];

  beforeAll(async () => {
    await putProject(admin, 'acting');
    for (const phase of phases) {
      await putSession(admin, 'acting', phase.toLowerCase(), { status: { phase } });
    }
    await putSession(admin, 'acting', 'leaving', { metadata: { finalizers: ['example.org/hold'] } });
    await admin.delete(`${SESSIONS('acting')}/leaving`);
    await putSession(admin, 'acting', 'bare');
    const sessions = { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'] };
    await allow(admin, 'acting', 'mallory', [
      { ...sessions, verbs: ['list'] },
      { ...sessions, verbs: ['delete'], resourceNames: ['running'] },
    ]);
  });

  async function actionsOf(who: 'admin' | 'alice' | 'victor' | 'mallory'): Promise<Record<string, string>> {
    const query = '{ project(name: "acting") { sessions { nodes { name availableActions } } } }';
    const { data, errors } = await writ.as(who, query);
    expect(errors).toBeUndefined();
    return Object.fromEntries(
      data.project.sessions.nodes.map((session: { name: string; availableActions: string[] }) => [
        session.name,
        session.availableActions.join(' '),
      ]),
    );
  }

  const everywhere = (actions: string) => Object.fromEntries(phases.map((p) => [p.toLowerCase(), actions]));

  it('is all that the phase lets one who may do everything', async () => {
    expect(await actionsOf('admin')).toEqual({
      ...everywhere('START UPDATE CLONE DELETE'),
      pending: 'START STOP UPDATE CLONE DELETE',
      creating: 'STOP CLONE DELETE',
      running: 'STOP CLONE DELETE',
      stopping: 'CLONE DELETE',
      bare: 'START STOP UPDATE CLONE DELETE',
      leaving: 'CLONE',
    });
  });

  it('is no delete for one who may not', async () => {
    expect(await actionsOf('alice')).toEqual({
      ...everywhere('START UPDATE CLONE'),
      pending: 'START STOP UPDATE CLONE',
      creating: 'STOP CLONE',
      running: 'STOP CLONE',
      stopping: 'CLONE',
      bare: 'START STOP UPDATE CLONE',
      leaving: 'CLONE',
    });
  });

  it('is nothing for one who may look', async () => {
    expect(await actionsOf('victor')).toEqual({ ...everywhere(''), bare: '', leaving: '' });
  });

  it('is what a role gives for one name', async () => {
    expect(await actionsOf('mallory')).toEqual({
      ...everywhere(''),
      running: 'DELETE',
      bare: '',
      leaving: '',
    });
  });
});
