import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENT } from '../attack/availability/held-calls.ts';
import { status } from '../support/cluster-proxy.ts';
import type { EventStream } from '../support/event-stream.ts';
import { RBAC, SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { bind, putProject, putSession } from '../support/put-objects.ts';
import type { Who } from '../support/test-cluster.ts';

const SUBSCRIBE = `subscription ($project: String!, $filter: SessionFilter, $since: String) {
  sessions(project: $project, filter: $filter, since: $since) {
    events { type session { name } } resourceVersion
  }
}`;
const OPEN: EventStream[] = [];

describe('subscriptions', () => {
  const writ = startProxiedWrit({
    sandbox: { demo: false },
    environment: { WRIT_USER_SUBSCRIPTIONS: '6', WRIT_USER_WATCHES: '2' },
    subscriptions: { access: { everyMs: 20, confirmMs: 20, patienceMs: 60_000 } },
  });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    for (const project of ['p', 'q', 'r']) await putProject(admin, project);
    await putSession(admin, 'p', 'a');
  });
  afterEach(async () => {
    for (const stream of OPEN.splice(0)) stream.close();
    await expect.poll(() => watches.open, PATIENT).toBe(0);
    await expect.poll(() => writ.memory.reserved, PATIENT).toBe(0);
  });

  /** The watches that Writ has open, and those that it has opened. */
  const watches = { open: 0, all: [] as string[] };
  const isWatch = (path: string) => path.includes('watch=');
  function countWatches() {
    watches.all = [];
    writ.proxy.set(async (request, forward) => {
      const reply = await forward();
      if (!isWatch(request.path)) return reply;
      watches.all.push(request.authorization);
      watches.open += 1;
      (reply.body as NodeJS.EventEmitter).once('close', () => {
        watches.open -= 1;
      });
      return reply;
    });
  }
  async function subscribe(who: Who, project = 'p', variables: object = {}) {
    const stream = await writ.subscribe(who, SUBSCRIBE, { project, ...variables });
    OPEN.push(stream);
    return stream;
  }
  type Events = { type: string; session: { name: string } | null }[];
  const seen = (result: Awaited<ReturnType<EventStream['next']>>) =>
    (result.data.sessions.events as Events).map(({ type, session }) =>
      session ? `${type} ${session.name}` : type,
    );
  const SNAPSHOT = ['RESET', 'ADDED a', 'SYNCED'];

  it('with the same token and selection share one watch, which ends with the last of them', async () => {
    countWatches();
    const streams = [await subscribe('victor'), await subscribe('victor'), await subscribe('victor')];
    for (const stream of streams) expect(seen(await stream.next())).toEqual(SNAPSHOT);
    await putSession(admin, 'p', 'b');
    for (const stream of streams) expect(seen(await stream.next())).toEqual(['ADDED b']);
    const late = await subscribe('victor', 'p', { filter: { search: 'b' } });
    expect(seen(await late.next())).toEqual(['RESET', 'ADDED b', 'SYNCED']);
    expect(watches.all).toHaveLength(1);
    for (const stream of streams) stream.close();
    await admin.delete(`${SESSIONS('p')}/b`);
    expect(seen(await late.next())).toEqual(['DELETED b']);
    expect(watches.open).toBe(1);
  });

  it('with other tokens have watches of their own, each with its own token', async () => {
    countWatches();
    for (const who of ['victor', 'alice', 'victor'] as const) {
      expect(seen(await (await subscribe(who)).next())).toEqual(SNAPSHOT);
    }
    await expect.poll(() => watches.all.length, PATIENT).toBe(2);
    const bearer = (who: Who) => `Bearer ${writ.sandbox.identities[who].token}`;
    expect(new Set(watches.all)).toEqual(new Set([bearer('victor'), bearer('alice')]));
  });

  it('are FORBIDDEN for who may not list and watch', async () => {
    const { data, errors } = await (await subscribe('mallory')).next();
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', verb: 'list', namespace: 'p' } }]);
  });

  it('end with FORBIDDEN when the permission is gone, and report nothing that happens afterwards', async () => {
    await bind(admin, 'q', 'ClusterRole/ambient-project-view', { kind: 'User', name: 'mallory' });
    const streams = [await subscribe('mallory', 'q'), await subscribe('mallory', 'q')];
    for (const stream of streams) expect(seen(await stream.next())).toEqual(['RESET', 'SYNCED']);
    const { items } = (await admin.get(RBAC('q', 'rolebindings'))).body;
    for (const { metadata, subjects } of items) {
      if (subjects[0].name === 'mallory') await admin.delete(`${RBAC('q', 'rolebindings')}/${metadata.name}`);
    }
    const ends = streams.map(async (stream) => {
      const { data, errors } = await stream.next();
      await putSession(admin, 'q', `after-${streams.indexOf(stream)}`);
      await expect(stream.next()).rejects.toThrow('ended');
      return { data, errors };
    });
    for (const { data, errors } of await Promise.all(ends)) {
      expect(data).toBeUndefined();
      expect(errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN', verb: 'watch', resource: 'agenticsessions', namespace: 'q' } },
      ]);
    }
  });

  it('end with UNAUTHENTICATED when the cluster does not accept the token any more', async () => {
    const stream = await subscribe('victor');
    expect(seen(await stream.next())).toEqual(SNAPSHOT);
    writ.proxy.set(({ path }, forward) =>
      path.includes('selfsubjectaccessreviews') ? status(401, 'Unauthorized') : forward(),
    );
    expect((await stream.next()).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    await expect(stream.next()).rejects.toThrow('ended');
  });

  it('of one user are limited, and so are their watches; another user is not affected', async () => {
    for (let n = 0; n < 6; n += 1) await (await subscribe('victor')).next();
    const tooMany = { extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 1 } };
    expect((await (await subscribe('victor')).next()).errors).toMatchObject([tooMany]);
    expect(seen(await (await subscribe('alice')).next())).toEqual(SNAPSHOT);
    await (await subscribe('alice', 'q')).next();
    expect((await (await subscribe('alice', 'r')).next()).errors).toMatchObject([tooMany]);
  });

  it('since a version of the future or of nothing begin with a snapshot at once', async () => {
    for (const since of ['999999999', '0', 'garbage', '-1', '9'.repeat(40)]) {
      const before = writ.proxy.seen.length;
      const stream = await subscribe('victor', 'p', { since });
      expect(seen(await stream.next())).toEqual(SNAPSHOT);
      const versions = writ.proxy.seen
        .slice(before)
        .flatMap(({ path }) => new URL(path, 'https://c').searchParams.get('resourceVersion') ?? []);
      expect(versions).not.toContain(since);
      stream.close();
    }
  });
});
