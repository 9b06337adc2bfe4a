import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PLAYGROUND_OPERATIONS } from '../../src/http/playground-operations.ts';
import type { UpstreamCall } from '../../src/kubernetes/call-trace.ts';
import { chromiumFor, launchChromium } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { PlaygroundPage } from '../support/playground-page.ts';
import { putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const chromium = chromiumFor('the calls of the playground in a browser');

describe.skipIf(!chromium)('the playground', () => {
  let browser: Browser;
  const playground = { operations: PLAYGROUND_OPERATIONS, token: 'sandbox-alice-token' };
  const writ = startWrit({ playground, environment: { WRIT_DEVELOPER_TRACE: 'true' } });
  const without = startWrit({ playground });

  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '');
  });
  afterAll(() => browser.close());

  async function open(url: string) {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    onTestFinished(() => context.close());
    const problems: string[] = [];
    page.on('console', (message) => {
      if (/Content.Security/i.test(message.text())) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    const results: Promise<{ extensions: { upstream: UpstreamCall[] } }>[] = [];
    page.on('response', (response) => {
      const request = response.request();
      if (request.method() === 'POST' && !request.postData()?.includes('IntrospectionQuery'))
        results.push(response.json());
    });
    const playground = new PlaygroundPage(page);
    await playground.open(url);
    const panel = page.getByRole('complementary', { name: 'Calls to the cluster' });
    const lastResult = async () => (await results.at(-1))?.extensions ?? { upstream: [] };
    return { page, playground, panel, problems, lastResult };
  }

  it('lists the calls of an operation, with commands to copy', async () => {
    const { page, playground, panel, problems, lastResult } = await open(writ.url);
    expect(await panel.isVisible()).toBe(false);
    await playground.execute();
    await panel.getByText(/Calls \([1-9]/).click();
    // An operation that was sent again, since a click seemed to have been passed over, is shown in place of the first.
    const { upstream } = await lastResult();
    await panel.getByText(`Calls (${upstream.length})`).waitFor();
    const shown = await panel.getByRole('listitem').allInnerTexts();
    for (const [n, { command, status }] of upstream.entries()) {
      expect(shown[n]).toContain(command.split('\n')[0]);
      expect(shown[n]).toContain(`: ${status}, `);
    }
    const last = panel.getByRole('listitem').last();
    await last.getByRole('button', { name: 'Copy' }).click();
    await last.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(upstream.at(-1)?.command);
    expect(problems).toEqual([]);
  });

  it('says which calls were made as Writ', async () => {
    const { playground, panel } = await open(writ.url);
    await playground.selectTab('CreateSession');
    await playground.execute();
    await panel.getByText(/Calls \([1-9]/).click();
    const byWrit = panel.getByRole('listitem').filter({ hasText: ', as Writ' });
    await eventually(async () => expect(await byWrit.count()).toBeGreaterThan(5));
    expect(await panel.getByRole('listitem').filter({ hasText: ', as you' }).count()).toBeGreaterThan(1);
  });

  it('shows a name as text, whatever it contains', async () => {
    const { page, playground, panel } = await open(writ.url);
    const name = '<img src=x onerror=document.title=1>';
    await page.evaluate(
      (query) =>
        fetch('', {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox-alice-token' },
          body: JSON.stringify({ query }),
        }),
      `{ viewer { can(verb: "get", resource: "pods", name: "${name}") { allowed } } }`,
    );
    await panel.getByText(/Calls \([1-9]/).click();
    await eventually(async () => expect(await panel.innerText()).toContain(name));
    expect(await panel.locator('img').count()).toBe(0);
    expect(await playground.page.title()).toBe('Writ');
  });

  it('adds the calls of each event of a subscription', async () => {
    const { playground, panel, problems } = await open(writ.url);
    await playground.selectTab('LiveSessions');
    await playground.start();
    await panel.getByText(/Calls \([1-9]/).click();
    await eventually(async () => expect(await playground.result()).toContain('"type": "RESET"'));
    const count = async () => Number(/\d+/.exec(await panel.locator('summary').innerText())?.[0]);
    const before = await count();
    await putSession(writ.kubernetes('admin'), 'demo', 'traced-live');
    await eventually(async () => expect(await count()).toBeGreaterThan(before));
    await playground.stop();
    expect(problems).toEqual([]);
  });

  it('has no list of calls if results have none', async () => {
    const { playground, panel } = await open(without.url);
    await playground.execute();
    expect(await panel.count()).toBe(0);
  });
});
