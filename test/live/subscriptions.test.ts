import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
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
});
