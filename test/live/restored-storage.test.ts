import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Rule } from '../support/cluster-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { openSocketStream } from '../support/socket-stream.ts';
import { isRealCluster, startTestCluster } from '../support/test-cluster.ts';
import { TIMINGS } from './fixture.ts';

const SUBSCRIBE = `subscription ($since: String) {
  sessions(project: "p", since: $since) { events { type session { name displayName } } resourceVersion }
}`;

// The storage of the shared control plane cannot be restored.
describe.skipIf(isRealCluster())('after the storage of the cluster was restored from a backup', () => {
  const writ = startProxiedWrit({
    sandbox: { demo: false },
    // A watch from a version that is not there yet is silent.
    subscriptions: {
      timings: { ...TIMINGS, idleMs: 300 },
      access: { everyMs: 20, confirmMs: 20, patienceMs: 60_000 },
    },
  });
  // The same project as it was earlier, with earlier versions.
  const backup = startTestCluster({ demo: false });
  let dispatcher: Agent;
  beforeAll(async () => {
    dispatcher = new Agent({ connect: { ca: backup.ca } });
    for (const admin of [backup.as('admin'), writ.kubernetes('admin')]) {
      await putProject(admin, 'p');
      await putSession(admin, 'p', 'a', { spec: { displayName: 'old' } });
    }
    const admin = writ.kubernetes('admin');
    for (let n = 0; n < 20; n += 1) {
      await admin.patch(`${SESSIONS('p')}/a`, { spec: { displayName: `new ${n}` } });
    }
    await putSession(admin, 'p', 'b');
  });
  afterAll(() => dispatcher.destroy());

  const fromBackup: Rule = async ({ method, path, headers, body }) => {
    const answer = await request(`${backup.server}${path}`, {
      method: method as 'GET',
      dispatcher,
      headers: {
        authorization: headers.authorization,
        accept: headers.accept,
        'content-type': 'application/json',
      },
      body: body || null,
    });
    const isWatch = path.includes('watch=');
    return { status: answer.statusCode, body: isWatch ? answer.body : await answer.body.text() };
  };

  it('subscriptions show what it has, and a version from before begins with a snapshot', async () => {
    const { token } = writ.sandbox.identities.victor;
    const streams = [
      await writ.subscribe('victor', SUBSCRIBE),
      openSocketStream(writ.url, { query: SUBSCRIBE }, token),
    ];
    const versions: string[] = [];
    for (const stream of streams) {
      const { sessions } = (await stream.next()).data;
      expect(sessions.events).toMatchObject([
        { type: 'RESET' },
        { session: { name: 'a', displayName: 'new 19' } },
        { session: { name: 'b' } },
        { type: 'SYNCED' },
      ]);
      versions.push(sessions.resourceVersion);
    }
    writ.proxy.set(fromBackup);
    writ.proxy.cut();
    for (const stream of streams) {
      const { sessions } = (await stream.next()).data;
      expect(sessions.events).toMatchObject([
        { type: 'RESET' },
        { type: 'ADDED', session: { name: 'a', displayName: 'old' } },
        { type: 'SYNCED' },
      ]);
    }
    await backup.as('admin').patch(`${SESSIONS('p')}/a`, { spec: { displayName: 'newer' } });
    for (const stream of streams) {
      expect((await stream.next()).data.sessions.events).toMatchObject([
        { type: 'MODIFIED', session: { name: 'a', displayName: 'newer' } },
      ]);
    }
    const resumed = await writ.subscribe('victor', SUBSCRIBE, { since: versions[0] });
    expect((await resumed.next()).data.sessions.events[0]).toEqual({ type: 'RESET', session: null });
    for (const stream of [...streams, resumed]) stream.close();
    await eventually(() => expect(writ.memory.reserved).toBe(0));
  });
});
