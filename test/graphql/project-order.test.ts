import { beforeAll, describe, expect, it } from 'vitest';
import { allow, bind, putProject } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const PROJECTS = `query ($first: Int, $after: String, $orderBy: ProjectOrder, $search: String) {
  projects(first: $first, after: $after, orderBy: $orderBy, search: $search) {
    edges { cursor node { name createdAt } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
    totalCount
  }
}`;

type Order = { field: 'NAME' | 'CREATED_AT'; direction: 'ASC' | 'DESC' };
type Edge = { cursor: string; node: { name: string; createdAt: string } };
const ORDERS: Order[] = (['NAME', 'CREATED_AT'] as const).flatMap((field) =>
  (['ASC', 'DESC'] as const).map((direction) => ({ field, direction })),
);

describe('an order of projects', () => {
  // No more than a few reviews for each page.
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_REQUEST_CALLS: '40' } });
  const admin = writ.kubernetes('admin');
  // Against the order of their names, in more than one second at most.
  const all = Array.from({ length: 90 }, (_, n) => `p-${String(90 - n).padStart(3, '0')}`);
  const visible = all.filter((_, n) => n % 9 === 4);

  beforeAll(async () => {
    const labels = { 'ambient-code.io/managed': 'true' };
    for (const name of all) await admin.create('/api/v1/namespaces', { metadata: { name, labels } });
    const rules = [{ apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['list'] }];
    for (const name of visible) await allow(admin, name, 'mallory', rules);
  });

  const page = async (who: 'admin' | 'mallory', variables: object) => {
    const { data, errors } = await writ.as(who, PROJECTS, variables);
    expect(errors).toBeUndefined();
    return data.projects;
  };
  const keyOf = ({ node }: Edge, { field }: Order) =>
    field === 'NAME' ? node.name : `${node.createdAt} ${node.name}`;

  it.each(ORDERS.flatMap((orderBy) => [1, 4, 50].map((first) => [first, orderBy] as const)))(
    'gives each that the caller may see once and in order, %i at a time: %j',
    async (first, orderBy) => {
      const edges: Edge[] = [];
      for (let after: string | null = null; ; ) {
        const { edges: more, pageInfo } = await page('mallory', { first, after, orderBy });
        expect(more.length).toBeLessThanOrEqual(first);
        expect(pageInfo.hasPreviousPage).toBe(after !== null);
        edges.push(...more);
        if (!pageInfo.hasNextPage) break;
        expect(pageInfo.endCursor).not.toBe(after);
        after = pageInfo.endCursor;
      }
      expect(edges.map(({ node }) => node.name).sort()).toEqual(visible.toSorted());
      const keys = edges.map((edge) => keyOf(edge, orderBy));
      const sorted = keys.toSorted();
      expect(keys).toEqual(orderBy.direction === 'ASC' ? sorted : sorted.reverse());
    },
  );

  it('goes on behind any edge', async () => {
    const orderBy = { field: 'NAME', direction: 'DESC' };
    const descending = visible.toSorted().reverse();
    const { edges } = await page('admin', { first: 90, orderBy, search: 'p-' });
    const names = edges.map(({ node }: Edge) => node.name);
    expect(names).toEqual(all);
    const after = edges[20].cursor;
    const behind = await page('mallory', { first: 500, orderBy, after: null });
    expect(behind.edges.map(({ node }: Edge) => node.name)).toEqual(descending.slice(0, behind.edges.length));
    const next = await page('admin', { first: 2, orderBy, after, search: 'p-' });
    expect(next.edges.map(({ node }: Edge) => node.name)).toEqual(names.slice(21, 23));
  });

  it('counts all projects for who sees all, also in a search', async () => {
    const orderBy = { field: 'CREATED_AT', direction: 'DESC' };
    // With demo and research.
    expect((await page('admin', { first: 1, orderBy })).totalCount).toBe(92);
    expect((await page('admin', { first: 1, orderBy, search: 'P-01' })).totalCount).toBe(10);
    const { pageInfo } = await page('admin', { first: 1, orderBy });
    expect((await page('admin', { first: 1, orderBy, after: pageInfo.endCursor })).totalCount).toBe(92);
  });

  it('does not know the number where not all were reviewed, and says so', async () => {
    expect((await page('mallory', { first: 50 })).totalCount).toBeNull();
    expect(
      (await page('mallory', { first: 1, orderBy: { field: 'NAME', direction: 'DESC' } })).totalCount,
    ).toBeNull();
    // Of those that are found by the text, all were.
    const orderBy = { field: 'NAME', direction: 'DESC' };
    expect((await page('mallory', { first: 50, orderBy, search: 'p-01' })).totalCount).toBe(
      visible.filter((name) => name.startsWith('p-01')).length,
    );
  });

  it('refuses a cursor of another order', async () => {
    const { edges } = await page('admin', { first: 1, orderBy: { field: 'NAME', direction: 'DESC' } });
    const { errors } = await writ.as('admin', PROJECTS, { after: edges[0].cursor });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] } }]);
  });
});

