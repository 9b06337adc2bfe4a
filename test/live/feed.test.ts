import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { TooManyRequests } from '../../src/errors.ts';
import { KubernetesError } from '../../src/kubernetes/kubernetes-error.ts';
import { PODS } from '../../src/kubernetes/resources.ts';
import {
  EXPIRED,
  held,
  large,
  line,
  list,
  object,
  pod,
  sends,
  sendsAndEnds,
  silence,
  startScriptedCluster,
  status,
} from '../kubernetes/scripted-cluster.ts';
import { eventually } from '../support/eventually.ts';
import { startFeed } from './fixture.ts';

describe('a feed', () => {
  const { cluster, transports, watchesSeen } = startScriptedCluster();
  const start = (options: { memory?: MemoryBudget; idleMs?: number } = {}) =>
    startFeed({
      transport: transports().roomy,
      selection: { type: PODS, namespace: 'demo' },
      pageSize: 100,
      ...options,
    });

  it('tells no change that a snapshot has', async () => {
    const later = held(sends(line('MODIFIED', pod('a', 11)), line('MODIFIED', pod('a', 13))));
    cluster.lists = [list(10, [pod('a', 1)]), list(12, [pod('a', 11)])];
    cluster.watches = [later.holding];
    const reading = await start().subscribe().snapshot();
    later.release();
    reading.start();
    expect(await reading.until(4)).toEqual(['RESET', 'ADDED a', 'SYNCED', 'MODIFIED a']);
    expect(reading.batches.map(({ resourceVersion }) => resourceVersion)).toEqual(['12', '13']);
  });

  it('has one watch for all, and a bookmark is the version of those to whom it is news', async () => {
    const later = held(sends(line('BOOKMARK', pod('', 30)), line('BOOKMARK', pod('', 50))));
    cluster.lists = [list(10, []), list(12, []), list(40, [])];
    cluster.watches = [later.holding];
    const { subscribe } = start();
    const early = await subscribe().snapshot();
    const late = await subscribe().snapshot();
    early.start();
    late.start();
    later.release();
    await eventually(() => expect([early.since, late.since]).toEqual(['50', '50']));
    expect(late.batches.map(({ resourceVersion }) => resourceVersion)).toEqual(['40', '50']);
    expect(watchesSeen()).toHaveLength(1);
  });

  it('tells what its watch tells it before the snapshot has come', async () => {
    const snapshot = held(list(10, [pod('a', 1), pod('b', 2)]));
    cluster.lists = [list(10, [pod('a', 1), pod('b', 2)]), snapshot.holding];
    cluster.watches = [sends(line('DELETED', pod('a', 11)), line('ADDED', pod('a', 12, { uid: 'new' })))];
    const { feed, subscribe } = start();
    const reading = subscribe().start();
    await eventually(() => expect(feed.resourceVersion).toBe('12'));
    snapshot.release();
    expect(await reading.until(6)).toEqual(['RESET', 'ADDED a', 'ADDED b', 'SYNCED', 'DELETED a', 'ADDED a']);
  });

  describe('resumed', () => {
    it('watches from the version of a new subscription, and from the earliest of several', async () => {
      cluster.lists = [list(20, [pod('a', 15), pod('b', 18)])];
      cluster.watches = [
        sends(line('ADDED', pod('a', 15)), line('ADDED', pod('b', 18)), line('ADDED', pod('c', 21))),
      ];
      const { subscribe } = start();
      const readings = ['17', '12'].map((since) => subscribe({ since }).start());
      expect(await readings[0]?.until(2)).toEqual(['ADDED b', 'ADDED c']);
      expect(await readings[1]?.until(3)).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
      expect(watchesSeen().map((url) => url.searchParams.get('resourceVersion'))).toEqual(['12']);
      // Nobody has needed a snapshot.
      expect(cluster.seen).toHaveLength(2);
    });

    it('goes on from the history', async () => {
      cluster.lists = [list(10, [])];
      cluster.watches = [sends(line('ADDED', pod('a', 11)), line('ADDED', pod('b', 12)))];
      const { feed, subscribe } = start();
      await eventually(() => expect(feed.resourceVersion).toBe('12'));
      expect(await subscribe({ since: '11' }).start().until(1)).toEqual(['ADDED b']);
      expect(await subscribe({ since: '10' }).start().until(2)).toEqual(['ADDED a', 'ADDED b']);
    });

    it('gets a snapshot where the history is too long for the queue', async () => {
      cluster.lists = [list(10, []), list(12, [pod('a', 11), pod('b', 12)])];
      cluster.watches = [
        sends(line('ADDED', pod('a', 11, large(2_000))), line('ADDED', pod('b', 12, large(2_000)))),
      ];
      const { feed, subscribe } = start();
      await eventually(() => expect(feed.resourceVersion).toBe('12'));
      const reading = subscribe({ since: '10', limits: { queueBytes: 3_000 } }).start();
      expect(await reading.until(4)).toEqual(['RESET', 'ADDED a', 'ADDED b', 'SYNCED']);
    });

    it('gets a snapshot where the history does not reach back, or the version is none', async () => {
      cluster.lists = [list(10, [])];
      cluster.watches = [silence];
      const { feed, subscribe } = start();
      await feed.synced;
      for (const since of ['9', 'x', '', '-1', '0', '9'.repeat(30)]) {
        expect(await subscribe({ since }).start().until(2)).toEqual(['RESET', 'SYNCED']);
      }
    });

    it('is not told what it knows by a feed that is behind it, as one of another replica may be', async () => {
      const later = held(
        sends(line('ADDED', pod('a', 11)), line('MODIFIED', pod('a', 15)), line('MODIFIED', pod('a', 16))),
      );
      // The last list is to see whether there is such a version.
      cluster.lists = [list(10, []), list(15, [])];
      cluster.watches = [later.holding];
      const { feed, subscribe } = start();
      await feed.synced;
      const reading = subscribe({ since: '15' }).start();
      later.release();
      await reading.until(1);
      expect(reading.events(true)).toEqual(['MODIFIED a@16']);
    });

    it('from a version of the future gets a snapshot', async () => {
      cluster.lists = [list(10, [pod('a', 5)])];
      const { subscribe } = start();
      const reading = subscribe({ since: '99999' }).start();
      expect(await reading.until(3)).toEqual(['RESET', 'ADDED a', 'SYNCED']);
      expect(reading.since).toBe('10');
    });

    it('from a version that has expired gets a snapshot', async () => {
      cluster.lists = [list(10, [pod('a', 5)]), list(12, [pod('a', 5)])];
      cluster.watches = [EXPIRED, silence];
      expect(await start().subscribe({ since: '2' }).start().until(3)).toEqual([
        'RESET',
        'ADDED a',
        'SYNCED',
      ]);
    });
  });

  it('goes on after its watch was refused with 403, and reports what it has missed', async () => {
    cluster.lists = [
      list(10, []),
      list(10, []),
      list(12, [pod('a', 11), pod('b', 12)]),
      object(pod('b', 12)),
    ];
    cluster.watches = [sendsAndEnds(line('ADDED', pod('a', 11))), status(403), silence];
    const reading = start().subscribe().start();
    expect(await reading.until(4)).toEqual(['RESET', 'SYNCED', 'ADDED a', 'ADDED b']);
  });

  describe('ends', () => {
    it('with its watch where the cluster refuses it with 401', async () => {
      const refusal = held(status(401));
      cluster.lists = [list(10, []), list(10, [])];
      cluster.watches = [
        sendsAndEnds(line('ADDED', pod('a', 11))),
        refusal.holding,
        sends(line('ADDED', pod('b', 12))),
      ];
      const { feed, memory, subscribe } = start();
      const reading = subscribe().start();
      await reading.until(3);
      refusal.release();
      await eventually(() => expect(reading.end?.error).toBeInstanceOf(KubernetesError));
      expect(reading.end?.error).toMatchObject({ statusCode: 401 });
      expect(reading.events()).toEqual(['RESET', 'SYNCED', 'ADDED a']);
      expect([feed.isEnded, feed.listeners, memory.reserved]).toEqual([true, 0, 0]);
      const late = subscribe().start();
      await eventually(() => expect(late.end?.error).toMatchObject({ statusCode: 401 }));
      expect(late.events()).toEqual([]);
    });

    it('tells nothing that waits, and not the rest of a snapshot', async () => {
      const second = held(list(10, [pod('b', 2)]));
      cluster.lists = [list(10, []), list(10, [pod('a', 1)], { continue: 'x' }), second.holding];
      cluster.watches = [sends(line('MODIFIED', pod('a', 11)))];
      const { feed, subscribe } = start();
      const reading = subscribe();
      await reading.next();
      reading.start();
      await eventually(() => expect([cluster.seen.length, feed.resourceVersion]).toEqual([4, '11']));
      feed.end(new Error('why'));
      second.release();
      await eventually(() => expect(reading.end?.error).toEqual(new Error('why')));
      expect(reading.events()).toEqual(['RESET', 'ADDED a']);
    });

    it('where it cannot begin', async () => {
      cluster.lists = [status(500)];
      const failing = start().subscribe({ since: '1' }).start();
      await eventually(() => expect(failing.end?.error).toMatchObject({ statusCode: 500 }));
      cluster.lists = [status(404)];
      const missing = start().subscribe().start();
      await eventually(() => expect(missing.end?.error).toMatchObject({ statusCode: 404 }));
    });

    it('where its memory is used up by the objects that it knows', async () => {
      cluster.lists = [
        list(
          10,
          Array.from({ length: 100 }, (_, i) => pod(`p${i}`, 1)),
        ),
      ];
      const memory = new MemoryBudget(20_000);
      const reading = start({ memory }).subscribe().start();
      await eventually(() => expect(reading.end?.error).toBeInstanceOf(TooManyRequests));
      expect(memory.reserved).toBe(0);
    });
  });

  it('begins although a page of its first list expires', async () => {
    cluster.lists = [list(10, [pod('a', 1)], { continue: 'x' }), status(410), list(20, [])];
    expect(await start().subscribe().start().until(2)).toEqual(['RESET', 'SYNCED']);
  });

  it('goes on without memory for its history', async () => {
    cluster.lists = [list(10, [])];
    cluster.watches = [sends(line('ADDED', pod('a', 11, large(20_000))), line('ADDED', pod('b', 12)))];
    const { feed, subscribe } = start({ memory: new MemoryBudget(20_000) });
    await eventually(() => expect(feed.resourceVersion).toBe('12'));
    expect(await subscribe({ since: '11' }).start().until(1)).toEqual(['ADDED b']);
    expect((await subscribe({ since: '10' }).snapshot()).events()[0]).toBe('RESET');
  });
});
