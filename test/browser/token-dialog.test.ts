import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PLAYGROUND_OPERATIONS } from '../../src/http/playground-operations.ts';
import { chromiumFor, launchChromium } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { PlaygroundPage } from '../support/playground-page.ts';
import { startWrit } from '../support/writ.ts';

const chromium = chromiumFor('the token of the playground in a browser');

describe.skipIf(!chromium)('the playground without a token', () => {
  let browser: Browser;
  const playground = { operations: PLAYGROUND_OPERATIONS };
  const writ = startWrit({ playground });
  const behindProxy = startWrit({
    playground,
    environment: { WRIT_TOKEN_HEADER: 'x-forwarded-access-token' },
  });

  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '');
  });
  afterAll(() => browser.close());

  /** The page, and the status and the token header of each request that it has made since. */
  async function open(url: string, sent: Record<string, string> = {}) {
    const page = await browser.newPage({ extraHTTPHeaders: sent });
    onTestFinished(() => page.close());
    const requests: unknown[] = [];
    const problems: string[] = [];
    page.on('console', (message) => {
      if (/Content.Security/i.test(message.text())) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('response', async (response) => {
      if (response.request().method() !== 'POST') return;
      const { authorization, 'x-forwarded-access-token': forwarded } = await response.request().allHeaders();
      requests.push([response.status(), authorization ?? forwarded]);
    });
    await page.goto(url);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    return {
      page,
      playground: new PlaygroundPage(page),
      dialog: page.getByRole('dialog'),
      requests,
      problems,
    };
  }

  async function give(page: Page, token: string) {
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.getByRole('button', { name: 'Use this token' }).click();
  }

  const introspected = (page: Page) =>
    page.waitForResponse(
      (response) => response.request().postData()?.includes('IntrospectionQuery') === true,
    );

  it('says where a token comes from before it requests anything, and gives all tabs the one that it gets', async () => {
    const { page, playground, dialog, requests, problems } = await open(writ.url);
    expect(await dialog.innerText()).toContain('kubectl create token');
    expect(requests).toEqual([]);
    const schema = introspected(page);
    await give(page, 'sandbox-alice-token');
    expect((await (await schema).json()).data.__schema).toBeTruthy();
    expect(await dialog.isVisible()).toBe(false);
    for (const name of ['Viewer', 'Sessions']) {
      await playground.selectTab(name);
      expect(JSON.parse(await playground.execute()).errors).toBeUndefined();
    }
    await playground.selectTab('LiveSessions');
    await playground.start();
    await eventually(async () => expect(await playground.result()).toContain('"type": "RESET"'));
    await playground.stop();
    expect(new Set(requests.map(String))).toEqual(new Set(['200,Bearer sandbox-alice-token']));
    expect(problems).toEqual([]);
  });

  it('keeps it in memory alone', async () => {
    const { page, dialog } = await open(writ.url);
    const schema = introspected(page);
    await give(page, ' Bearer sandbox-alice-token ');
    await (await schema).finished();
    const stored = () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]);
    expect(await page.evaluate(stored)).not.toContain('alice');
    expect(await page.content()).not.toContain('sandbox-alice-token');
    await page.reload();
    await dialog.waitFor();
  });

  it('asks again if the cluster does not accept it', async () => {
    const { page, playground, dialog, requests } = await open(writ.url);
    await give(page, 'two words');
    await eventually(async () => expect(await dialog.innerText()).toContain('A token has no spaces'));
    expect(requests).toEqual([]);
    await give(page, 'wrong');
    await eventually(async () => expect(await dialog.innerText()).toContain('does not accept this token'));
    const schema = introspected(page);
    await give(page, 'sandbox-victor-token');
    expect((await schema).status()).toBe(200);
    await playground.selectTab('Viewer');
    expect(JSON.parse(await playground.execute()).data.viewer.username).toContain('victor');
  });

  it('gives all tabs the token in the headers of one, but for those that have their own', async () => {
    const { page, playground, dialog } = await open(writ.url);
    await page.getByRole('button', { name: 'Continue without a token' }).click();
    await playground.selectTab('Viewer');
    expect(JSON.parse(await playground.execute()).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    await playground.typeHeaders({ authorization: 'Bearer sandbox-alice-token' });
    await eventually(async () =>
      expect(JSON.parse(await playground.execute()).data?.viewer.username).toContain('alice'),
    );
    await playground.selectTab('Sessions');
    expect(JSON.parse(await playground.execute()).errors).toBeUndefined();
    await playground.typeHeaders({ authorization: 'Bearer sandbox-mallory-token' });
    await eventually(async () => expect(JSON.parse(await playground.execute()).errors).toBeTruthy());
    expect(await dialog.isVisible()).toBe(false);
  });

  it('sends it in the header that the setting names', async () => {
    const { page, dialog, requests } = await open(behindProxy.url);
    expect(await dialog.innerText()).toContain('x-forwarded-access-token');
    const schema = introspected(page);
    await give(page, 'sandbox-alice-token');
    expect((await schema).status()).toBe(200);
    await eventually(() => expect(requests).toEqual([[200, 'sandbox-alice-token']]));
  });

  it('asks for none behind a proxy that adds it', async () => {
    const { playground, dialog } = await open(behindProxy.url, {
      'x-forwarded-access-token': 'sandbox-alice-token',
    });
    expect(await dialog.count()).toBe(0);
    await playground.selectTab('Viewer');
    expect(JSON.parse(await playground.execute()).data.viewer.username).toContain('alice');
  });
});
