import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession, putSessions } from '../support/put-objects.ts';
import { codeOf, startWrit } from '../support/writ.ts';
import { MIRRORS, mirrored, NEWEST, untilMirrored } from './fixture.ts';

const PAGE = `query ($project: String!, $after: String) {
  project(name: $project) {
    sessions(first: 2, after: $after) { nodes { name } totalCount pageInfo { hasNextPage endCursor } }
  }
}`;
const UPDATE = `mutation ($input: UpdateSessionInput!) { updateSession(input: $input) { session { displayName } } }`;

describe('a project that a user keeps looking at', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: MIRRORS });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    await putProject(admin, 'p');
    await putSessions(admin, 'p', ['a', 'b', 'c', 'd', 'e']);
  });

  it('is read from the cluster at first, and from a mirror later', async () => {
    expect(mirrored(await writ.as('alice', NEWEST, { project: 'p' }))).toEqual([]);
    await untilMirrored(writ, 'alice', 'p');
    const { result, requests } = await writ.requestsDuring(() => writ.as('alice', NEWEST, { project: 'p' }));
    expect(requests.filter(({ verb }) => verb === 'list')).toEqual([]);
    expect(mirrored(result)).toEqual([
      {
        resource: 'agenticsessions',
        namespace: 'p',
        resourceVersion: result.data.project.sessions.resourceVersion,
      },
    ]);
    expect(result.data.project.sessions.totalCount).toBe(5);
  });

  it('is read from the mirror of nobody else', async () => {
    await untilMirrored(writ, 'alice', 'p');
    expect(mirrored(await writ.as('victor', NEWEST, { project: 'p' }))).toEqual([]);
    const stranger = await writ.as('mallory', NEWEST, { project: 'p' });
    expect(mirrored(stranger)).toEqual([]);
    expect(stranger.data.project.sessions).toBeNull();
    expect(codeOf(stranger)).toBe('FORBIDDEN');
  });

  it('is paged from the mirror, with cursors that the cluster continues', async () => {
    await untilMirrored(writ, 'alice', 'p');
    const names: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 3; page += 1) {
      const extensions = page === 1 ? { mirror: { fresh: true } } : undefined;
      const { authorization } = { authorization: `Bearer ${writ.sandbox.identities.alice.token}` };
      const answer = await writ.post(
        { query: PAGE, variables: { project: 'p', after }, extensions },
        { authorization },
      );
      expect(mirrored(answer)).toHaveLength(page === 1 ? 0 : 1);
      const { nodes, pageInfo, totalCount } = answer.data.project.sessions;
      expect(totalCount).toBe(5);
      names.push(...nodes.map(({ name }: { name: string }) => name));
      after = pageInfo.endCursor;
    }
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('shows what the user has written, at once', async () => {
    await untilMirrored(writ, 'alice', 'p');
    for (let n = 0; n < 20; n += 1) {
      const input = { project: 'p', name: 'c', displayName: `after ${n}` };
      expect((await writ.as('alice', UPDATE, { input })).errors).toBeUndefined();
      const { nodes } = (await writ.as('alice', NEWEST, { project: 'p' })).data.project.sessions;
      expect(nodes).toContainEqual({ name: 'c', displayName: `after ${n}` });
    }
  });

  it('no longer shows what the user has deleted, at once', async () => {
    await untilMirrored(writ, 'admin', 'p');
    const remove = 'mutation { deleteSession(project: "p", name: "f") { __typename } }';
    for (let n = 0; n < 5; n += 1) {
      await putSession(admin, 'p', 'f');
      expect((await writ.as('admin', remove)).errors).toBeUndefined();
      const { nodes } = (await writ.as('admin', NEWEST, { project: 'p' })).data.project.sessions;
      expect(nodes.map(({ name }: { name: string }) => name)).not.toContain('f');
    }
  });

  it('shows at least the version that the client has seen', async () => {
    await untilMirrored(writ, 'alice', 'p');
    const authorization = `Bearer ${writ.sandbox.identities.alice.token}`;
    for (let n = 0; n < 20; n += 1) {
      const patched = await admin.patch(`${SESSIONS('p')}/b`, { spec: { displayName: `seen ${n}` } });
      const { resourceVersion } = patched.body.metadata;
      const answer = await writ.post(
        { query: NEWEST, variables: { project: 'p' }, extensions: { mirror: { resourceVersion } } },
        { authorization },
      );
      expect(answer.data.project.sessions.nodes).toContainEqual({ name: 'b', displayName: `seen ${n}` });
    }
  });

  it.each([
    [{ fresh: 'yes' }],
    [{ resourceVersion: 1 }],
    [{ resourceVersion: '0' }],
    [{ newest: true }],
    ['fresh'],
  ])('is not read with the extension %j', async (mirror) => {
    const authorization = `Bearer ${writ.sandbox.identities.alice.token}`;
    const answer = await writ.post(
      { query: '{ viewer { username } }', extensions: { mirror } },
      { authorization },
    );
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringContaining('"extensions.mirror" must be'),
      extensions: { code: 'BAD_REQUEST' },
    });
  });
});
