import { describe, expect, it } from 'vitest';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';
import { eventually } from '../support/eventually.ts';
import { faultProxyTo } from '../support/fault-proxy.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { startFeed, transportsTo } from './fixture.ts';
import { figuresOf, forRandomChanges, isSelected, makeChanges, type Step, VIEWS } from './random-changes.ts';
import { View } from './view.ts';

describe('whatever changes and fails', () => {
  const cluster = startTestCluster({ demo: false, bookmarkMs: 100 });
  const proxy = faultProxyTo(cluster);
  const transport = transportsTo(() => proxy().endpoint);
  const admin = cluster.as('admin');

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
      const select = i % 3 === 1 ? isSelected : undefined;
      expect(feed.isEnded).toBe(false);
      return view.follow((since) => subscribe({ since, select, limits: { size: 5 } }), ends.signal);
    });
    await makeChanges(steps, { admin, views, proxy: proxy() });
    ends.abort();
    for (const view of views) view.leave();
    await Promise.all(following);
    await Promise.all([all.end(), labelled.end()]);
    expect([all.feed.listeners, all.memory.reserved, labelled.memory.reserved]).toEqual([0, 0, 0]);
    return figuresOf(views);
  }

  it('the views of all subscribers become what the cluster has, and no version comes twice', async () => {
    await forRandomChanges(run);
  });

  it('nothing is left of the watches', async () => {
    await eventually(() => expect(proxy().watches).toBe(0));
  });
});
