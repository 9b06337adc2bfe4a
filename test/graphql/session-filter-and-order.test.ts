import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { sessionsQuery } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const LIST = sessionsQuery(`
  edges { cursor node { name } }
  totalCount
  pageInfo { hasNextPage hasPreviousPage endCursor }
`);

const SESSIONS = [
  ['a-zebra', 'Completed', '2026-01-03T00:00:00Z', { displayName: 'Fix the LOGIN' }],
  ['b-yak', 'Running', '2026-01-01T00:00:00Z', { initialPrompt: 'Write docs\nabout Login.' }],
  ['c-login', undefined, '2026-01-02T00:00:00Z', {}],
  ['d-wolf', 'Failed', '2026-01-02T00:00:00Z', { displayName: 'Über-Straße' }],
  ['e-vole', 'Stopped', '2026-01-05T00:00:00Z', { displayName: 'Cafe\u0301' }],
  ['f-unicorn', 'Running', '2026-01-04T00:00:00Z', { initialPrompt: 'a.*b' }],
] as const;

type Listed = { metadata: { creationTimestamp: string | undefined; annotations?: Record<string, string> } };
type Edge = { cursor: string; node: { name: string } };

describe('filtering and ordering sessions', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });

  // The cluster sets the time of creation: here it is what an annotation says.
  beforeEach(() => {
    writ.proxy.set(async (_, forward) => {
      const reply = await forward();
      const { items = [] } = reply.body as { items?: Listed[] };
      for (const { metadata } of items) metadata.creationTimestamp = metadata.annotations?.created;
      return reply;
    });
  });

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'sorted');
    for (const [name, phase, created, spec] of SESSIONS) {
      const labels = { first: name.slice(0, 1) };
      await putSession(admin, 'sorted', name, {
        metadata: { labels, annotations: { created } },
        spec,
        ...(phase && { status: { phase } }),
      });
    }
  });

  async function list(variables: Record<string, unknown>) {
    const { data, errors } = await writ.as('victor', LIST, { project: 'sorted', ...variables });
    expect(errors).toBeUndefined();
    return data.project.sessions;
  }

  const initials = ({ edges }: { edges: Edge[] }) => edges.map(({ node }) => node.name[0]).join('');

  it.each([
    [['RUNNING'], 'bf'],
    [['RUNNING', 'FAILED'], 'bdf'],
    [['PENDING'], 'c'],
    [['UNKNOWN'], ''],
    [[], 'abcdef'],
    [null, 'abcdef'],
  ])('keeps sessions in the phases %j', async (phase, expected) => {
    const page = await list({ filter: { phase } });
    expect(initials(page)).toBe(expected);
    expect(page.totalCount).toBe(expected.length);
  });

  it.each([
    ['login', 'abc'],
    ['LoGiN', 'abc'],
    ['über', 'd'],
    ['ÜBER', 'd'],
    ['u\u0308ber', 'd'],
    ['CAF\u00c9', 'e'],
    ['STRASSE', 'd'],
    ['\uff55nicorn', 'f'],
    [' login\n', 'abc'],
    ['\u00a0login\u3000', 'abc'],
    [' the  login', ''],
    [' ', 'abcdef'],
    ['docs\nabout', 'b'],
    ['.*', 'f'],
    ['nowhere', ''],
    ['', 'abcdef'],
    [null, 'abcdef'],
  ])('searches name, display name and prompt for %j, in any case and form', async (search, expected) => {
    expect(initials(await list({ filter: { search } }))).toBe(expected);
  });

  it('wants both, phase and text', async () => {
    expect(initials(await list({ filter: { phase: ['RUNNING', 'PENDING'], search: 'login' } }))).toBe('bc');
  });

  it('wants the labels, too', async () => {
    const filter = { search: 'login' };
    expect(initials(await list({ filter, labelSelector: 'first in (b,f)' }))).toBe('b');
  });

  it.each([
    [{ field: 'NAME', direction: 'ASC' }, 'abcdef'],
    [{ field: 'NAME', direction: 'DESC' }, 'fedcba'],
    [{ field: 'CREATED_AT', direction: 'ASC' }, 'bcdafe'],
    [{ field: 'CREATED_AT', direction: 'DESC' }, 'efadcb'],
    [null, 'abcdef'],
  ])('orders by %j', async (orderBy, expected) => {
    expect(initials(await list({ orderBy }))).toBe(expected);
  });

  it.each([
    [{ orderBy: { field: 'NAME', direction: 'DESC' } }, 'fedcba'],
    [{ orderBy: { field: 'CREATED_AT', direction: 'DESC' } }, 'efadcb'],
    [{ filter: { search: 'o' }, orderBy: { field: 'CREATED_AT', direction: 'ASC' } }, 'bcdafe'],
    [{ filter: { phase: ['RUNNING', 'FAILED', 'STOPPED'] } }, 'bdef'],
  ])('pages %j from any edge, in any size', async (selection, expected) => {
    for (const first of [1, 2, 4, 6]) {
      const whole: Edge[] = [];
      for (let after: string | null = null; ; ) {
        const page = await list({ ...selection, first, after });
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        expect(page.totalCount).toBe(initials(await list(selection)).length);
        whole.push(...page.edges);
        if (!page.pageInfo.hasNextPage) break;
        expect(page.edges).toHaveLength(first);
        after = page.pageInfo.endCursor;
      }
      expect(initials({ edges: whole })).toBe(initials(await list(selection)));
      expect(new Set(whole.map(({ cursor }) => cursor)).size).toBe(whole.length);
      for (const [index, { cursor }] of whole.entries()) {
        const behind = await list({ ...selection, first: 2, after: cursor });
        expect(initials(behind)).toBe(initials({ edges: whole.slice(index + 1, index + 3) }));
      }
    }
    expect(initials(await list(selection))).toBe(expected);
  });

  it('goes on where a session was that has been deleted', async () => {
    const orderBy = { field: 'CREATED_AT', direction: 'DESC' };
    const admin = writ.kubernetes('admin');
    await putSession(admin, 'sorted', 'g-gone', {
      metadata: { annotations: { created: '2026-01-04T12:00:00Z' } },
    });
    const { edges } = await list({ orderBy, first: 2 });
    expect(initials({ edges })).toBe('eg');
    await admin.delete('/apis/vteam.ambient-code/v1alpha1/namespaces/sorted/agenticsessions/g-gone');
    expect(initials(await list({ orderBy, first: 2, after: edges[1].cursor }))).toBe('fa');
  });
});

