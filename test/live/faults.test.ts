import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyObject } from '../../src/kubernetes/reader.ts';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';
import { eventually } from '../support/eventually.ts';
import { FAULTS, faultProxyTo } from '../support/fault-proxy.ts';
import type { Body } from '../support/kubernetes-client.ts';
import { SESSIONS, session } from '../support/objects.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { startFeed, transportsTo } from './fixture.ts';
import { View } from './view.ts';

/** More of each for a longer test: `LIVE_RUNS=1 LIVE_CHANGES=10000 LIVE_FAULT_EVERY=50`. */
const {
  LIVE_RUNS: runs = 4,
  LIVE_CHANGES: changes = 60,
  LIVE_FAULT_EVERY: faultEvery = 6,
  LIVE_SEED: seed = 10,
} = process.env;
const NAMES = 8;
const VIEWS = 6;
const isOn = ({ metadata }: AnyObject) => metadata.labels?.on === 'yes';

const step = fc.record({
  act: fc.constantFrom('create', 'update', 'label', 'delete', 'recreate'),
  name: fc.nat(NAMES - 1).map((i) => `s${i}`),
  fault: fc.constantFrom(...FAULTS),
  view: fc.nat(VIEWS - 1),
  move: fc.constantFrom('stay', 'stay', 'pause', 'go', 'leave'),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('whatever changes and fails', () => {
  const cluster = startTestCluster({ demo: false, bookmarkMs: 100 });
  const proxy = faultProxyTo(cluster);
  const transport = transportsTo(() => proxy().endpoint);
  const admin = cluster.as('admin');
  const path = SESSIONS('demo');

  async function change({ act, name }: Step, round: number): Promise<void> {
    const one = `${path}/${name}`;
    const create = () => admin.post(path, session(name, { metadata: { name, labels: labels(round) } }));
    if (act === 'create') await create();
    if (act === 'update') await admin.patch(one, { spec: { displayName: `${round}` } });
    if (act === 'label') await admin.patch(one, { metadata: { labels: labels(round) } });
    if (act === 'delete' || act === 'recreate') await admin.delete(one);
    if (act === 'recreate') await create();
  }
  const labels = (round: number) => ({ on: round % 2 === 0 ? 'yes' : 'no' });

  async function run(steps: Step[]): Promise<string> {
    const selection = { type: AGENTIC_SESSIONS, namespace: 'demo' };
    const options = { transport: transport(), token: cluster.identities.admin.token };
    const timings = { idleMs: 1_000 };
    const all = startFeed({ ...options, selection, timings });
    const labelled = startFeed({ ...options, timings, selection: { ...selection, labelSelector: 'on=yes' } });
    const ends = new AbortController();
    const views = Array.from({ length: VIEWS }, (_, i) => new View(i % 3));
    const following = views.map((view, i) => {
      const { feed, subscribe } = i % 3 === 2 ? labelled : all;
      const select = i % 3 === 1 ? isOn : undefined;
      expect(feed.isEnded).toBe(false);
      return view.follow((since) => subscribe({ since, select, limits: { size: 5 } }), ends.signal);
    });
    for (const [round, taken] of steps.entries()) {
      if (round % Number(faultEvery) === 0) proxy().inject(taken.fault);
      const view = views[taken.view];
      if (taken.move === 'leave') view?.leave();
      else if (view && taken.move !== 'stay') view.isPaused = taken.move === 'pause';
      await change(taken, round);
    }
    proxy().heal();
    for (const view of views) view.isPaused = false;
    const listed: Body[] = (await admin.get(path)).body.items;
    const versions = (objects: Body[]) =>
      objects.map(({ metadata }) => `${metadata.uid}@${metadata.resourceVersion}`).sort();
    await eventually(() => {
      for (const [i, { objects }] of views.entries()) {
        const seen = [...objects].map(([uid, version]) => `${uid}@${version}`).sort();
        expect([i, seen]).toEqual([i, versions(i % 3 === 0 ? listed : listed.filter(isOn))]);
      }
    });
    expect(views.flatMap(({ repeated }) => repeated)).toEqual([]);
    ends.abort();
    for (const view of views) view.leave();
    await Promise.all(following);
    await Promise.all([all.end(), labelled.end()]);
    expect([all.feed.listeners, all.memory.reserved, labelled.memory.reserved]).toEqual([0, 0, 0]);
    const sum = (what: 'events' | 'resets' | 'resumed') => views.reduce((n, view) => n + view[what], 0);
    return `${sum('events')} events, ${sum('resets')} snapshots, resumed ${sum('resumed')} times`;
  }

  it('the views of all subscribers become what the cluster has, and no version comes twice', async () => {
    const size = Number(changes);
    const steps = fc.array(step, { minLength: size, maxLength: size });
    // Without shrinking, which would repeat long runs that do not always fail.
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const figures = await run(taken);
        if (process.env.LIVE_CHANGES) process.stderr.write(`${size} changes: ${figures}\n`);
      }),
      { numRuns: Number(runs), seed: Number(seed), endOnFailure: true },
    );
  });

  it('nothing is left of the watches', async () => {
    await eventually(() => expect(proxy().watches).toBe(0));
  });
});
