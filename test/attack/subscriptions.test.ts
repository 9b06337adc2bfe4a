import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type EventStream, openEventStream } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { NAMESPACES, RBAC, SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { bind, putProject, putSession } from '../support/put-objects.ts';
import { openSocketStream } from '../support/socket-stream.ts';
import type { Who } from '../support/test-cluster.ts';
import { holdCalls } from './availability/held-calls.ts';

const SUBSCRIBE = `subscription ($project: String!, $since: String) {
  sessions(project: $project, since: $since) { events { type session { name } } resourceVersion }
}`;
const ONE = `subscription ($name: String!) {
  session(project: "p", name: $name) { events { type session { id name } } resourceVersion }
}`;
const SNAPSHOT = ['RESET', 'ADDED a', 'SYNCED'];
const LOOPS = 40;

type Stream = Pick<EventStream, 'next' | 'close'>;
type Result = Awaited<ReturnType<EventStream['next']>>;

describe.each(['event streams', 'WebSockets'])('attacks on subscriptions over %s', (transport) => {
  const writ = startProxiedWrit({
    sandbox: { demo: false },
    environment: { WRIT_USER_SUBSCRIPTIONS: '10', WRIT_USER_WATCHES: '3', WRIT_USER_CONCURRENT_CALLS: '2' },
    authentication: { subjectMs: 0, rejectedMs: 0 },
    subscriptions: { access: { everyMs: 20, confirmMs: 20, patienceMs: 60_000 } },
  });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    await putProject(admin, 'p');
    await putSession(admin, 'p', 'a');
  });

  const open: Stream[] = [];
  afterEach(async () => {
    for (const stream of open.splice(0)) stream.close();
    await eventually(() => expect(writ.memory.reserved).toBe(0));
  });

  async function withToken(token: string, query: string, variables: object): Promise<Stream> {
    const stream =
      transport === 'WebSockets'
        ? openSocketStream(writ.url, { query, variables }, token)
        : await openEventStream(writ.url, { query, variables }, { authorization: `Bearer ${token}` });
    open.push(stream);
    return stream;
  }
  const subscribe = (who: Who, variables: object = {}) =>
    withToken(writ.sandbox.identities[who].token, SUBSCRIBE, { project: 'p', ...variables });

  /** The watches that the cluster has not seen the end of. */
  const watching = () => openWatches.size;
  const openWatches = new Set<Readable>();
  beforeEach(() =>
    writ.proxy.set(async ({ path }, forward) => {
      const reply = await forward();
      if (path.includes('watch=') && reply.body instanceof Readable) {
        const { body } = reply;
        openWatches.add(body);
        body.once('close', () => openWatches.delete(body));
      }
      return reply;
    }),
  );

  function seen({ data, errors }: Result): string[] {
    if (errors) return errors.map(({ extensions }) => String(extensions.code));
    const { events } = data.sessions ?? data.session;
    return events.map(({ type, session }: { type: string; session: { name: string } | null }) =>
      session ? `${type} ${session.name}` : type,
    );
  }
  async function revoke(project: string, who: string): Promise<void> {
    const { items } = (await admin.get(RBAC(project, 'rolebindings'))).body;
    for (const { metadata, subjects } of items) {
      if (subjects[0].name === who) await admin.delete(`${RBAC(project, 'rolebindings')}/${metadata.name}`);
    }
  }
  const grant = (project: string, name: string) =>
    bind(admin, project, 'ClusterRole/ambient-project-view', { kind: 'User', name });

  it('a permission that is taken away ends those of that user alone, and given back allows new ones at once', async () => {
    await grant('p', 'mallory');
    const mallory = [await subscribe('mallory'), await subscribe('mallory')];
    const victor = await subscribe('victor');
    for (const stream of [...mallory, victor]) expect(seen(await stream.next())).toEqual(SNAPSHOT);
    await revoke('p', 'mallory');
    for (const stream of mallory) expect(seen(await stream.next())).toEqual(['FORBIDDEN']);
    await putSession(admin, 'p', 'secret');
    for (const stream of mallory) await expect(stream.next()).rejects.toThrow();
    expect(seen(await victor.next())).toEqual(['ADDED secret']);
    expect(seen(await (await subscribe('mallory')).next())).toEqual(['FORBIDDEN']);
    await grant('p', 'mallory');
    const again = await subscribe('mallory');
    expect(seen(await again.next())).toEqual(['RESET', 'ADDED a', 'ADDED secret', 'SYNCED']);
    await revoke('p', 'mallory');
    expect(seen(await again.next())).toEqual(['FORBIDDEN']);
    await admin.delete(`${SESSIONS('p')}/secret`);
  });

  it('a user who has used up its turns for calls loses the permission as soon as others', async () => {
    await grant('p', 'mallory');
    const stream = await subscribe('mallory');
    expect(seen(await stream.next())).toEqual(SNAPSHOT);
    const calls = holdCalls(({ path }) => path.endsWith('/agenticsessions/held'));
    writ.proxy.set(calls.rule);
    onTestFinished(calls.releaseAll);
    const query = '{ session(project: "p", name: "held") { name } }';
    const slow = Array.from({ length: 4 }, () => writ.as('mallory', query));
    await calls.until(2);
    await revoke('p', 'mallory');
    expect(seen(await stream.next())).toEqual(['FORBIDDEN']);
    calls.releaseAll();
    await Promise.all(slow);
  });

  it("since another project's version nothing of it is sent", async () => {
    await putProject(admin, 'other');
    await putSession(admin, 'other', 'hidden');
    const foreign = await subscribe('admin', { project: 'other' });
    const { resourceVersion } = (await foreign.next()).data.sessions;
    const own = await subscribe('victor', { since: resourceVersion });
    await putSession(admin, 'other', 'hidden-too');
    await putSession(admin, 'p', 'shown');
    expect(seen(await own.next())).toEqual(['ADDED shown']);
    await admin.delete(`${SESSIONS('p')}/shown`);
  });

  it.each(['-1', '0', '9'.repeat(19), '9'.repeat(40), '0x1f', '1e3', 'null', '%00', '', ' 12'])(
    'since the version %j, which is none of the cluster, all of the project is sent, and nothing else',
    async (since) => {
      const stream = await subscribe('victor', { since });
      const other = await subscribe('victor');
      for (const each of [stream, other]) expect(seen(await each.next())).toEqual(SNAPSHOT);
      await putSession(admin, 'p', 'later');
      for (const each of [stream, other]) expect(seen(await each.next())).toEqual(['ADDED later']);
      await admin.delete(`${SESSIONS('p')}/later`);
    },
  );

  it('a token that expires, or that the cluster refuses, ends them with nothing afterwards', async () => {
    const token = jwt(Date.now() / 1_000 + 5);
    const tokenOfVictor = `Bearer ${writ.sandbox.identities.victor.token}`;
    // Which the cluster takes for victor's.
    writ.proxy.set((request, forward) => {
      if (request.authorization === `Bearer ${token}`) request.headers.authorization = tokenOfVictor;
      return forward();
    });
    const expiring = await withToken(token, SUBSCRIBE, { project: 'p' });
    expect(seen(await expiring.next())).toEqual(SNAPSHOT);
    const end = expiring
      .next()
      .then(seen, (error) => [`${error.code ?? ''} ${error.message ?? error.reason}`]);
    expect((await end)[0]).toMatch(/UNAUTHENTICATED|4401/);
    const refused = await subscribe('victor');
    expect(seen(await refused.next())).toEqual(SNAPSHOT);
    writ.proxy.set(({ authorization, path }, forward) =>
      authorization === tokenOfVictor && !path.includes('watch=') ? UNAUTHORIZED : forward(),
    );
    const ended = await refused.next().then(seen, (error) => [`${error.code ?? ''}`]);
    expect(ended[0]).toMatch(/UNAUTHENTICATED|4401/);
    await expect(refused.next()).rejects.toBeDefined();
    const watches = () => writ.proxy.seen.filter(({ path }) => path.includes('watch=')).length;
    const before = watches();
    const again = await subscribe('victor')
      .then((stream) => stream.next())
      .then(seen, (error) => [`${error.code ?? ''}`]);
    expect(again[0]).toMatch(/UNAUTHENTICATED|4401/);
    expect(watches()).toBe(before);
  });

  it('opened and closed in a loop they hold nothing, and others are served meanwhile', async () => {
    const victor = await subscribe('victor');
    expect(seen(await victor.next())).toEqual(SNAPSHOT);
    for (let n = 0; n < LOOPS; n += 1) {
      const stream = await subscribe('alice');
      // At any moment: before the first event, or after it.
      if (n % 3 === 0) await stream.next();
      else await delay(n % 7);
      stream.close();
    }
    await putSession(admin, 'p', `after-${transport === 'WebSockets'}`);
    expect(seen(await victor.next())).toHaveLength(1);
    // As many as one user may have, at once: nothing is left of those before.
    const all = await Promise.all(Array.from({ length: 10 }, () => subscribe('alice')));
    for (const stream of all) expect(seen(await stream.next())).toContain('SYNCED');
    for (const stream of all) stream.close();
    await eventually(() => expect(watching()).toBe(1));
    await admin.delete(`${SESSIONS('p')}/after-${transport === 'WebSockets'}`);
  });

  it('a session that is made again under its name is another one', async () => {
    const stream = await withToken(writ.sandbox.identities.victor.token, ONE, { name: 'twice' });
    expect(seen(await stream.next())).toEqual(['RESET', 'SYNCED']);
    const ids: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      await putSession(admin, 'p', 'twice');
      const added = await stream.next();
      expect(seen(added)).toEqual(['ADDED twice']);
      ids.push(added.data.session.events[0].session.id);
      await admin.delete(`${SESSIONS('p')}/twice`);
      const deleted = await stream.next();
      expect(seen(deleted)).toEqual(['DELETED twice']);
      expect(deleted.data.session.events[0].session.id).toBe(ids[round]);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it('a project that is deleted and made again while it is watched', async () => {
    const project = `remade-${transport === 'WebSockets' ? 'socket' : 'stream'}`;
    await putProject(admin, project);
    await putSession(admin, project, 'first');
    const byAdmin = await subscribe('admin', { project });
    const byVictor = await subscribe('victor', { project });
    for (const stream of [byAdmin, byVictor]) {
      expect(seen(await stream.next())).toEqual(['RESET', 'ADDED first', 'SYNCED']);
    }
    await admin.delete(`${NAMESPACES}/${project}`);
    expect(seen(await byAdmin.next())).toEqual(['DELETED first']);
    // With the project the right to see it is gone.
    await eventually(async () => expect(seen(await byVictor.next())).toEqual(['FORBIDDEN']));
    await eventually(async () => expect((await admin.get(`${NAMESPACES}/${project}`)).status).toBe(404));
    await putProject(admin, project);
    await putSession(admin, project, 'second');
    await eventually(async () => expect(seen(await byAdmin.next())).toEqual(['ADDED second']));
    expect(seen(await (await subscribe('victor', { project })).next())).toEqual([
      'RESET',
      'ADDED second',
      'SYNCED',
    ]);
  });
});

const UNAUTHORIZED = {
  status: 401,
  body: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code: 401,
    reason: 'Unauthorized',
    message: 'no',
  },
};

/** A token that says when it expires, in seconds since 1970. */
function jwt(exp: number): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'RS256' })}.${encode({ exp })}.signature`;
}