describe('the number of projects', () => {
  const writ = startWrit();

  it.each([
    ['admin', 50, 2],
    ['admin', 1, 2],
    ['alice', 50, 1],
    ['mallory', 50, 0],
  ] as const)('is known where one page has all: %s, first %i', async (who, first, count) => {
    const { data } = await writ.as(who, PROJECTS, { first });
    expect(data.projects.totalCount).toBe(count);
  });

  it('is the same on the pages after', async () => {
    const { data } = await writ.as('admin', PROJECTS, { first: 1 });
    const next = await writ.as('admin', PROJECTS, { first: 1, after: data.projects.pageInfo.endCursor });
    expect(next.data.projects.totalCount).toBe(2);
  });
});

describe('more projects than may be read', () => {
  const writ = startWrit({ environment: { WRIT_SCAN_LIMIT: '3' } });

  it('are BAD_USER_INPUT in an order of Writ, and not by name', async () => {
    for (const name of ['one', 'two']) await putProject(writ.kubernetes('admin'), name);
    const orderBy = { field: 'CREATED_AT', direction: 'ASC' };
    const { errors } = await writ.as('admin', PROJECTS, { orderBy });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'orderBy' }] } }]);
    expect((await writ.as('admin', PROJECTS)).data.projects.edges).toHaveLength(4);
  });
});

describe('what a project says about its viewer', () => {
  const writ = startWrit({ reviews: { allowMs: 0, denyMs: 0 } });
  const admin = writ.kubernetes('admin');
  const roleOf = async (who: 'admin' | 'alice' | 'victor' | 'mallory', name: string) => {
    const query = 'query ($name: String!) { project(name: $name) { viewerRole projectPhase } }';
    const { data, errors } = await writ.as(who, query, { name });
    expect(errors).toBeUndefined();
    return data.project.viewerRole;
  };

  it('is the highest of its roles', async () => {
    await putProject(admin, 'roles');
    expect(await roleOf('mallory', 'roles')).toBeNull();
    await bind(admin, 'roles', 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'mallory' });
    expect(await roleOf('admin', 'roles')).toBe('ADMIN');
    expect(await roleOf('mallory', 'roles')).toBe('ADMIN');
    expect(await roleOf('alice', 'roles')).toBe('EDIT');
    expect(await roleOf('victor', 'roles')).toBe('VIEW');
  });

  it('needs the rights of the roles below it', async () => {
    await putProject(admin, 'odd-rights');
    const rule = (resource: string, verb: string, apiGroup = 'vteam.ambient-code') => ({
      apiGroups: [apiGroup],
      resources: [resource],
      verbs: [verb],
    });
    await allow(admin, 'odd-rights', 'mallory', [rule('agenticsessions', 'create')]);
    expect(await roleOf('mallory', 'odd-rights')).toBeNull();
    await allow(admin, 'odd-rights', 'mallory', [rule('agenticsessions', 'list')]);
    expect(await roleOf('mallory', 'odd-rights')).toBe('EDIT');
    await allow(admin, 'odd-rights', 'victor', [rule('rolebindings', 'create', 'rbac.authorization.k8s.io')]);
    expect(await roleOf('victor', 'odd-rights')).toBe('VIEW');
  });

  it('says that it is being deleted', async () => {
    await putProject(admin, 'ending', { finalizers: ['writ.test/hold'] });
    await admin.delete('/api/v1/namespaces/ending');
    const { data } = await writ.as(
      'admin',
      '{ project(name: "ending") { projectPhase } demo: project(name: "demo") { projectPhase } }',
    );
    expect(data).toEqual({ project: { projectPhase: 'TERMINATING' }, demo: { projectPhase: 'ACTIVE' } });
  });

  it('costs one review for each project of a list', async () => {
    const { requests } = await writ.requestsDuring(() =>
      writ.as('alice', '{ projects { nodes { name viewerRole } } }'),
    );
    const reviews = requests.filter(({ resource }) => /(access|rules)reviews$/.test(resource));
    const { items } = await admin.must(
      'GET',
      '/api/v1/namespaces?labelSelector=ambient-code.io/managed=true',
    );
    // And one for all of them.
    expect(reviews).toHaveLength(items.length + 1);
  });
});
