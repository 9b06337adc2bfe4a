import { describe, expect, it } from 'vitest';
import type { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import { PODS } from '../../src/kubernetes/resources.ts';
import {
  type Answer,
  EXPIRED,
  held,
  line,
  list,
  object,
  pod,
  sends,
  silence,
  startScriptedCluster,
  status,
} from '../kubernetes/scripted-cluster.ts';
import { eventually } from '../support/eventually.ts';
import { startFeed } from './fixture.ts';

describe('a feed with a gap in its watch', () => {
  const { cluster, transports } = startScriptedCluster();
  const start = (options: { memory?: MemoryBudget; idleMs?: number } = {}) =>
    startFeed({
      transport: transports().roomy,
      selection: { type: PODS, namespace: 'demo' },
      pageSize: 100,
      ...options,
    });
  const before = [pod('stays', 1), pod('changes', 2), pod('goes', 3), pod('reborn', 4)];
  const after = [pod('stays', 1), pod('changes', 80), pod('reborn', 81, { uid: 'new' }), pod('comes', 82)];

  it('tells the difference', async () => {
    const gap = held(EXPIRED);
    const found = after.slice(1).map(object);
    cluster.lists = [list(10, before), list(10, before), list(90, after), ...found];
    cluster.watches = [gap.holding, silence];
    const reading = await start().subscribe().snapshot();
    gap.release();
    await reading.start().until(11);
    expect(reading.events(true).slice(6)).toEqual([
      'DELETED goes@90',
      'DELETED reborn@90',
      'MODIFIED changes@80',
      'ADDED reborn@81',
      'ADDED comes@82',
    ]);
    expect(reading.batches.slice(1).flatMap(({ events }) => events)[0]).toMatchObject({
      object: { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'demo', uid: 'uid-goes' } },
    });
    await eventually(() => expect(reading.since).toBe('90'));
  });

  it('leaves what has changed again since its list to the watch', async () => {
    const gap = held(EXPIRED);
    const found = [object(pod('changes', 95)), status(404)];
    const listed = [...before.slice(0, 1), ...after.slice(1, 2), pod('comes', 82)];
    cluster.lists = [list(10, before.slice(0, 2)), list(10, before.slice(0, 2)), list(90, listed), ...found];
    cluster.watches = [
      gap.holding,
      sends(line('DELETED', pod('comes', 93)), line('MODIFIED', pod('changes', 95))),
    ];
    const reading = await start().subscribe().snapshot();
    gap.release();
    await reading.start().until(6);
    expect(reading.events(true).slice(4)).toEqual(['DELETED comes@93', 'MODIFIED changes@95']);
  });

  it('has a later snapshot made again: what it had may be gone, and the feed never knew it', async () => {
    const gap = held(EXPIRED);
    cluster.lists = [list(10, []), list(20, [pod('short', 15)]), list(90, []), list(91, [])];
    cluster.watches = [gap.holding, silence];
    const reading = await start().subscribe().snapshot();
    gap.release();
    await reading.start().until(5);
    expect(reading.events()).toEqual(['RESET', 'ADDED short', 'SYNCED', 'RESET', 'SYNCED']);
  });

  it('has a snapshot that is being read made again', async () => {
    const gap = held(EXPIRED);
    const snapshot = held(list(20, [pod('short', 15)]));
    cluster.lists = [list(10, []), snapshot.holding, list(90, []), list(91, [])];
    cluster.watches = [gap.holding, silence];
    const { feed, subscribe } = start();
    const reading = subscribe().start();
    await eventually(() => expect(cluster.seen).toHaveLength(3));
    gap.release();
    await eventually(() => expect(feed.resourceVersion).toBe('90'));
    snapshot.release();
    expect(await reading.until(2)).toEqual(['RESET', 'SYNCED']);
  });

  it('has snapshots made again for many changes', async () => {
    const many = Array.from({ length: 101 }, (_, i) => pod(`p${i}`, 20 + i));
    const gap = held(EXPIRED);
    cluster.lists = [list(10, []), list(10, []), list(190, many)];
    cluster.watches = [gap.holding, silence];
    const { subscribe } = start();
    const reading = await subscribe().snapshot();
    gap.release();
    await reading.start().until(105);
    expect(reading.events().slice(0, 4)).toEqual(['RESET', 'SYNCED', 'RESET', 'ADDED p0']);
    // No object was read alone.
    expect(cluster.seen.filter(({ pathname }) => !pathname.endsWith('/pods'))).toEqual([]);
    expect((await subscribe({ since: '100' }).snapshot()).events()[0]).toBe('RESET');
  });

  it('whose versions go back has snapshots made again: the storage was restored from a backup', async () => {
    const gap = held(EXPIRED);
    cluster.lists = [list(100, [pod('a', 90)]), list(100, [pod('a', 90)]), list(50, [pod('a', 40)])];
    cluster.watches = [gap.holding, sends(line('MODIFIED', pod('a', 51)))];
    const { subscribe } = start();
    const reading = await subscribe().snapshot();
    gap.release();
    await reading.start().until(7);
    expect(reading.events(true).slice(3)).toEqual(['RESET', 'ADDED a@40', 'SYNCED', 'MODIFIED a@51']);
    expect(reading.since).toBe('51');
    expect((await subscribe({ since: '100' }).snapshot()).events()[0]).toBe('RESET');
  });

  it('lists again where the difference could not be read, and tells nothing twice', async () => {
    const gap = held(EXPIRED);
    const two = [pod('one', 80), pod('two', 81)];
    const [one, another] = two.map(object) as [Answer, Answer];
    const found = [one, status(400), list(90, two), one, another];
    cluster.lists = [list(10, before.slice(0, 1)), list(10, before.slice(0, 1)), list(90, two), ...found];
    cluster.watches = [gap.holding, silence];
    const reading = await start().subscribe().snapshot();
    gap.release();
    await reading.start().until(6);
    expect(reading.events(true).slice(3)).toEqual(['DELETED stays@90', 'ADDED one@80', 'ADDED two@81']);
  });
});
