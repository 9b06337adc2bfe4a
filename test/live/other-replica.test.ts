import { beforeAll, describe, expect, it } from 'vitest';
import { openEventStream } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE } from '../support/hooks.ts';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { openSocketStream } from '../support/socket-stream.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { startWritOn } from '../support/writ.ts';

const SUBSCRIBE = `subscription ($since: String) {
  sessions(project: "p", since: $since) { events { type session { name } } resourceVersion }
}`;

describe.each(['an event stream', 'a WebSocket'])('%s', (transport) => {
  const cluster = startTestCluster({ demo: false });
  const closes: (() => unknown)[] = [];
  const first = startWritOn(cluster, {}, { ...DESCRIBE, afterAll: (close) => void closes.push(close) });
  const second = startWritOn(cluster);
  const admin = cluster.as('admin');
  beforeAll(() => putProject(admin, 'p'));

  async function subscribe({ url }: { url: string }, since?: string) {
    const token = cluster.identities.victor.token;
    const operation = { query: SUBSCRIBE, variables: { since } };
    return transport === 'a WebSocket'
      ? openSocketStream(url, operation, token)
      : openEventStream(url, operation, { authorization: `Bearer ${token}` });
  }

  it('ends when its replica shuts down, and another one goes on after its last version', async () => {
    const stream = await subscribe(first);
    await stream.next();
    await putSession(admin, 'p', 'before');
    const { resourceVersion } = (await stream.next()).data.sessions;
    const closed = Promise.all(closes.map((close) => close()));
    await admin.patch(`${SESSIONS('p')}/before`, { spec: { displayName: 'changed' } });
    await putSession(admin, 'p', 'meanwhile');
    // What it sends to its end is either an error or a change that comes again.
    const last: unknown[] = [];
    for (let result = await next(); result; result = await next()) last.push(result);
    async function next() {
      const result = await stream.next().catch(() => undefined);
      return result?.data ? result : undefined;
    }
    await closed;
    const resumed = await subscribe(second, resourceVersion);
    const names: string[] = [];
    await eventually(async () => {
      const { events } = (await resumed.next()).data.sessions;
      for (const { type, session } of events) names.push(`${type} ${session?.name ?? ''}`);
      expect(names).toEqual(['MODIFIED before', 'ADDED meanwhile']);
    });
    resumed.close();
    stream.close();
    await eventually(() => expect([first.memory.reserved, second.memory.reserved]).toEqual([0, 0]));
  });
});
