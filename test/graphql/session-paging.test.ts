import { beforeAll, describe, expect, it } from 'vitest';
import { putProject, putSession } from '../support/put-objects.ts';
import { sessionsQuery } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const PAGE = sessionsQuery(`
  edges { cursor node { name } }
  nodes { name }
  totalCount
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
`);

type Edge = { cursor: string; node: { name: string } };

describe('paging the sessions of a project by name', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const names = Array.from({ length: 13 }, (_, n) => `s-${String.fromCharCode(97 + n)}`);

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'paged');
    await putProject(admin, 'empty');
    for (const [n, name] of names.toReversed().entries()) {
      await putSession(admin, 'paged', name, { metadata: { labels: { parity: n % 2 ? 'odd' : 'even' } } });
    }
  });

  async function page(variables: Record<string, unknown>) {
    const { data, errors } = await writ.as('alice', PAGE, { project: 'paged', ...variables });
    expect(errors).toBeUndefined();
    return data.project.sessions;
  }

  async function walk(variables: Record<string, unknown>): Promise<Edge[][]> {
    const pages: Edge[][] = [];
    for (let after: string | null = null; ; ) {
      const { edges, nodes, pageInfo } = await page({ ...variables, after });
      expect(nodes).toEqual(edges.map((edge: Edge) => edge.node));
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      expect(pageInfo.startCursor).toBe(edges[0].cursor);
      expect(pageInfo.endCursor).toBe(edges.at(-1).cursor);
      pages.push(edges);
      if (!pageInfo.hasNextPage) return pages;
      after = pageInfo.endCursor;
    }
  }

  const namesOf = (edges: Edge[]) => edges.map(({ node }) => node.name);

  it.each([1, 2, 3, 5, 6, 7, 12, 13, 14, 500])(
    'gives each session once, in order, in pages of %i',
    async (first) => {
      const pages = await walk({ first });
      expect(namesOf(pages.flat())).toEqual(names);
      expect(pages.map((edges) => edges.length)).toEqual(
        Array.from({ length: Math.ceil(13 / first) }, (_, n) => Math.min(first, 13 - n * first)),
      );
    },
  );

  it('gives each edge a cursor of its own', async () => {
    const cursors = (await walk({ first: 4 })).flat().map(({ cursor }) => cursor);
    expect(new Set(cursors).size).toBe(13);
  });

  it('goes on behind any edge, of any page', async () => {
    const edges = (await walk({ first: 4 })).flat();
    for (const [index, { cursor }] of edges.entries()) {
      const { edges: behind, pageInfo } = await page({ first: 3, after: cursor });
      expect(namesOf(behind)).toEqual(names.slice(index + 1, index + 4));
      expect(pageInfo.hasNextPage).toBe(index + 4 < 13);
    }
  });

  it('takes the cursor of a page of another size', async () => {
    const { edges } = await page({ first: 13 });
    const { edges: behind } = await page({ first: 2, after: edges[6].cursor });
    expect(namesOf(behind)).toEqual(names.slice(7, 9));
  });

  it('answers an empty page behind the last session, with its cursor again', async () => {
    const { edges } = await page({ first: 500 });
    const after = edges.at(-1).cursor;
    expect(await page({ after })).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: after },
    });
  });

  it('goes on from cursors in the middle, time and again', async () => {
    // Each page is left one edge before its end, so its continue token is never used.
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { edges, pageInfo } = await page({ first: 3, after });
      const used: Edge[] = pageInfo.hasNextPage ? edges.slice(0, -1) : edges;
      seen.push(...namesOf(used));
      if (!pageInfo.hasNextPage) break;
      after = used.at(-1)?.cursor ?? null;
    }
    expect(seen).toEqual(names);
  });

  it('asks the cluster for a page, and not for more', async () => {
    const { edges } = await page({ first: 4 });
    const { requests } = await writ.requestsDuring(() => page({ first: 4, after: edges.at(-1).cursor }));
    const lists = requests.filter(({ resource, verb }) => resource === 'agenticsessions' && verb === 'list');
    expect(lists.map(({ path }) => new URL(path, 'https://c').searchParams.get('limit'))).toEqual(['4']);
  });

  it('counts the selection where the cluster says it', async () => {
    expect((await page({ first: 4 })).totalCount).toBe(13);
    expect((await page({ first: 13 })).totalCount).toBe(13);
    expect((await page({ labelSelector: 'parity=even' })).totalCount).toBe(7);
  });

  it.each([1, 4, 6, 13])('has the count of the first page on each page of %i', async (first) => {
    const counts: unknown[] = [];
    for (let after: string | null = null; ; ) {
      const { totalCount, pageInfo } = await page({ first, after });
      counts.push(totalCount);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(counts).toEqual(Array.from({ length: Math.ceil(13 / first) }, () => 13));
  });

  it('does not count what a label selector leaves on several pages', async () => {
    const first = await page({ first: 2, labelSelector: 'parity=even' });
    const after = first.pageInfo.endCursor;
    const next = await page({ first: 2, labelSelector: 'parity=even', after });
    expect([first.totalCount, next.totalCount]).toEqual([null, null]);
  });

  it('pages what a label selector leaves', async () => {
    const pages = await walk({ first: 2, labelSelector: 'parity in (even)' });
    expect(namesOf(pages.flat())).toEqual(names.filter((_, n) => n % 2 === 0));
  });

  it('refuses a label selector that is none, and names it', async () => {
    const { data, errors } = await writ.as('alice', PAGE, { project: 'paged', labelSelector: 'a in (' });
    expect(data.project.sessions).toBeNull();
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'labelSelector' }] } },
    ]);
  });

  it.each([0, -1, 501, 2_147_483_647])('refuses first: %i', async (first) => {
    const { errors } = await writ.as('alice', PAGE, { project: 'paged', first });
    expect(errors).toMatchObject([
      {
        extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'first', message: 'must be from 1 to 500' }] },
      },
    ]);
  });

  it('takes null for first as its default', async () => {
    expect((await page({ first: null })).edges).toHaveLength(13);
  });

  it('has a page without edges for a project without sessions', async () => {
    const { data } = await writ.as('alice', PAGE, { project: 'empty' });
    expect(data.project.sessions).toEqual({
      edges: [],
      nodes: [],
      totalCount: 0,
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });
});
