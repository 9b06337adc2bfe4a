import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { TooManyRequests } from '../../src/errors.ts';
import type { AnyObject } from '../../src/kubernetes/reader.ts';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession, putSessions } from '../support/put-objects.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { startFeed, transportsTo } from './fixture.ts';

describe('a subscriber', () => {
  const cluster = startTestCluster({ demo: false, bookmarkMs: 50 });
  const transport = transportsTo(() => cluster);
  const admin = cluster.as('admin');
  let project = '';
  let projects = 0;
  beforeEach(async () => {
    projects += 1;
    project = `live-${projects}`;
    await putProject(admin, project);
  });

  const pathOf = (name: string) => `${SESSIONS(project)}/${name}`;
  const put = (...names: string[]) => putSessions(admin, project, names);
  const patch = (name: string, body: object) => admin.patch(pathOf(name), body);
  const label = (name: string, on: string) => patch(name, { metadata: { labels: { on } } });
  const remove = (name: string) => admin.delete(pathOf(name));
  const start = (selectors: object = {}, options: object = {}) =>
    startFeed({
      transport: transport(),
      token: cluster.identities.admin.token,
      selection: { type: AGENTIC_SESSIONS, namespace: project, ...selectors },
      ...options,
    });
  const isOn = ({ metadata }: AnyObject) => metadata.labels?.on === 'yes';

  it('gets a snapshot in pages, and what has changed meanwhile after it', async () => {
    await put('a', 'b', 'c', 'd', 'e');
    const { feed, subscribe } = start();
    const reading = subscribe();
    await reading.next();
    await put('aa', 'f');
    await patch('e', { spec: { displayName: 'later' } });
    await remove('d');
    const { resourceVersion } = (await admin.get(SESSIONS(project))).body.metadata;
    await eventually(() =>
      expect(Number(feed.resourceVersion)).toBeGreaterThanOrEqual(Number(resourceVersion)),
    );
    reading.start();
    await reading.until(11);
    expect(reading.batches.map(({ events }) => events.length)).toEqual([4, 3, 4]);
    expect(reading.events()).toEqual([
      ...['RESET', 'ADDED a', 'ADDED b', 'ADDED c', 'ADDED d', 'ADDED e', 'SYNCED'],
      ...['ADDED aa', 'ADDED f', 'MODIFIED e', 'DELETED d'],
    ]);
  });

  it('that comes late gets a snapshot, and the changes of the one watch', async () => {
    const { subscribe } = start();
    const early = (await subscribe().snapshot()).start();
    await put('a');
    await early.until(3);
    const late = (await subscribe().snapshot()).start();
    await remove('a');
    expect(await late.until(4)).toEqual(['RESET', 'ADDED a', 'SYNCED', 'DELETED a']);
    expect(await early.until(4)).toEqual(['RESET', 'SYNCED', 'ADDED a', 'DELETED a']);
    const watches = cluster.requests.filter(
      ({ verb, namespace }) => verb === 'watch' && namespace === project,
    );
    expect(watches).toHaveLength(1);
  });

  it('that resumes misses nothing, of this feed and of a new one', async () => {
    await put('a');
    const { subscribe, end } = start();
    const reading = await subscribe().snapshot();
    await reading.leave();
    await put('b');
    await remove('a');
    const changes = ['ADDED b', 'DELETED a'];
    expect(await subscribe({ since: reading.since }).start().until(2)).toEqual(changes);
    await end();
    expect(await start().subscribe({ since: reading.since }).start().until(2)).toEqual(changes);
  });

  it('is told the version while nothing changes, so that it does not expire', async () => {
    // Kubernetes sends a bookmark about two seconds before a watch ends.
    const { subscribe } = start({}, { timings: { timeoutSeconds: { min: 4, max: 4 } } });
    const reading = (await subscribe().snapshot()).start();
    const { metadata } = await putSession(admin, 'demo', project);
    await eventually(() =>
      expect(Number(reading.since)).toBeGreaterThanOrEqual(Number(metadata.resourceVersion)),
    );
    expect(reading.events()).toEqual(['RESET', 'SYNCED']);
  });

  it('gets the newest state of each object that waits, and each deletion', async () => {
    await put('a', 'b');
    const { feed, subscribe } = start();
    const reading = await subscribe().snapshot();
    for (const displayName of ['1', '2', '3']) await patch('a', { spec: { displayName } });
    await remove('b');
    await put('b', 'new');
    await patch('new', { spec: { displayName: '4' } });
    const { resourceVersion } = (await admin.get(pathOf('new'))).body.metadata;
    await eventually(() =>
      expect(Number(feed.resourceVersion)).toBeGreaterThanOrEqual(Number(resourceVersion)),
    );
    reading.start();
    await reading.until(8);
    const { events } = reading.batches.at(-1) ?? { events: [] };
    expect(reading.events().slice(4)).toEqual(['MODIFIED a', 'DELETED b', 'ADDED b', 'ADDED new']);
    const objects = events.map((event) => ('object' in event ? event.object : undefined));
    expect(objects[0]).toMatchObject({ spec: { displayName: '3' } });
    expect(objects[1]?.metadata.uid).not.toBe(objects[2]?.metadata.uid);
  });

  it('waits for its turn, and ends meanwhile', async () => {
    await put('a');
    const turn = Promise.withResolvers<void>();
    let waiting = 0;
    const share = {
      measure: <T>(step: () => T): T => step(),
      turn: () => {
        waiting += 1;
        return turn.promise;
      },
    };
    const { subscribe } = start();
    const [first, second] = [subscribe({ share }), subscribe({ share })];
    first.start();
    second.start();
    await eventually(() => expect(waiting).toBe(2));
    expect(first.batches).toEqual([]);
    void second.leave();
    await eventually(() => expect(second.end).toEqual({}));
    turn.resolve();
    expect(await first.until(3)).toEqual(['RESET', 'ADDED a', 'SYNCED']);
    expect(second.batches).toEqual([]);
  });

  it('that is too slow holds a bounded number of bytes, and gets a new snapshot', async () => {
    await put('a', 'b', 'c');
    const { feed, memory, subscribe } = start();
    const reading = await subscribe({ limits: { queueBytes: 20_000 } }).snapshot();
    let most = 0;
    for (let i = 0; i < 12; i += 1) {
      await patch(['a', 'b', 'c'][i % 3] ?? '', { spec: { initialPrompt: `${i}`.repeat(8_000) } });
      most = Math.max(most, memory.reserved);
    }
    await remove('c');
    const { resourceVersion } = (await admin.get(SESSIONS(project))).body.metadata;
    await eventually(() =>
      expect(Number(feed.resourceVersion)).toBeGreaterThanOrEqual(Number(resourceVersion)),
    );
    reading.start();
    await eventually(() => expect(reading.events().filter((event) => event === 'SYNCED')).toHaveLength(2));
    expect(reading.events().slice(5)).toEqual(['RESET', 'ADDED a', 'ADDED b', 'SYNCED']);
    // The history has its own maximum.
    expect(most).toBeLessThan(1024 * 1024 + 30_000);
    // One object is never too large.
    const large = await subscribe({ limits: { queueBytes: 10 } }).snapshot();
    await patch('a', { spec: { initialPrompt: 'x'.repeat(50_000) } });
    large.start();
    expect((await large.until(5)).slice(4)).toEqual(['MODIFIED a']);
  });

  it('ends where the user has no memory left, and gives back what it had', async () => {
    await put('a');
    const memory = new MemoryBudget(30_000);
    const { subscribe, end } = start({}, { memory });
    const reading = (await subscribe().snapshot()).start();
    await patch('a', { spec: { initialPrompt: 'x'.repeat(20_000) } });
    await eventually(() => expect(reading.end?.error).toBeInstanceOf(TooManyRequests));
    await end();
    expect(memory.reserved).toBe(0);
  });

  describe('with a filter', () => {
    it('is told what enters it and what leaves it', async () => {
      await put('a', 'b');
      await label('a', 'yes');
      const { subscribe } = start();
      const reading = (await subscribe({ select: isOn }).snapshot()).start();
      expect(reading.events()).toEqual(['RESET', 'ADDED a', 'SYNCED']);
      await label('b', 'yes');
      await reading.until(4);
      await label('b', 'no');
      await reading.until(5);
      await patch('b', { spec: { displayName: 'x' } });
      await remove('b');
      await label('a', 'no');
      await reading.until(6);
      expect(reading.events().slice(3)).toEqual(['ADDED b', 'DELETED b', 'DELETED a']);
    });

    it('is told that an object has left that was in a page not yet read', async () => {
      await put('a', 'b', 'c', 'd');
      await label('d', 'yes');
      const { subscribe } = start();
      const reading = subscribe({ select: isOn });
      await reading.next();
      await label('d', 'no');
      await remove('d');
      reading.start();
      expect(await reading.until(4)).toEqual(['RESET', 'ADDED d', 'SYNCED', 'DELETED d']);
    });

    it('that resumes is told what has left meanwhile', async () => {
      await put('a', 'b');
      await label('a', 'yes');
      const { subscribe } = start();
      const reading = await subscribe({ select: isOn }).snapshot();
      await reading.leave();
      await label('a', 'no');
      await put('never');
      await put('c');
      await label('c', 'yes');
      const resumed = subscribe({ select: isOn, since: reading.since }).start();
      expect((await resumed.until(2)).filter((event) => !event.includes('b'))).toEqual([
        'DELETED a',
        'ADDED c',
      ]);
      await label('a', 'yes');
      expect((await resumed.until(3)).at(-1)).toBe('ADDED a');
    });
  });

  it('of a label, or of one name, is told of no other', async () => {
    await put('a', 'b');
    await label('a', 'yes');
    const labelled = (await start({ labelSelector: 'on=yes' }).subscribe().snapshot()).start();
    const named = (await start({ fieldSelector: 'metadata.name=a' }).subscribe().snapshot()).start();
    await label('b', 'yes');
    await label('a', 'no');
    await remove('a');
    expect(await labelled.until(5)).toEqual(['RESET', 'ADDED a', 'SYNCED', 'ADDED b', 'DELETED a']);
    await eventually(() => expect(named.events().at(-1)).toBe('DELETED a'));
    expect(new Set(named.events().map((event) => event.split(' ')[1]))).toEqual(new Set([undefined, 'a']));
  });

  it('of large objects gets all of them', async () => {
    const mcpServers = { custom: { large: 'x'.repeat(900_000) } };
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
      await putSession(admin, project, name, { spec: { mcpServers } });
    const { subscribe } = start({}, { pageSize: 100 });
    const reading = (await subscribe().snapshot()).start();
    expect(reading.events()).toHaveLength(8);
    await patch('f', { spec: { displayName: 'x' } });
    expect((await reading.until(9)).at(-1)).toBe('MODIFIED f');
  });

  it('frees everything at once, whichever way it is left', async () => {
    await put('a');
    const ends = new AbortController();
    const { feed, memory, subscribe, end } = start();
    await feed.synced;
    const never = subscribe();
    const unread = subscribe({ select: () => true });
    await unread.next();
    const waiting = (await subscribe().snapshot()).start();
    const aborted = (await subscribe({ signal: ends.signal }).snapshot()).start();
    await patch('a', { spec: { displayName: 'x' } });
    await eventually(() =>
      expect([waiting, aborted].map(({ end, batches }) => [end, batches.length])).toEqual([
        [undefined, 2],
        [undefined, 2],
      ]),
    );
    expect(feed.listeners).toBe(4);
    await never.leave();
    await unread.leave();
    // While it waits for a batch.
    await waiting.leave();
    ends.abort();
    expect(feed.listeners).toBe(0);
    await eventually(() => expect([waiting.end, aborted.end]).toEqual([{}, {}]));
    await end();
    expect(memory.reserved).toBe(0);
  });
});
