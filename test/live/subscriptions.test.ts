import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { startWrit } from '../support/writ.ts';

const SESSIONS_OF = `subscription ($since: String, $filter: SessionFilter) {
  sessions(project: "p", since: $since, filter: $filter) {
    events { type resourceVersion session { id name phase displayName job { name } } } resourceVersion
  }
}`;

describe('a subscription to sessions', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    await putProject(admin, 'p');
    for (const name of ['a', 'b']) await putSession(admin, 'p', name);
  });

  const seen = (events: { type: string; session: { name: string } | null }[]) =>
    events.map(({ type, session }) => (session ? `${type} ${session.name}` : type));

  it('begins with a snapshot, and goes on with changes', async () => {
    const stream = await writ.subscribe('victor', SESSIONS_OF);
    const first = await stream.next();
    expect(seen(first.data.sessions.events)).toEqual(['RESET', 'ADDED a', 'ADDED b', 'SYNCED']);
    await putSession(admin, 'p', 'c');
    expect(seen((await stream.next()).data.sessions.events)).toEqual(['ADDED c']);
    await admin.patch(`${SESSIONS('p')}/c`, { spec: { displayName: 'C' } });
    const changed = (await stream.next()).data.sessions;
    expect(changed.events).toMatchObject([{ type: 'MODIFIED', session: { name: 'c', displayName: 'C' } }]);
    await admin.delete(`${SESSIONS('p')}/c`);
    expect(seen((await stream.next()).data.sessions.events)).toEqual(['DELETED c']);
    stream.close();
    const resumed = await writ.subscribe('victor', SESSIONS_OF, { since: changed.resourceVersion });
    expect(seen((await resumed.next()).data.sessions.events)).toEqual(['DELETED c']);
    resumed.close();
  });

  it("of the caller's own sessions has nobody else's, although all filters share a watch", async () => {
    await putProject(admin, 'shared');
    const query = SESSIONS_OF.replace('"p"', '"shared"');
    const filters = [
      ['alice', { mine: true }],
      ['alice', {}],
      ['alice', { createdAfter: '2100-01-01T00:00:00Z' }],
      ['alice', { runnerType: ['gemini-cli'] }],
      ['admin', { mine: true }],
    ] as const;
    const streams = [];
    for (const [who, filter] of filters) streams.push(await writ.subscribe(who, query, { filter }));
    for (const stream of streams)
      expect(seen((await stream.next()).data.sessions.events)).toEqual(['RESET', 'SYNCED']);
    const create = async (who: 'alice' | 'admin', name: string, runnerType: string) => {
      const input = { project: 'shared', name, runnerType };
      const { errors } = await writ.as(who, createSessionMutation(), { input });
      expect(errors).toBeUndefined();
    };
    await create('admin', 'of-admin', 'claude-agent-sdk');
    await create('alice', 'of-alice', 'gemini-cli');
    await create('admin', 'of-admin-too', 'claude-agent-sdk');
    const isAdded = (event: string) => event.startsWith('ADDED');
    const expected = [
      ['ADDED of-alice'],
      ['ADDED of-admin', 'ADDED of-alice', 'ADDED of-admin-too'],
      [],
      ['ADDED of-alice'],
      ['ADDED of-admin', 'ADDED of-admin-too'],
    ];
    for (const [index, stream] of streams.entries()) {
      const events: string[] = [];
      while (events.length < (expected[index]?.length ?? 0))
        events.push(...seen((await stream.next()).data.sessions.events).filter(isAdded));
      expect(events).toEqual(expected[index]);
      stream.close();
    }
  });
});
