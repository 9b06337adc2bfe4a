import { getNamedType, isLeafType, isObjectType, isRequiredArgument } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { SESSIONS } from '../support/objects.ts';
import { putEvent, putJob, putPod, putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';
const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

/** The fields that have neither a selection nor an argument that is required. */
function leavesOf(typename: string): string[] {
  const type = schema.getType(typename);
  return Object.values(isObjectType(type) ? type.getFields() : {})
    .filter(({ type, args }) => isLeafType(getNamedType(type)) && !args.some(isRequiredArgument))
    .map(({ name }) => name);
}

const idOf = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

describe('global ids', () => {
  const writ = startWrit();
  const admin = writ.kubernetes('admin');
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    await putProject(admin, 'ids');
    const session = await putSession(admin, 'ids', 'a.session');
    const job = await putJob(admin, session);
    await putPod(admin, job);
    await putEvent(admin, session);
    const { data, errors } = await writ.as(
      'alice',
      `{ viewer { id } project(name: "ids") { id session(name: "a.session") { id job { id } pods { id } events { id } } } }`,
    );
    expect(errors).toBeUndefined();
    const { viewer, project } = data;
    const { id, job: itsJob, pods, events } = project.session;
    Object.assign(ids, {
      Viewer: viewer.id,
      Project: project.id,
      AgenticSession: id,
      Job: itsJob.id,
      Pod: pods[0].id,
      KubernetesEvent: events[0].id,
    });
  });

  it.each(['Viewer', 'Project', 'AgenticSession', 'Job', 'Pod', 'KubernetesEvent'])(
    'of a %s leads to it again',
    async (kind) => {
      const { data, errors } = await writ.as('alice', NODE, { id: ids[kind] });
      expect(errors).toBeUndefined();
      expect(data.node).toEqual({ __typename: kind, id: ids[kind] });
    },
  );

  it('of another viewer lead to nothing', async () => {
    expect((await writ.as('victor', NODE, { id: ids.Viewer })).data).toEqual({ node: null });
  });

  it('lead to nothing once another object has taken the name', async () => {
    const path = `${SESSIONS('ids')}/short-lived`;
    const { metadata } = await putSession(admin, 'ids', 'short-lived');
    const id = idOf('AgenticSession', 'ids', 'short-lived', metadata.uid);
    expect((await writ.as('alice', NODE, { id })).data.node).toEqual({ __typename: 'AgenticSession', id });
    await admin.delete(path);
    expect((await writ.as('alice', NODE, { id })).data.node).toBeNull();
    await putSession(admin, 'ids', 'short-lived');
    const { data, errors } = await writ.as('alice', NODE, { id });
    expect(errors).toBeUndefined();
    expect(data.node).toBeNull();
  });

  it('lead to no namespace that is no project', async () => {
    const { metadata } = await admin.create('/api/v1/namespaces', { metadata: { name: 'plain' } });
    const { data, errors } = await writ.as('admin', NODE, { id: idOf('Project', '', 'plain', metadata.uid) });
    expect(errors).toBeUndefined();
    expect(data.node).toBeNull();
  });

  it.each([
    ['text', 'garbage'],
    ['nothing', ''],
    ['another JSON', Buffer.from('{"a":1}').toString('base64url')],
    ['an unknown kind', idOf('Secret', 'ids', 'a', 'u')],
    ['a kind that objects inherit', idOf('constructor', 'ids', 'a', 'u')],
    ['too few parts', idOf('Job', 'ids', 'a')],
    ['parts that are no text', idOf('Job', 'ids', 'a', 1)],
    ['a namespace that climbs', idOf('Job', '..', 'a', 'u')],
    ['a name that climbs', idOf('Pod', 'ids', '../secrets', 'u')],
    ['no namespace', idOf('Pod', '', 'a', 'u')],
    ['no name', idOf('AgenticSession', 'ids', '', 'u')],
    ['a viewer in a namespace', idOf('Viewer', 'ids', 'alice', 'u')],
    ['a project in a namespace', idOf('Project', 'ids', 'ids', 'u')],
    ['padding', `${idOf('Job', 'ids', 'a', 'u')}=`],
  ])('that Writ never gave are BAD_USER_INPUT: %s', async (_, id) => {
    const { result, requests } = await writ.requestsDuring(() => writ.as('alice', NODE, { id }));
    expect(result.data).toEqual({ node: null });
    expect(result.errors).toMatchObject([
      {
        extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'id', message: 'is not an id of this API' }] },
      },
    ]);
    expect(requests.filter(({ verb }) => verb === 'get')).toEqual([]);
  });

  it('many at once keep their order, with null for what is gone and an error for what is forbidden', async () => {
    const research = await admin.get(SESSIONS('research'));
    const [{ metadata }] = research.body.items;
    const forbidden = idOf('AgenticSession', 'research', metadata.name, metadata.uid);
    const gone = idOf('Job', 'ids', 'never-was', 'u');
    const asked = [ids.Pod, forbidden, ids.Viewer, gone, ids.AgenticSession, ids.Pod];
    const { data, errors } = await writ.as('alice', NODES, { ids: asked });
    expect(data.nodes.map((node: { id: string } | null) => node?.id ?? null)).toEqual([
      ids.Pod,
      null,
      ids.Viewer,
      null,
      ids.AgenticSession,
      ids.Pod,
    ]);
    expect(errors).toMatchObject([
      { path: ['nodes', 1], extensions: { code: 'FORBIDDEN', verb: 'get', namespace: 'research' } },
    ]);
  });

  it('are read once, however often an operation has them', async () => {
    const { result, requests } = await writ.requestsDuring(() =>
      writ.as('alice', NODES, {
        ids: [ids.Pod, ids.Job, ids.KubernetesEvent, ids.Pod, ids.Job, ids.KubernetesEvent],
      }),
    );
    expect(result.data.nodes).toHaveLength(6);
    expect(requests.filter(({ verb }) => verb === 'get').map(({ resource }) => resource)).toEqual([
      'pods',
      'jobs',
      'events',
    ]);
  });

  it('many at once have null and an error in the place of each that is malformed', async () => {
    const { data, errors } = await writ.as('alice', NODES, { ids: [ids.Pod, 'garbage', ids.Job, ''] });
    expect(data.nodes.map((node: { id: string } | null) => node?.id ?? null)).toEqual([
      ids.Pod,
      null,
      ids.Job,
      null,
    ]);
    expect(errors).toHaveLength(2);
    expect(errors).toMatchObject(
      [1, 3].map((index) => ({
        path: ['nodes', index],
        extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `ids.${index}` }] },
      })),
    );
  });

  it('of all types can be asked for all of their fields at once', async () => {
    const all = Object.keys(ids).map((type) => `... on ${type} { ${leavesOf(type).join(' ')} }`);
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ${all.join(' ')} } }`;
    const { data, errors } = await writ.as('admin', query, { ids: Object.values(ids) });
    expect(errors).toBeUndefined();
    expect(data.nodes).toHaveLength(Object.keys(ids).length);
  });

  it('may be none', async () => {
    expect((await writ.as('alice', NODES, { ids: [] })).data).toEqual({ nodes: [] });
  });

  it('are at most 100 at once', async () => {
    const many = (count: number) => writ.as('alice', NODES, { ids: Array(count).fill(ids.Viewer) });
    expect((await many(100)).errors).toBeUndefined();
    expect((await many(101)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'ids' }] } },
    ]);
  });
});