describe('the limit of what is read to filter or sort', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_SCAN_LIMIT: '4' } });

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'sorted');
    for (const name of ['a', 'b', 'c', 'd']) {
      await putSession(admin, 'sorted', name, { metadata: { labels: { old: 'true' } } });
    }
  });

  const list = (variables: Record<string, unknown>) =>
    writ.as('alice', LIST, { project: 'sorted', ...variables });

  it('is no limit for exactly as many', async () => {
    const { errors, data } = await list({ filter: { search: 'c' } });
    expect(errors).toBeUndefined();
    expect(data.project.sessions.totalCount).toBe(1);
  });

  it('points to labelSelector beyond', async () => {
    await putSession(writ.kubernetes('admin'), 'sorted', 'e');
    const refused = async (variables: Record<string, unknown>, path: string) => {
      const { errors } = await list(variables);
      expect(errors).toMatchObject([
        {
          path: ['project', 'sessions'],
          extensions: {
            code: 'BAD_USER_INPUT',
            fields: [{ path, message: expect.stringMatching(/more than 4 sessions.*labelSelector/) }],
          },
        },
      ]);
    };
    await refused({ filter: { search: 'c' } }, 'filter');
    await refused({ orderBy: { field: 'CREATED_AT', direction: 'ASC' } }, 'orderBy');
    const narrowed = await list({ filter: { search: 'c' }, labelSelector: 'old' });
    expect(narrowed.errors).toBeUndefined();
    expect(narrowed.data.project.sessions.totalCount).toBe(1);
  });

  it('is none for the order that the cluster pages itself', async () => {
    const { data } = await list({ orderBy: { field: 'NAME', direction: 'ASC' }, filter: {} });
    expect(data.project.sessions.totalCount).toBe(5);
  });
});
