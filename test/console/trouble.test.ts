import { describe, expect, it } from 'vitest';
import { holdCalls } from '../attack/availability/held-calls.ts';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import type { ConsolePage } from '../support/console-page.ts';
import { eventually } from '../support/eventually.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject } from '../support/put-objects.ts';
import { chromium, startBrowser, startConsole, withPeople } from './fixture.ts';

const UNAUTHORIZED = {
  status: 401,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 401, reason: 'Unauthorized' },
};

/** The requests of the page from now on. */
function requestsOf({ page }: ConsolePage): string[] {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(`${request.method()} ${request.url()}`));
  page.on('websocket', (socket) => requests.push(socket.url()));
  return requests;
}

describe.skipIf(!chromium)('the console in trouble', () => {
  const { writ, open, openNew } = startConsole({ environment: SCHEDULE_SETTINGS });

  it('says that it is offline, for as long as it is', async () => {
    const console = await open('alice');
    await console.settled();
    const status = console.page.getByRole('status');
    await console.page.context().setOffline(true);
    await status.getByText('You are offline.').waitFor();
    await console.page.context().setOffline(false);
    await status.getByText('You are offline.').waitFor({ state: 'detached' });
  });

  it('says that it was reached when it was, although nothing was executed', async () => {
    const { page } = await open('alice');
    await page.getByRole('link', { name: 'demo' }).waitFor();
    await page.route('**/graphql', (route) => route.fulfill({ status: 413, body: 'too large' }));
    await page.getByRole('link', { name: 'demo' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('HTTP status 413').waitFor();
    expect(await alert.getByText('Writ cannot be reached').count()).toBe(0);
  });

  it('tries a page that has failed again without forgetting who uses it', async () => {
    const input = { project: 'demo', name: 'odd', schedule: '0 9 * * 1', session: {} };
    const create = `mutation ($input: CreateScheduledSessionInput!) { createScheduledSession(input: $input) { receipt { requestId } } }`;
    expect((await writ.as('admin', create, { input })).errors).toBeUndefined();
    const console = await openNew();
    const { page } = console;
    let isOdd = true;
    await page.route('**/graphql', async (route) => {
      const response = await route.fetch();
      const text = await response.text();
      await route.fulfill({
        response,
        body: isOdd ? text.replaceAll('"Etc/UTC"', '"Nowhere/At all"') : text,
      });
    });
    await console.open('projects/demo/schedules/odd');
    await console.pick('alice');
    await page.getByRole('heading', { name: 'This page has failed' }).waitFor();
    expect(console.defects.splice(0).join()).toContain('Nowhere/At all');
    await page.evaluate(() => Object.assign(window, { isSame: true }));
    isOdd = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'odd' }).waitFor();
    await page.getByText('Next times').waitFor();
    expect(await page.evaluate(() => 'isSame' in window)).toBe(true);
  });

  it('does not miss a connection that its page does not need', async () => {
    const console = await openNew();
    const { page } = console;
    const closed = Promise.withResolvers<() => Promise<void>>();
    await page.routeWebSocket('**/graphql', (socket) => {
      const server = socket.connectToServer();
      // As where the network has gone away: the page is told late, and not of its own closing.
      socket.onClose(() => {
        void server.close();
        closed.resolve(() => socket.close({ code: 1006 }));
      });
    });
    await console.open('projects/demo');
    await console.pick('alice');
    await page.getByRole('grid').getByText('Fix rounding in the cart').waitFor();
    await page.getByRole('link', { name: 'Members' }).click();
    await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor();
    await (await closed.promise)();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await console.settled();
    expect(await page.getByText('The connection to Writ is lost.').count()).toBe(0);
  });

  it('shows its layout on a slow network before there is data, and then moves nothing', async () => {
    const console = await openNew();
    const { page } = console;
    await page.addInitScript(() => {
      Object.assign(window, { shifts: 0 });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          Object.assign(window, { shifts: Reflect.get(window, 'shifts') + Reflect.get(entry, 'value') });
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await console.open();
    await console.pick('alice');
    await console.settled();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 500,
      downloadThroughput: 100_000,
      uploadThroughput: 100_000,
    });
    await page.reload({ waitUntil: 'commit' });
    await page.getByRole('progressbar').waitFor();
    expect(await page.getByRole('link', { name: 'Writ' }).isVisible()).toBe(true);
    await page.getByRole('link', { name: 'demo' }).waitFor();
    await console.settled();
    expect(await page.evaluate(() => Reflect.get(window, 'shifts') as number)).toBeLessThan(0.1);
  });

  it('has its header before its script has come', async () => {
    const console = await openNew();
    const { page } = console;
    const script = Promise.withResolvers<void>();
    await page.route('**/*.js', async (route) => {
      await script.promise;
      await route.continue();
    });
    const opened = console.open();
    await page.locator('.app-header').getByText('Writ').waitFor();
    script.resolve();
    await opened;
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    expect(await page.getByRole('banner').count()).toBe(1);
  });

  it('reads again what it shows when the user returns to its tab, and sends nothing until then', async () => {
    const console = await open('alice');
    await console.settled();
    const requests = requestsOf(console);
    await console.page.clock.install();
    await putProject(writ.kubernetes('admin'), 'made-elsewhere');
    await console.page.clock.fastForward('10:00');
    expect(requests).toEqual([]);
    expect(await console.page.getByText('made-elsewhere').count()).toBe(0);
    await console.page.clock.resume();
    await console.page.evaluate(() => window.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    await console.page.getByText('made-elsewhere').waitFor();
    expect(requests.length).toBeGreaterThan(0);
  });
});

describe.skipIf(!chromium)('the console, when the cluster does not accept its token any more', () => {
  const writ = startProxiedWrit({ console: () => ({}), authentication: { subjectMs: 0, rejectedMs: 0 } });
  const { open } = startBrowser(writ);

  it('asks for another one, and goes on with the page and what was typed', async () => {
    const console = await open('alice');
    await console.settled();
    const { page } = console;
    const { token } = writ.sandbox.identities.alice;
    let isExpired = true;
    writ.proxy.set((request, forward) =>
      isExpired && request.authorization.endsWith(token) ? UNAUTHORIZED : forward(),
    );
    await page.getByRole('searchbox').fill('dem');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The cluster does not accept your token any more').waitFor();
    expect(await console.accessibilityFindings()).toEqual([]);
    isExpired = false;
    await console.giveToken(token);
    await page.getByRole('link', { name: 'demo' }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('dem');
  });
});

describe.skipIf(!chromium)('the console, when its user has too many requests', () => {
  const writ = startProxiedWrit({
    console: withPeople,
    environment: { WRIT_USER_CONCURRENT_REQUESTS: '1', WRIT_USER_QUEUED_CALLS: '2' },
  });
  const { open } = startBrowser(writ);

  it('says so, waits as long as it is told, and asks again', async () => {
    const console = await open('alice');
    await console.settled();
    const { page } = console;
    const { token } = writ.sandbox.identities.alice;
    const name = 'fix-cart-rounding';
    const calls = holdCalls(
      ({ authorization, path }) => authorization.endsWith(token) && path.includes(name),
    );
    writ.proxy.set(calls.rule);
    let refused = 0;
    const others = [1, 2, 3, 4].map(async () => {
      const query = `{ session(project: "demo", name: "${name}") { id } }`;
      if ((await writ.as('alice', query)).status === 429) refused += 1;
    });
    await eventually(() => expect(refused).toBe(1));
    await page.getByRole('searchbox').fill('dem');
    const notice = page.getByRole('status').getByText('Too many requests at once');
    await notice.waitFor();
    calls.releaseAll();
    await Promise.all(others);
    await notice.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'demo' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
