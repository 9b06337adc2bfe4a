import { beforeAll, describe, expect, it } from 'vitest';
import { createControllerProcess } from '../../src/commands/controller.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { controlled, TIMINGS } from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { scrape } from '../support/metrics-page.ts';
import { putSchedule } from '../support/schedules.ts';
import { CONTROLLER, startTestCluster } from '../support/test-cluster.ts';
import { asDocumented, documentedMetrics } from './documented-metrics.ts';

const PROJECT = 'measured';
const CALLS = 'writ_kubernetes_requests_total';

describe("the controller's metrics", () => {
  const sandbox = startTestCluster({ demo: false });
  const cluster = controlled(sandbox);
  const replica = () =>
    started(
      DESCRIBE,
      async () => {
        const endpoint = { server: sandbox.server, ca: sandbox.ca };
        const process = createControllerProcess({
          config: readConfig({ WRIT_ADMIN_PORT: '0' }),
          cluster: {
            endpoint,
            backendEndpoint: endpoint,
            backendCredential: async () => `Bearer ${sandbox.identities.controller.token}`,
          },
          logger: createLogger({ level: 'silent' }),
          timings: TIMINGS,
        });
        return { ...process, ...(await process.start()) };
      },
      ({ close }) => close(),
    );
  const leader = replica();
  const page = () => scrape(leader().adminUrl);
  beforeAll(() => cluster.project(PROJECT));

  it('say that it is the leader', async () => {
    await eventually(async () => expect((await page()).value('writ_leader')).toBe(1));
    expect((await page()).value('writ_kubernetes_connections', { pool: 'lease', state: 'connected' })).toBe(
      1,
    );
  });

  it('count the writes of a run that it has repaired, and the passes', async () => {
    const { metadata } = await cluster.startedSession(PROJECT, 'by-kubectl');
    await eventually(async () => expect(await cluster.jobs(PROJECT, metadata.uid)).toHaveLength(1));
    await eventually(async () => {
      const { value } = await page();
      const acts = (act: string) => value('writ_controller_acts_total', { act, outcome: 'done' });
      expect(acts('createRunObject')).toBe(5);
      expect(acts('mintRunToken')).toBe(1);
      expect(acts('updateSessionStatus')).toBeGreaterThan(0);
      expect(value('writ_reconcile_total', { controller: 'session', result: 'requeued' })).toBeGreaterThan(0);
      expect(value('writ_reconcile_total', { controller: 'sweep', result: 'done' })).toBeGreaterThan(0);
    });
    await eventually(async () => {
      const { value } = await page();
      const session = { queue: 'session' };
      expect(value('writ_workqueue_depth', session)).toBe(0);
      expect(value('writ_workqueue_adds_total', session)).toBeGreaterThan(1);
      for (const histogram of ['wait', 'work']) {
        const passes = value(`writ_workqueue_${histogram}_seconds_count`, session);
        expect(passes).toBe(value('writ_workqueue_adds_total', session));
        expect(passes).toBe(value('writ_reconcile_total', { controller: 'session' }));
      }
    });
  });

  it("count the reviews of a schedule's owner, and a suspension", async () => {
    await putSchedule(sandbox, PROJECT, 'denied', { ownedBy: 'mallory' });
    await eventually(async () => {
      const { value } = await page();
      expect(value('writ_access_reviews_total', { purpose: 'owner', decision: 'denied' })).toBeGreaterThan(0);
      expect(value('writ_controller_acts_total', { act: 'suspendSchedule', outcome: 'done' })).toBe(1);
      expect(value('writ_workqueue_adds_total', { queue: 'schedule' })).toBeGreaterThan(0);
    });
  });

  it('have the requests that the API server has got, and no unknown resource', async () => {
    await eventually(async () => {
      const own = sandbox.requests.filter(({ user, verb }) => user === CONTROLLER && verb === 'create');
      const { value, find } = await page();
      expect(value(CALLS, { verb: 'create', identity: 'backend' })).toBe(own.length);
      expect(value(CALLS, { verb: 'watch', resource: 'jobs', code: '200' })).toBeGreaterThan(0);
      expect([...find(CALLS, { resource: 'other' }), ...find(CALLS, { verb: 'other' })]).toEqual([]);
    });
  });

  it('are those of docs/metrics.md', async () => {
    expect(documentedMetrics('controller').length).toBeGreaterThan(10);
    expect(asDocumented(await page())).toEqual(documentedMetrics('controller'));
  });

  describe('of another replica in the same process', () => {
    const follower = replica();

    it('are its own: it waits for the lease, and has done nothing', async () => {
      const { value, families } = await scrape(follower().adminUrl);
      expect(value('writ_leader')).toBe(0);
      expect(value('writ_workqueue_adds_total')).toBe(0);
      expect(value('writ_workqueue_depth')).toBe(0);
      expect(families.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
      expect((await page()).value('writ_leader')).toBe(1);
    });
  });
});
