import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { allow, bind, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const PROJECTS = `query ($first: Int, $after: String, $search: String) {
  projects(first: $first, after: $after, search: $search) {
    edges { cursor node { name } }
    nodes { name }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

type Edge = { cursor: string; node: { name: string } };

describe('the projects that a viewer sees', () => {
  const writ = startWrit();
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await admin.create('/api/v1/namespaces', { metadata: { name: 'unmanaged' } });
    await bind(admin, 'unmanaged', 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'alice' });
    await admin.create('/api/v1/namespaces', {
      metadata: { name: 'not-managed', labels: { 'ambient-code.io/managed': 'false' } },
    });
    await bind(admin, 'not-managed', 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'alice' });
  });

  const namesFor = async (who: 'admin' | 'alice' | 'victor' | 'mallory') => {
    const { data, errors } = await writ.as(who, PROJECTS);
    expect(errors).toBeUndefined();
    return data.projects.nodes.map(({ name }: { name: string }) => name);
  };

  it('are the managed namespaces in which they may list sessions', async () => {
    expect(await namesFor('admin')).toEqual(['demo', 'research']);
    expect(await namesFor('alice')).toEqual(['demo']);
    expect(await namesFor('victor')).toEqual(['demo']);
    expect(await namesFor('mallory')).toEqual([]);
  });

  it('are found by name and by display name, in any case and form', async () => {
    const search = async (text: string) => {
      const { data } = await writ.as('admin', PROJECTS, { search: text });
      return data.projects.nodes.map(({ name }: { name: string }) => name);
    };
    expect(await search('DEM')).toEqual(['demo']);
    expect(await search('Research')).toEqual(['research']);
    expect(await search('  demo\n')).toEqual(['demo']);
    expect(await search('\uff24emo')).toEqual(['demo']);
    expect(await search('e')).toEqual(['demo', 'research']);
    expect(await search('')).toEqual(['demo', 'research']);
    expect(await search('zzz')).toEqual([]);
  });

  it('say what their namespace says', async () => {
    const { data } = await writ.as(
      'alice',
      '{ project(name: "demo") { id name displayName description createdAt deletionTimestamp labels { key value } } }',
    );
    expect(data.project).toMatchObject({
      name: 'demo',
      displayName: 'Demo',
      description: expect.stringContaining('Sessions to look at'),
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      deletionTimestamp: null,
      labels: expect.arrayContaining([{ key: 'ambient-code.io/managed', value: 'true' }]),
    });
  });

  it.each(['unmanaged', 'not-managed', 'nowhere'])('null: %s is no project', async (name) => {
    const query = 'query ($name: String!) { project(name: $name) { name } }';
    const { data, errors } = await writ.as('admin', query, { name });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ project: null });
  });

  it('null: a session in a namespace that is no project has none', async () => {
    await putSession(admin, 'unmanaged', 'stray');
    const query = '{ session(project: "unmanaged", name: "stray") { projectName project { name } } }';
    const { data, errors } = await writ.as('alice', query);
    expect(errors).toBeUndefined();
    expect(data.session).toEqual({ projectName: 'unmanaged', project: null });
  });

  it.each(['..', 'Demo', 'a/b', '', 'demo '])('refuses the name %j', async (name) => {
    const query = 'query ($name: String!) { project(name: $name) { name } }';
    const { errors } = await writ.as('admin', query, { name });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'name' }] } }]);
  });
});

describe('paging projects of which many are invisible', () => {
  const writ = startWrit({ sandbox: { demo: false }, reviews: { allowMs: 0, denyMs: 0 } });
  const admin = writ.kubernetes('admin');
  // 120 namespaces are more than the 50 that are read at a time; Mallory sees every 17th and the last.
  const all = Array.from({ length: 120 }, (_, n) => `p-${String(n).padStart(3, '0')}`);
  const visible = all.filter((_, n) => n % 17 === 0 || n === 119);

  beforeAll(async () => {
    const managed = { 'ambient-code.io/managed': 'true' };
    for (const name of all) await admin.create('/api/v1/namespaces', { metadata: { name, labels: managed } });
    for (const name of visible) {
      await allow(admin, name, 'mallory', [
        { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['list'] },
      ]);
    }
  });

  async function page(variables: Record<string, unknown>) {
    const { data, errors } = await writ.as('mallory', PROJECTS, variables);
    expect(errors).toBeUndefined();
    return data.projects;
  }

  const namesOf = (edges: Edge[]) => edges.map(({ node }) => node.name);

  it.each([1, 2, 3, 8, 9, 50, 500])('gives each once and in order, %i at a time', async (first) => {
    const edges: Edge[] = [];
    for (let after: string | null = null; ; ) {
      const { edges: more, nodes, pageInfo } = await page({ first, after });
      expect(nodes).toEqual(more.map(({ node }: Edge) => node));
      expect(more.length).toBeLessThanOrEqual(first);
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      edges.push(...more);
      if (!pageInfo.hasNextPage) break;
      expect(pageInfo.endCursor).not.toBe(after);
      after = pageInfo.endCursor;
    }
    expect(namesOf(edges)).toEqual(visible);
    expect(new Set(edges.map(({ cursor }) => cursor)).size).toBe(visible.length);
  });

  it('goes on behind any edge', async () => {
    const { edges } = await page({});
    for (const [index, { cursor }] of edges.entries()) {
      const { edges: behind } = await page({ first: 2, after: cursor });
      expect(namesOf(behind)).toEqual(visible.slice(index + 1, index + 3));
    }
  });

  it('reviews no namespace that the search leaves out', async () => {
    const { requests } = await writ.requestsDuring(() => page({ search: 'P-017' }));
    expect(requests.filter(({ resource }) => resource === 'selfsubjectrulesreviews')).toHaveLength(1);
    expect(requests.filter(({ resource }) => resource === 'selfsubjectaccessreviews')).toEqual([]);
  });

  it('refuses a cursor of another search', async () => {
    const { edges } = await page({ search: 'p-0' });
    const { errors } = await writ.as('mallory', PROJECTS, { search: 'p-1', after: edges[0].cursor });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] } }]);
  });

  it.each([0, 501])('refuses first: %i', async (first) => {
    const { errors } = await writ.as(
      'mallory',
      '{ projects(first: FIRST) { nodes { name } } }'.replace('FIRST', String(first)),
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'first' }] } }]);
  });
});

describe('a viewer who sees nothing among very many', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_SCAN_LIMIT: '60' } });

  it('gets an empty page from which to go on, when the limit of reading is met', async () => {
    const admin = writ.kubernetes('admin');
    const labels = { 'ambient-code.io/managed': 'true' };
    for (let n = 100; n < 330; n += 1) {
      await admin.create('/api/v1/namespaces', { metadata: { name: `p-${n}`, labels } });
    }
    await bind(admin, 'p-329', 'ClusterRole/ambient-project-view', { kind: 'User', name: 'mallory' });
    const first = await writ.as('mallory', PROJECTS);
    expect(first.data.projects).toMatchObject({ edges: [], pageInfo: { hasNextPage: true } });
    const { endCursor } = first.data.projects.pageInfo;
    const second = await writ.as('mallory', PROJECTS, { after: endCursor });
    expect(second.errors).toBeUndefined();
    expect(second.data.projects.nodes).toEqual([{ name: 'p-329' }]);
  });
});

describe('a cluster that does not let people list namespaces', () => {
  const writ = startWrit();

  beforeAll(async () => {
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/writ-namespace-lister';
    expect((await writ.kubernetes('admin').delete(path)).status).toBe(200);
    const list = () => writ.kubernetes('alice').get('/api/v1/namespaces');
    await eventually(async () => expect((await list()).status).toBe(403));
  });

  it('makes projects FORBIDDEN, with a hint at what to bind', async () => {
    const { data, errors } = await writ.as('alice', '{ viewer { username } projects { nodes { name } } }');
    expect(data).toEqual({ viewer: { username: 'alice' }, projects: null });
    expect(errors).toMatchObject([
      {
        path: ['projects'],
        extensions: {
          code: 'FORBIDDEN',
          verb: 'list',
          resource: 'namespaces',
          hint: expect.stringContaining('writ-namespace-lister'),
        },
      },
    ]);
  });

  it('still shows a project whose name is known', async () => {
    const { data, errors } = await writ.as('alice', '{ project(name: "demo") { name } }');
    expect(errors).toBeUndefined();
    expect(data.project.name).toBe('demo');
  });

  it('makes the project of another FORBIDDEN', async () => {
    const { data, errors } = await writ.as('alice', '{ project(name: "research") { name } }');
    expect(data.project).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', verb: 'get', name: 'research' } }]);
  });
});
