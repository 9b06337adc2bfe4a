import { beforeAll, describe, expect, it } from 'vitest';
import { expireHistory } from '../contract/expire-history.ts';
import { eventually } from '../support/eventually.ts';
import { CORE, SESSIONS } from '../support/objects.ts';
import { putProject, putSession, putSessions } from '../support/put-objects.ts';
import { sessionsQuery } from '../support/session-operations.ts';
import { isRealCluster } from '../support/test-cluster.ts';
import { startWrit } from '../support/writ.ts';

const PAGE = sessionsQuery('edges { cursor node { name } } pageInfo { hasNextPage endCursor }');

type Edge = { cursor: string; node: { name: string } };

describe('a list that changes while it is paged', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  let projects = 0;
  let project = '';

  async function start(names: string[]) {
    projects += 1;
    project = `changing-${projects}`;
    await putProject(admin, project);
    await putSessions(admin, project, names);
  }

  async function page(first: number, after?: string | null) {
    const { data, errors } = await writ.as('alice', PAGE, { project, first, after });
    expect(errors).toBeUndefined();
    return data.project.sessions;
  }

  /** The names behind a cursor, to the end. */
  async function rest(first: number, cursor: string): Promise<string[]> {
    const names: string[] = [];
    let after = cursor;
    for (let pages = 0; ; pages += 1) {
      expect(pages).toBeLessThan(50);
      const { edges, pageInfo } = await page(first, after);
      names.push(...edges.map(({ node }: Edge) => node.name));
      if (!pageInfo.hasNextPage) return names;
      after = pageInfo.endCursor;
    }
  }

  const remove = (name: string) => admin.delete(`${SESSIONS(project)}/${name}`);

  it('repeats nothing and leaves nothing out when a session in front of the cursor is deleted', async () => {
    await start(['a', 'b', 'c', 'd', 'e']);
    const { edges } = await page(3);
    await remove('a');
    expect(await rest(2, edges[1].cursor)).toEqual(['c', 'd', 'e']);
  });

  it('repeats nothing when a session is created in front of the cursor', async () => {
    await start(['a', 'c', 'd', 'e']);
    const { edges } = await page(3);
    await putSession(admin, project, 'b');
    expect(await rest(2, edges[1].cursor)).toEqual(['d', 'e']);
  });

  it('gets on when more are created in front of the cursor than a page holds', async () => {
    await start(['a', 'x', 'y', 'z']);
    const { edges } = await page(3);
    await putSessions(admin, project, ['b', 'c', 'd']);
    const next = await page(1, edges[1].cursor);
    expect(next.edges.map(({ node }: Edge) => node.name)).toEqual(['y']);
    expect(await rest(1, edges[1].cursor)).toEqual(['y', 'z']);
  });

  it('gets on when very many more are, with pages that are empty', async () => {
    await start(['a', 'x', 'y', 'z']);
    const { edges } = await page(3);
    await putSessions(
      admin,
      project,
      Array.from({ length: 20 }, (_, n) => `b-${n}`),
    );
    const { edges: none, pageInfo } = await page(1, edges[1].cursor);
    expect(none).toEqual([]);
    expect(pageInfo).toMatchObject({ hasNextPage: true });
    expect(pageInfo.endCursor).not.toBe(edges[1].cursor);
    expect(await rest(1, edges[1].cursor)).toEqual(['y', 'z']);
  });

  it('goes on behind a session that was deleted', async () => {
    await start(['a', 'b', 'c', 'd', 'e']);
    const { edges } = await page(3);
    await remove('b');
    expect(await rest(2, edges[1].cursor)).toEqual(['c', 'd', 'e']);
  });

  it('goes on behind the last session of a page after all of that page is gone', async () => {
    await start(['a', 'b', 'c', 'd']);
    const { edges } = await page(2);
    await remove('a');
    await remove('b');
    expect(await rest(2, edges[1].cursor)).toEqual(['c', 'd']);
  });

  it('shows all pages as of the first one, as the cluster does', async () => {
    await start(['a', 'b', 'c', 'd']);
    const { pageInfo } = await page(2);
    await putSession(admin, project, 'bb');
    expect(await rest(2, pageInfo.endCursor)).toEqual(['c', 'd']);
  });
});

describe('a continue token that the cluster no longer keeps', () => {
  const writ = startWrit({ sandbox: { demo: false, history: 5 } });
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, 'aging');
    await putSessions(admin, 'aging', ['a', 'b', 'c', 'd', 'e', 'f']);
  });

  const read = (first: number, after?: string) => writ.as('alice', PAGE, { project: 'aging', first, after });

  /** Answers why the cluster could not be made to forget. */
  async function age(): Promise<string | undefined> {
    const { metadata } = (await admin.get(`${SESSIONS('aging')}?limit=1`)).body;
    await admin.patch(`${SESSIONS('aging')}/f`, { metadata: { labels: { later: 'true' } } });
    const name = isRealCluster() ? 'kubernetes' : 'sandbox';
    const why = await expireHistory({ name, admin }, { core: (resource) => CORE('aging', resource) });
    if (why) return why;
    const late = `${SESSIONS('aging')}?limit=1&continue=${metadata.continue}`;
    // A real cluster forgets within moments.
    await eventually(async () => expect((await admin.get(late)).status).toBe(410));
    return undefined;
  }

  it('is gone on from by the token that the 410 carries', async ({ skip }) => {
    const first = await read(2);
    const { edges } = (await read(3, first.data.project.sessions.edges[1].cursor)).data.project.sessions;
    const why = await age();
    if (why) skip(why);
    const { result, requests } = await writ.requestsDuring(() => read(2, edges[0].cursor));
    expect(requests.filter(({ resource }) => resource === 'agenticsessions').map((r) => r.status)).toEqual([
      410, 200,
    ]);
    expect(result.errors).toBeUndefined();
    const { edges: behind, pageInfo } = result.data.project.sessions;
    expect(behind.map(({ node }: Edge) => node.name)).toEqual(['d', 'e']);
    expect(pageInfo.hasNextPage).toBe(true);
    const last = await read(2, pageInfo.endCursor);
    expect(last.data.project.sessions.edges.map(({ node }: Edge) => node.name)).toEqual(['f']);
  });
});
