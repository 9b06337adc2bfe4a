import { beforeAll, describe, expect, it } from 'vitest';
import { putProject, putSessions } from '../support/put-objects.ts';
import { sessionsQuery } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const PAGE = sessionsQuery('edges { cursor node { name } }');

describe('a cursor belongs to one list', () => {
  const writ = startWrit({ sandbox: { demo: false } });

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    for (const project of ['one', 'two']) {
      await putProject(admin, project);
      await putSessions(admin, project, ['a', 'b', 'c', 'd']);
    }
  });

  const read = (variables: Record<string, unknown>, who: 'alice' | 'victor' = 'alice') =>
    writ.as(who, PAGE, { project: 'one', first: 2, ...variables });

  async function cursorOf(variables: Record<string, unknown> = {}): Promise<string> {
    const { data } = await read(variables);
    return data.project.sessions.edges[0].cursor;
  }

  async function expectRefused(variables: Record<string, unknown>) {
    const { data, errors } = await read(variables);
    expect(errors).toMatchObject([
      { path: ['project', 'sessions'], extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] } },
    ]);
    expect(data.project.sessions).toBeNull();
  }

  const DESC = { field: 'NAME', direction: 'DESC' };

  it.each([
    ['another project', {}, { project: 'two' }],
    ['a label selector', {}, { labelSelector: '!x' }],
    ['another label selector', { labelSelector: '!y' }, { labelSelector: '!x' }],
    ['a filter', {}, { filter: { search: '-' } }],
    ['another phase', { filter: { phase: ['PENDING'] } }, { filter: { phase: ['PENDING', 'FAILED'] } }],
    ['those of the caller', {}, { filter: { mine: true } }],
    ['a time of creation', {}, { filter: { createdAfter: '2020-01-01T00:00:00Z' } }],
    [
      'another time of creation',
      { filter: { createdAfter: '2020-01-01T00:00:00Z' } },
      { filter: { createdAfter: '2020-01-01T00:00:01Z' } },
    ],
    ['a runner type', {}, { filter: { runnerType: ['claude-agent-sdk'] } }],
    [
      'another runner type',
      { filter: { runnerType: ['claude-agent-sdk'] } },
      { filter: { runnerType: ['claude-agent-sdk', 'gemini-cli'] } },
    ],
    ['another order', {}, { orderBy: DESC }],
    ['the other direction', { orderBy: DESC }, { orderBy: { ...DESC, direction: 'ASC' } }],
    ['another field', { orderBy: DESC }, { orderBy: { ...DESC, field: 'CREATED_AT' } }],
    ['the last activity', { orderBy: DESC }, { orderBy: { ...DESC, field: 'LAST_ACTIVITY' } }],
    ['the display name', { orderBy: DESC }, { orderBy: { ...DESC, field: 'DISPLAY_NAME' } }],
  ])('and is refused for %s', async (_, from, to) => {
    await expectRefused({ ...to, after: await cursorOf(from) });
  });

  it('and is refused for another user, whose continue token it has not', async () => {
    const after = await cursorOf();
    const { data, errors } = await read({ after }, 'victor');
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] } }]);
    expect(data.project.sessions).toBeNull();
  });

  it.each([
    ['no selector', {}, { labelSelector: '' }],
    ['no filter', {}, { filter: {} }],
    ['a null filter', {}, { filter: { phase: null, search: null } }],
    ['an empty filter', {}, { filter: { phase: [], search: '', mine: false, runnerType: [] } }],
    [
      'the same time with another offset',
      { filter: { createdAfter: '2020-01-01T00:00:00Z' } },
      { filter: { createdAfter: '2020-01-01T02:00:00.000+02:00' } },
    ],
    [
      'runner types in another order',
      { filter: { runnerType: ['claude-agent-sdk', 'gemini-cli'] } },
      { filter: { runnerType: ['gemini-cli', 'claude-agent-sdk', 'gemini-cli'] } },
    ],
    ['the default order', {}, { orderBy: { field: 'NAME', direction: 'ASC' } }],
    [
      'phases in another order',
      { filter: { phase: ['PENDING', 'FAILED'] } },
      { filter: { phase: ['FAILED', 'PENDING', 'FAILED'] } },
    ],
    ['a search in other case', { filter: { search: 'B' } }, { filter: { search: 'b', phase: null } }],
  ])('which may be said in more than one way: %s', async (_, from, to) => {
    const { errors } = await read({ ...to, after: await cursorOf(from) });
    expect(errors).toBeUndefined();
  });

  it('and not to the list of projects', async () => {
    const query = 'query ($after: String) { projects(after: $after) { edges { cursor } } }';
    const refused = await writ.as('alice', query, { after: await cursorOf() });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    const { data } = await writ.as('alice', query);
    await expectRefused({ after: data.projects.edges[0].cursor });
  });

  it.each(['', ' ', 'garbage', 'bnVsbA', 'W10', 'WzEsMiwzLDRd', '💥', 'x'.repeat(5_000)])(
    'garbage is refused: %j',
    async (after) => {
      await expectRefused({ after });
    },
  );

  it('a cursor is refused with any one character changed', async () => {
    const cursor = await cursorOf();
    const changed = [...cursor].map((character, n) => {
      const other = character === 'A' ? 'B' : 'A';
      return cursor.slice(0, n) + other + cursor.slice(n + 1);
    });
    const every = Math.ceil(changed.length / 12);
    for (const after of changed.filter((_, n) => n % every === 0)) await expectRefused({ after });
    await expectRefused({ after: `${cursor}A` });
    await expectRefused({ after: cursor.slice(0, -1) });
  });
});
