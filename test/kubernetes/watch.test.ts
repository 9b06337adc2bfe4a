import { describe, expect, it } from 'vitest';
import { Informer } from '../../src/kubernetes/informer.ts';
import { KubernetesError } from '../../src/kubernetes/kubernetes-error.ts';
import { ALL_NAMESPACES } from '../../src/kubernetes/reader.ts';
import { PODS, type Pod } from '../../src/kubernetes/resources.ts';
import { TIMINGS } from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';
import {
  type Answer,
  connectTo,
  line,
  list,
  pod,
  sends,
  sendsAndEnds,
  silence,
  startScriptedCluster,
  status,
} from './scripted-cluster.ts';

describe('a watch', () => {
  const { cluster, transports, following, watchesSeen } = startScriptedCluster();

  it('lists page by page, and watches from the first page on, with bookmarks', async () => {
    cluster.lists = [list(10, [pod('a', 1), pod('b', 2)], { continue: 'next' }), list(12, [pod('c', 3)])];
    await following(async (told) => {
      await eventually(() => expect(watchesSeen()).toHaveLength(1));
      expect(told).toEqual(['ADDED a@1', 'ADDED b@2', 'ADDED c@3']);
      expect(cluster.seen.map((url) => url.searchParams.get('continue'))).toEqual([null, 'next', null]);
      const { searchParams } = watchesSeen()[0] as URL;
      expect(Object.fromEntries(searchParams)).toMatchObject({
        resourceVersion: '10',
        allowWatchBookmarks: 'true',
        timeoutSeconds: expect.stringMatching(/^[12]$/),
      });
    });
  });

  it('tells what changes, and of what it keeps only', async () => {
    cluster.lists = [list(10, [pod('a', 1), pod('z', 1, { labels: { hidden: 'x' } })])];
    cluster.watches = [
      sends(
        line('MODIFIED', pod('a', 11)),
        line('ADDED', pod('b', 12)),
        line('MODIFIED', pod('b', 13, { labels: { hidden: 'x' } })),
        line('DELETED', pod('a', 14)),
        line('ADDED', pod('a', 15, { uid: 'another' })),
      ),
    ];
    await following(async (told, watch) => {
      await eventually(() => expect(told).toHaveLength(6));
      expect(told).toEqual([
        'ADDED a@1',
        'MODIFIED a@11',
        'ADDED b@12',
        'DELETED b@12',
        'DELETED a@11',
        'ADDED a@15',
      ]);
      expect([...watch.values()].map(({ metadata }) => metadata.uid)).toEqual(['another']);
    });
  });

  it('goes on from the last bookmark when a watch ends, and does not list again', async () => {
    cluster.lists = [list(10, [])];
    cluster.watches = [sendsAndEnds(line('BOOKMARK', pod('', 50))), silence];
    await following(async () => {
      await eventually(() => expect(watchesSeen()).toHaveLength(2));
      expect(watchesSeen().map((url) => url.searchParams.get('resourceVersion'))).toEqual(['10', '50']);
      expect(cluster.seen).toHaveLength(3);
    });
  });

  const GONE: [string, Answer][] = [
    ['as an event', sendsAndEnds(line('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }))],
    ['as the answer', status(410)],
  ];
  it.each(GONE)('lists again and tells the difference where its version is gone: %s', async (_, gone) => {
    cluster.lists = [
      list(10, [pod('stays', 1), pod('changes', 2), pod('goes', 3), pod('reborn', 4)]),
      list(90, [pod('stays', 1), pod('changes', 80), pod('reborn', 81, { uid: 'new' }), pod('comes', 82)]),
    ];
    cluster.watches = [gone, silence];
    await following(async (told) => {
      await eventually(() => expect(watchesSeen()).toHaveLength(2));
      expect(told.slice(4)).toEqual([
        'DELETED goes@3',
        'DELETED reborn@4',
        'MODIFIED changes@80',
        'ADDED reborn@81',
        'ADDED comes@82',
      ]);
      expect(watchesSeen()[1]?.searchParams.get('resourceVersion')).toBe('90');
    });
  });

  it('starts its list again where a page of it is gone', async () => {
    cluster.lists = [list(10, [pod('a', 1)], { continue: 'next' }), status(410), list(20, [pod('b', 2)])];
    await following(async (told) => {
      await eventually(() => expect(told).toEqual(['ADDED b@2']));
    });
  });

  const BROKEN: [string, Answer, string][] = [
    [
      'a line that is no JSON',
      sendsAndEnds('{"type":"ADDED","object":\n'),
      'a watch event that cannot be read',
    ],
    ['a line that is no event', sendsAndEnds('[]\n'), 'a watch event that cannot be read'],
    ['a connection that breaks', ({ response }) => response.destroy(), 'cannot be reached'],
    ['a failure', status(500), 'watch pods: 500'],
    ['an error event', sendsAndEnds(line('ERROR', { kind: 'Status', code: 500 })), 'watch pods: 500'],
    ['a line without an end', sends('x'.repeat(200_000)), 'is larger than 100000 bytes'],
  ];
  it.each(BROKEN)('goes on from where it was after %s, and says why', async (_, broken, why) => {
    cluster.lists = [list(10, [])];
    cluster.watches = [sendsAndEnds(line('ADDED', pod('a', 11))), broken, sends(line('ADDED', pod('b', 12)))];
    await following(async (told, _, problems) => {
      await eventually(() => expect(told).toEqual(['ADDED a@11', 'ADDED b@12']));
      expect(watchesSeen().map((url) => url.searchParams.get('resourceVersion'))).toEqual(['10', '11', '11']);
      expect(problems).toEqual([expect.stringMatching(`^pods: .*${why}`)]);
    });
  });

  it('asks again where nothing comes for too long', async () => {
    cluster.lists = [list(10, [])];
    cluster.watches = [silence, sends(line('ADDED', pod('a', 11)))];
    // undici looks at such timeouts about once a second.
    await following(async (told) => eventually(() => expect(told).toEqual(['ADDED a@11'])), {
      timings: { ...TIMINGS.watch, idleMs: 50 },
    });
  });

  it('lists again where its version fails time after time, and is not current meanwhile', async () => {
    const meanwhile = Promise.withResolvers<void>();
    const second: Answer = async (request) => {
      await meanwhile.promise;
      list(3, [pod('a', 1)])(request);
    };
    cluster.lists = [list(10, [pod('a', 1)]), second];
    cluster.watches = [status(504), status(504), status(504), status(504), status(504), silence];
    await following(async (_, watch) => {
      await eventually(() => expect(watch.isHealthy).toBe(false));
      meanwhile.resolve();
      await eventually(() => expect(watchesSeen()).toHaveLength(6));
      expect(watchesSeen().at(-1)?.searchParams.get('resourceVersion')).toBe('3');
      await eventually(() => expect(watch.isHealthy).toBe(true));
    });
  });

  it('waits longer and longer where something closes each watch at once, and says so', async () => {
    cluster.lists = [list(10, [])];
    cluster.watches = [sendsAndEnds()];
    await following(async (_, watch, problems) => {
      await eventually(() => expect([problems.length > 2, watch.isHealthy]).toEqual([true, false]));
      expect(new Set(problems)).toEqual(new Set(['pods: The cluster ended the watch at once']));
    });
  });

  it.each([401, 403])('ends where the cluster refuses it with %i, and can be run again', async (code) => {
    cluster.lists = [list(10, [pod('a', 1)]), list(20, [pod('a', 1), pod('b', 2)])];
    cluster.watches = [status(code), silence];
    const ends = new AbortController();
    const told: string[] = [];
    const watch = new Informer<Pod>({
      connect: connectTo(transports().narrow),
      type: PODS,
      namespace: ALL_NAMESPACES,
      timings: TIMINGS.watch,
      trim: (object) => object as Pod,
      onChange: (type, { metadata }) => told.push(`${type} ${metadata.name}`),
    });
    const error: unknown = await watch.run(ends.signal).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KubernetesError);
    expect((error as KubernetesError).message).toContain('watch pods');
    expect(watch.isHealthy).toBe(false);
    const again = watch.run(ends.signal);
    await eventually(() => expect(watch.isHealthy).toBe(true));
    expect(told).toEqual(['ADDED a', 'ADDED b']);
    ends.abort();
    await again;
  });
});
