import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Leadership } from '../../src/controller/runtime/leadership.ts';
import { OrphanSweep } from '../../src/controller/session/orphan-sweep.ts';
import { ReconcileClient } from '../../src/controller/session/reconcile-client.ts';
import type { SessionCache } from '../../src/controller/session/session-cache.ts';
import { startClusterProxy, status } from '../support/cluster-proxy.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { SESSIONS } from '../support/objects.ts';
import { putSession } from '../support/put-objects.ts';
import { transportTo } from '../support/transport.ts';
import { leftBehind, PATHS, runOf, startControlledCluster } from './fixture.ts';

const PROJECT = 'sweep-failures';
const FAILED = status(500, 'InternalError');

describe('an orphan sweep', () => {
  const cluster = startControlledCluster();
  const { admin } = cluster;
  const proxy = started(
    DESCRIBE,
    () => startClusterProxy(cluster.sandbox),
    (each) => each.close(),
  );
  beforeAll(() => cluster.project(PROJECT));
  beforeEach(() => proxy().clear());

  /** The paths of orphans of as many sessions, in the order in which a sweep finds them. */
  async function putOrphans(count: number): Promise<string[]> {
    const orphans = [];
    for (let index = 0; index < count; index += 1) {
      const session = await putSession(admin, PROJECT, 'gone');
      orphans.push(leftBehind(runOf(session).Role));
      await admin.delete(`${SESSIONS(PROJECT)}/gone`);
    }
    for (const orphan of orphans) await admin.create(PATHS.Role(PROJECT), orphan);
    return orphans.map(({ metadata }) => `${PATHS.Role(PROJECT)}/${metadata.name}`).sort();
  }
  const statuses = (paths: string[]) =>
    Promise.all(paths.map(async (path) => (await admin.get(path)).status));

  function newSweep({ graceMs = 0, maxRuns = 500, onAct = () => {} } = {}) {
    const leadership = new Leadership(performance.now() + 3_600_000);
    const transport = transportTo(proxy().endpoint);
    onTestFinished(async () => {
      leadership.end();
      await transport.destroy();
    });
    const errors: unknown[] = [];
    const sweep = new OrphanSweep({
      cache: {
        projects: { managedNamespaces: () => [PROJECT] },
        session: () => undefined,
      } as unknown as SessionCache,
      newClient: () =>
        new ReconcileClient({
          transport,
          credential: async () => `Bearer ${cluster.sandbox.identities.controller.token}`,
          leadership,
          identity: 'test',
          audit: onAct,
        }),
      graceMs,
      maxRuns,
      onError: (_, error) => errors.push(error),
    });
    const closing = new AbortController();
    return { errors, closing, run: () => sweep.run(closing.signal) };
  }

  it('goes on with the other runs where one cannot be deleted, and reports it', async () => {
    const [first = '', second = ''] = await putOrphans(2);
    proxy().set(({ method, path }, forward) =>
      method === 'DELETE' && path.startsWith(first) ? FAILED : forward(),
    );
    const { run, errors } = newSweep();
    await run();
    expect(await statuses([first, second])).toEqual([200, 404]);
    expect(errors).toEqual([expect.objectContaining({ statusCode: 500 })]);
    proxy().clear();
    await run();
    expect(await statuses([first])).toEqual([404]);
  });

  it.each([
    ['lists', '/roles?'],
    ['reads of sessions', '/agenticsessions/'],
  ])('whose %s fail does not begin the grace period again', async (_, failing) => {
    const orphans = await putOrphans(1);
    const graceMs = 50;
    const { run, errors } = newSweep({ graceMs });
    await run();
    await delay(2 * graceMs);
    proxy().set(({ path }, forward) => (path.includes(failing) ? FAILED : forward()));
    await run();
    expect(errors).toHaveLength(1);
    proxy().clear();
    await run();
    expect(await statuses(orphans)).toEqual([404]);
  });

  it('ends with its signal, before the next run', async () => {
    const orphans = await putOrphans(2);
    const { run, closing } = newSweep({ onAct: () => closing.abort() });
    await run();
    expect(await statuses(orphans)).toEqual([404, 200]);
    await newSweep().run();
    expect(await statuses(orphans)).toEqual([404, 404]);
  });

  it('looks at a limited number of runs, and the next one goes on', async () => {
    const orphans = await putOrphans(3);
    const { run } = newSweep({ maxRuns: 2 });
    await run();
    expect(await statuses(orphans)).toEqual([404, 404, 200]);
    await run();
    expect(await statuses(orphans)).toEqual([404, 404, 404]);
  });
});
