import { beforeAll, describe, expect, it } from 'vitest';
import { type ProxiedRequest, type Reply, type Rule, status } from '../support/cluster-proxy.ts';
import { NAMESPACES } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject } from '../support/put-objects.ts';
import { codeOf } from '../support/writ.ts';

const GROUP = '/apis/project.openshift.io/v1';
const PROJECTS = `query ($first: Int, $after: String, $orderBy: ProjectOrder, $search: String) {
  projects(first: $first, after: $after, orderBy: $orderBy, search: $search) {
    edges { cursor node { id name displayName projectPhase } }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}`;
const DISCOVERED: Reply = {
  status: 200,
  body: {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: 'project.openshift.io/v1',
    resources: [{ name: 'projectrequests' }, { name: 'projects', kind: 'Project', namespaced: false }],
  },
};

/** What Alice may see: an unmanaged namespace too, and a project whose sessions she may not list. */
const SHOWN = ['demo', 'p-1', 'p-2', 'p-3', 'research', 'unmanaged'];

describe('where the cluster serves project.openshift.io', () => {
  const writ = startProxiedWrit();
  const admin = writ.kubernetes('admin');
  const isOf = (path: string, { path: asked }: ProxiedRequest) => asked.split('?')[0] === path;
  const seen = (path: string) => writ.proxy.seen.filter((request) => isOf(path, request));

  /** As OpenShift answers: the whole list, in no order, whatever the limit. */
  const openShift: Rule = async (request, forward) => {
    if (isOf(GROUP, request)) return DISCOVERED;
    if (!isOf(`${GROUP}/projects`, request)) return forward();
    const { searchParams } = new URL(request.path, 'https://cluster');
    const [key, value] = (searchParams.get('labelSelector') ?? '').split('=');
    const { items } = await admin.must('GET', NAMESPACES);
    type Item = { metadata: { name: string; labels?: Record<string, string> } };
    const found = (items as Item[])
      .filter(({ metadata }) => SHOWN.includes(metadata.name) && metadata.labels?.[key ?? ''] === value)
      .reverse();
    const body = { kind: 'ProjectList', apiVersion: 'project.openshift.io/v1', metadata: {}, items: found };
    return { status: 200, body };
  };

  beforeAll(async () => {
    for (const name of ['p-1', 'p-2', 'p-3']) await putProject(admin, name);
    await admin.create(NAMESPACES, { metadata: { name: 'unmanaged' } });
  });

  const page = async (variables: object = {}) => {
    writ.proxy.set(openShift);
    const { data, errors } = await writ.as('alice', PROJECTS, variables);
    expect(errors).toBeUndefined();
    return data.projects;
  };
  const namesOf = ({ edges }: { edges: { node: { name: string } }[] }) => edges.map(({ node }) => node.name);

  it('projects are those of that list that are managed, as the caller sees them, by name', async () => {
    const projects = await page();
    expect(namesOf(projects)).toEqual(['demo', 'p-1', 'p-2', 'p-3']);
    expect(projects.totalCount).toBe(4);
    expect(projects.edges[0].node).toMatchObject({ displayName: 'Demo', projectPhase: 'ACTIVE' });
    const asked = seen(`${GROUP}/projects`).at(-1);
    expect(asked?.authorization).toBe(`Bearer ${writ.sandbox.identities.alice.token}`);
    expect(seen(NAMESPACES)).toEqual([]);
  });

  it('that is asked once, and not for each request', async () => {
    await page();
    await page();
    expect(seen(GROUP)).toHaveLength(1);
  });

  it('their ids are those of the namespaces', async () => {
    const { edges } = await page();
    const { data } = await writ.as('alice', '{ project(name: "demo") { id } }');
    expect(edges[0].node.id).toBe(data.project.id);
  });

  it.each([
    [1, undefined, ['demo', 'p-1', 'p-2', 'p-3']],
    [2, { field: 'NAME', direction: 'DESC' }, ['p-3', 'p-2', 'p-1', 'demo']],
    [3, { field: 'NAME', direction: 'ASC' }, ['demo', 'p-1', 'p-2', 'p-3']],
  ])('pages are cut here, as the list has none: %i at a time, order %j', async (first, orderBy, names) => {
    const found: string[] = [];
    for (let after: string | null = null; ; ) {
      const { edges, pageInfo } = await page({ first, after, orderBy });
      expect(edges.length).toBeLessThanOrEqual(first);
      found.push(...namesOf({ edges }));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(found).toEqual(names);
  });

  it('a search selects among them', async () => {
    expect(namesOf(await page({ search: 'p-2' }))).toEqual(['p-2']);
  });
});

describe('a cluster whose discovery', () => {
  const query = (writ: ReturnType<typeof startProxiedWrit>) => writ.as('alice', PROJECTS);
  const answering =
    (reply: Reply): Rule =>
    ({ path }, forward) =>
      path.startsWith(GROUP) ? reply : forward();

  describe('is not open to the caller', () => {
    const writ = startProxiedWrit();
    it('has namespaces, and is asked again', async () => {
      writ.proxy.set(answering(status(403, 'Forbidden')));
      for (const asked of [1, 2]) {
        const { data, errors } = await query(writ);
        expect(errors).toBeUndefined();
        expect(data.projects.edges).toHaveLength(1);
        expect(writ.proxy.seen.filter(({ path }) => path === GROUP)).toHaveLength(asked);
      }
    });
  });

  describe('has no such group', () => {
    const writ = startProxiedWrit();
    it('has namespaces, and is not asked again', async () => {
      for (const _ of [1, 2]) expect((await query(writ)).data.projects.edges).toHaveLength(1);
      expect(writ.proxy.seen.filter(({ path }) => path === GROUP)).toHaveLength(1);
    });
  });

  describe('fails', () => {
    const writ = startProxiedWrit();
    it('makes projects UNAVAILABLE: the group may be there', async () => {
      writ.proxy.set(answering(status(503, 'ServiceUnavailable')));
      expect(codeOf(await query(writ))).toBe('UNAVAILABLE');
      writ.proxy.set((_, forward) => forward());
      expect((await query(writ)).errors).toBeUndefined();
    });
  });
});
