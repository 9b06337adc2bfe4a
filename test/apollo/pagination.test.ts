import { beforeAll, describe, expect, it } from 'vitest';
import { LIST_PROJECTS, LIST_SESSIONS } from '../../examples/apollo/operations.ts';
import { createSession, deleteSession } from '../../examples/apollo/sessions.ts';
import { status } from '../support/cluster-proxy.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';
import { clientOf, failOnWarnings, watchList } from './fixture.ts';

const NAMES = ['b', 'd', 'f', 'h', 'j'];

describe('relayStylePagination', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });
  failOnWarnings();

  it('reads the sessions of a project to their end, and their number stays', async () => {
    const { connection, names, readPage } = await watchList(writ, NAMES, 2);
    const shown = [[names(), connection()?.totalCount]];
    while (connection()?.pageInfo.hasNextPage) {
      await readPage();
      shown.push([names(), connection()?.totalCount]);
    }
    expect(shown).toEqual([
      [NAMES.slice(0, 2), 5],
      [NAMES.slice(0, 4), 5],
      [NAMES, 5],
    ]);
    await readPage();
    expect([names(), connection()?.totalCount]).toEqual([NAMES, 5]);
  });

  it('goes on after a session was created or deleted on a page that it has', async () => {
    const { client, project, list, connection, names, readPage } = await watchList(writ, NAMES, 2);
    await createSession(client, { project, name: 'a', start: false });
    await createSession(client, { project, name: 'e', start: false });
    // The last of the page, from whose cursor the list continues.
    await deleteSession(client, project, 'd');
    expect([names(), connection()?.totalCount]).toEqual([['a', 'b'], 6]);
    while (connection()?.pageInfo.hasNextPage) await readPage();
    // The pages show the list as it was when its first page was read.
    expect(names()).toEqual(['a', 'b', 'f', 'h', 'j']);
    await list.refetch();
    while (connection()?.pageInfo.hasNextPage) await readPage();
    expect([names(), connection()?.totalCount]).toEqual([['a', 'b', 'e', 'f', 'h', 'j'], 6]);
  });

  it('keeps another filter or order apart', async () => {
    const { client, project, names } = await watchList(writ, NAMES, 2);
    const read = async (variables: object) => {
      const { data } = await client.query({ query: LIST_SESSIONS, variables: { project, ...variables } });
      const { edges, totalCount } = data?.project?.sessions ?? {};
      return [edges?.map(({ node }) => node.name).join(''), totalCount];
    };
    const orderBy = { field: 'NAME', direction: 'DESC' };
    expect(await read({ orderBy, first: 3 })).toEqual(['jhf', 5]);
    expect(await read({ filter: { search: 'f' } })).toEqual(['f', 1]);
    expect(names()).toEqual(['b', 'd']);
  });

  it('starts again if the cluster no longer has the list', async () => {
    const { connection, names, readPage } = await watchList(writ, NAMES, 2);
    let isExpired = true;
    writ.proxy.set(({ path }, forward) =>
      isExpired && path.includes('continue=') ? status(410, 'Expired') : forward(),
    );
    await readPage();
    isExpired = false;
    expect(names()).toEqual(NAMES.slice(0, 2));
    while (connection()?.pageInfo.hasNextPage) await readPage();
    expect([names(), connection()?.totalCount]).toEqual([NAMES, 5]);
  });
});

describe('the list of projects', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  failOnWarnings();

  beforeAll(async () => {
    for (const name of ['p-one', 'p-three', 'p-two']) await putProject(writ.kubernetes('admin'), name);
  });

  it('is kept by its search', async () => {
    const client = clientOf(writ, 'alice');
    const read = async (search?: string) => {
      const variables = { first: 2, ...(search !== undefined && { search }) };
      const { data } = await client.query({ query: LIST_PROJECTS, variables });
      return data?.projects?.edges.map(({ node }) => node.name);
    };
    expect(await read('p-t')).toEqual(['p-three', 'p-two']);
    expect(await read()).toEqual(expect.arrayContaining(['p-one', 'p-three', 'p-two']));
    expect(await read('p-t')).toEqual(['p-three', 'p-two']);
  });
});
