import { beforeAll, describe, expect, it } from 'vitest';
import { status } from '../support/cluster-proxy.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSessions } from '../support/put-objects.ts';

const PAGE = `query ($first: Int, $after: String) {
  project(name: "aging") {
    name
    sessions(first: $first, after: $after) { edges { cursor node { name } } }
  }
}`;

describe('a cursor whose continue token has expired', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'aging');
    await putSessions(admin, 'aging', ['a', 'b', 'c', 'd']);
  });

  async function cursor() {
    const { data } = await writ.as('alice', PAGE, { first: 2 });
    return data.project.sessions.edges[1].cursor;
  }

  it('is EXPIRED where the 410 carries no other', async () => {
    const after = await cursor();
    writ.proxy.set(({ path }, forward) => (path.includes('continue=') ? status(410, 'Expired') : forward()));
    const { data, errors } = await writ.as('alice', PAGE, { first: 2, after });
    expect(errors).toMatchObject([{ path: ['project', 'sessions'], extensions: { code: 'EXPIRED' } }]);
    expect(data.project).toEqual({ name: 'aging', sessions: null });
  });

  it('is EXPIRED where the one that it carries has expired, too', async () => {
    const after = await cursor();
    let lists = 0;
    writ.proxy.set(({ path }, forward) => {
      if (!path.includes('continue=')) return forward();
      lists += 1;
      return status(410, 'Expired', { metadata: { continue: 'fresh' } });
    });
    const { errors } = await writ.as('alice', PAGE, { first: 2, after });
    expect(errors).toMatchObject([{ extensions: { code: 'EXPIRED' } }]);
    expect(lists).toBe(2);
  });

  it('is BAD_USER_INPUT for after where the cluster cannot read it', async () => {
    const after = await cursor();
    writ.proxy.set(({ path }, forward) =>
      path.includes('continue=') ? status(400, 'BadRequest') : forward(),
    );
    const { errors } = await writ.as('alice', PAGE, { first: 2, after });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] } }]);
  });
});
