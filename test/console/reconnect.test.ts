import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { SESSIONS } from '../support/objects.ts';
import { putSession } from '../support/put-objects.ts';
import { startTcpBalancer } from '../support/tcp-balancer.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { startWritOn } from '../support/writ.ts';
import { chromium, startBrowser, withPeople } from './fixture.ts';

describe.skipIf(!chromium)('a live page of the console', () => {
  const cluster = startTestCluster();
  const served = { url: '', sandbox: cluster };
  const { open } = startBrowser(served);

  /** Writ on the cluster, which the test can end. */
  async function startReplica() {
    const ends: (() => unknown)[] = [];
    const starts: (() => unknown)[] = [];
    const writ = startWritOn(
      cluster,
      { console: withPeople },
      {
        beforeAll: (start) => void starts.push(start),
        afterEach: () => {},
        afterAll: (end) => void ends.push(end),
      },
    );
    for (const start of starts) await start();
    let hasEnded = false;
    const end = async () => {
      if (hasEnded) return;
      hasEnded = true;
      for (const each of ends) await each();
    };
    onTestFinished(end);
    return { writ, end };
  }

  it('goes on when the API is restarted under it, and has missed nothing', async () => {
    const admin = cluster.as('admin');
    const first = await startReplica();
    const replicas = [first.writ];
    const balancer = await startTcpBalancer(replicas);
    onTestFinished(() => balancer.close());
    served.url = balancer.url;
    const console = await open('alice', 'projects/demo');
    const { page } = console;
    await putSession(admin, 'demo', 'before', { spec: { displayName: 'Made before' } });
    await page.getByText('Made before').waitFor();

    await first.end();
    const notice = page.getByRole('status').getByText('The connection to Writ is lost.');
    await notice.waitFor();
    expect(await console.accessibilityFindings()).toEqual([]);
    await putSession(admin, 'demo', 'meanwhile', { spec: { displayName: 'Made meanwhile' } });
    await admin.must('DELETE', `${SESSIONS('demo')}/before`);
    expect(await page.getByText('Made before').count()).toBe(1);

    replicas.push((await startReplica()).writ);
    await page.getByText('Made meanwhile').waitFor();
    await page.getByText('Made before').waitFor({ state: 'detached' });
    await notice.waitFor({ state: 'detached' });
  });

  it('is closed with all that it was told when somebody else takes over', async () => {
    const { writ } = await inTest((options: object, hooks) => ({
      writ: startWritOn(cluster, { console: withPeople, ...options }, hooks),
    }));
    served.url = writ.url;
    const console = await open('alice', 'projects/demo');
    const { page } = console;
    let sockets: string[] = [];
    page.on('websocket', (socket) => {
      const ofPage = sockets;
      ofPage.push('open');
      socket.on('close', () => ofPage.push('closed'));
    });
    // The page before may have opened one, too.
    page.once('framenavigated', () => {
      sockets = [];
    });
    await page.reload();
    await page.getByText('Fix rounding in the cart').waitFor();
    await eventually(() => expect(sockets).toEqual(['open']));
    await console.become('mallory');
    await page.getByText('Fix rounding in the cart').waitFor({ state: 'detached' });
    await eventually(() => expect(sockets).toEqual(['open', 'closed']));
    await eventually(() => expect(writ.memory.reserved).toBe(0));
    await console.settled();
    expect(await page.getByRole('main').innerText()).not.toContain('Fix rounding');
    expect(sockets).toEqual(['open', 'closed']);
  });
});
