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

const GEMINI = { environmentVariables: { RUNNER_TYPE: 'gemini-cli' } };
const CLAUDE = { environmentVariables: { RUNNER_TYPE: 'claude-agent-sdk' } };

/** Name, phase, time of creation, creator, time of the last activity, spec. */
const SESSIONS = [
  ['a-zebra', 'Completed', '2026-01-03T00:00:00Z', 'victor', '', { displayName: 'Fix the LOGIN', ...GEMINI }],
  [
    'b-yak',
    'Running',
    '2026-01-01T00:00:00Z',
    'alice',
    '2026-02-01T12:00:00Z',
    { initialPrompt: 'Write docs\nabout Login.' },
  ],
  ['c-login', undefined, '2026-01-02T00:00:00Z', 'victor', '', {}],
  [
    'd-wolf',
    'Failed',
    '2026-01-02T00:00:00Z',
    '',
    '2026-02-01T12:30:00+01:00',
    { displayName: 'Über-Straße', ...CLAUDE },
  ],
  [
    'e-vole',
    'Stopped',
    '2026-01-05T00:00:00Z',
    'alice',
    '2026-02-02T00:00:00Z',
    { displayName: 'Cafe\u0301', ...GEMINI },
  ],
  [
    'f-unicorn',
    'Running',
    '2026-01-04T00:00:00Z',
    'Victor',
    '2026-02-01T12:00:00.5Z',
    { initialPrompt: 'a.*b' },
  ],
] as const;

type Listed = {
  metadata: { creationTimestamp: string | undefined; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
};
type Edge = { cursor: string; node: { name: string } };

describe('filtering and ordering sessions', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });

  // The cluster sets the time of creation, and Writ the creator: here they are what annotations say.
  beforeEach(() => {
    writ.proxy.set(async (_, forward) => {
      const reply = await forward();
      const { items = [] } = reply.body as { items?: Listed[] };
      for (const { metadata, spec } of items) {
        metadata.creationTimestamp = metadata.annotations?.created;
        if (metadata.annotations?.creator) spec.userContext = { userId: metadata.annotations.creator };
      }
      return reply;
    });
  });

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'sorted');
    for (const [name, phase, created, creator, lastActivityTime, spec] of SESSIONS) {
      const labels = { first: name.slice(0, 1) };
      await putSession(admin, 'sorted', name, {
        metadata: { labels, annotations: { created, creator } },
        spec,
        ...(phase && { status: { phase, ...(lastActivityTime && { lastActivityTime }) } }),
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

  it.each([
    [{ mine: true }, 'ac'],
    [{ mine: false }, 'abcdef'],
    [{ mine: null }, 'abcdef'],
    [{ createdAfter: '2026-01-02T00:00:00Z' }, 'aef'],
    [{ createdAfter: '2026-01-02T00:59:59+01:00' }, 'acdef'],
    [{ createdAfter: '2026-01-05T00:00:00Z' }, ''],
    [{ runnerType: ['gemini-cli'] }, 'ae'],
    // The default runner type.
    [{ runnerType: ['claude-agent-sdk'] }, 'bcdf'],
    [{ runnerType: ['gemini-cli', 'claude-agent-sdk'] }, 'abcdef'],
    [{ runnerType: ['none-of-them'] }, ''],
    [{ runnerType: [''] }, 'bcf'],
    [{ runnerType: [] }, 'abcdef'],
    [{ mine: true, createdAfter: '2026-01-02T00:00:00Z', runnerType: ['gemini-cli'] }, 'a'],
  ])('selects %j', async (filter, expected) => {
    const page = await list({ filter });
    expect(initials(page)).toBe(expected);
    expect(page.totalCount).toBe(expected.length);
  });

  it('selects as mine the sessions of the caller, and not of another user', async () => {
    const variables = { project: 'sorted', filter: { mine: true } };
    const { data } = await writ.as('alice', LIST, variables);
    expect(initials(data.project.sessions)).toBe('be');
  });

  it('accepts no cursor of another selection', async () => {
    const { edges } = await list({ filter: { mine: true }, first: 1 });
    for (const filter of [
      null,
      { createdAfter: '2026-01-01T00:00:00Z' },
      { mine: true, runnerType: ['x'] },
    ]) {
      const variables = { project: 'sorted', filter, after: edges[0].cursor };
      const { errors } = await writ.as('victor', LIST, variables);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] } }]);
    }
  });

  it('selects by at most 100 runner types', async () => {
    const filter = { runnerType: Array.from({ length: 101 }, (_, n) => `type-${n}`) };
    const { errors } = await writ.as('victor', LIST, { project: 'sorted', filter });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'filter.runnerType' }] } },
    ]);
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
    [{ field: 'LAST_ACTIVITY', direction: 'ASC' }, 'acdbfe'],
    [{ field: 'LAST_ACTIVITY', direction: 'DESC' }, 'efbdca'],
    // B-YAK, C-LOGIN, CAFÉ, F-UNICORN, FIX THE LOGIN, ÜBER-STRASSE.
    [{ field: 'DISPLAY_NAME', direction: 'ASC' }, 'bcefad'],
    [{ field: 'DISPLAY_NAME', direction: 'DESC' }, 'dafecb'],
    [null, 'abcdef'],
  ])('orders by %j', async (orderBy, expected) => {
    expect(initials(await list({ orderBy }))).toBe(expected);
  });

  it.each([
    [{ orderBy: { field: 'NAME', direction: 'DESC' } }, 'fedcba'],
    [{ orderBy: { field: 'CREATED_AT', direction: 'DESC' } }, 'efadcb'],
    [{ filter: { search: 'o' }, orderBy: { field: 'CREATED_AT', direction: 'ASC' } }, 'bcdafe'],
    [{ filter: { phase: ['RUNNING', 'FAILED', 'STOPPED'] } }, 'bdef'],
    [{ orderBy: { field: 'LAST_ACTIVITY', direction: 'DESC' } }, 'efbdca'],
    [{ orderBy: { field: 'DISPLAY_NAME', direction: 'ASC' } }, 'bcefad'],
    [{ filter: { mine: true }, orderBy: { field: 'LAST_ACTIVITY', direction: 'ASC' } }, 'ac'],
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
