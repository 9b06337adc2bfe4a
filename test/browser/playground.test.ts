import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAYGROUND_OPERATIONS } from '../../src/http/playground-operations.ts';
import { chromiumFor, launchChromium } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { PlaygroundPage } from '../support/playground-page.ts';
import { putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const chromium = chromiumFor('the playground in a browser');

describe.skipIf(!chromium)('the playground in a browser', () => {
  let browser: Browser;
  const writ = startWrit({
    playground: { operations: PLAYGROUND_OPERATIONS, token: 'sandbox-alice-token' },
  });

  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '');
  });
  afterAll(() => browser.close());

  async function openPlayground() {
    const page = await browser.newPage();
    const outside: string[] = [];
    page.on('request', (request) => {
      if (
        !request
          .url()
          .replace(/^blob:/, '')
          .startsWith(new URL(writ.url).origin)
      )
        outside.push(request.url());
    });
    const playground = new PlaygroundPage(page);
    await playground.open(writ.url);
    return { playground, outside };
  }

  it('opens with operations and a token that work, and loads nothing from outside', async () => {
    const { playground, outside } = await openPlayground();
    const answer = JSON.parse(await playground.execute());
    expect(answer.errors).toBeUndefined();
    expect(answer.data.project.sessions.nodes.length).toBeGreaterThan(3);
    await eventually(async () => expect(await playground.result()).toContain('document-webhooks'));
    expect(outside).toEqual([]);
  });

  it('shows victor that he may not create a session', async () => {
    const { playground } = await openPlayground();
    await playground.selectTab('CreateSession');
    await playground.setHeaders({ authorization: 'Bearer sandbox-victor-token' });
    const answer = JSON.parse(await playground.execute());
    expect(answer.errors[0].extensions.code).toBe('FORBIDDEN');
    await eventually(async () =>
      expect(await playground.result()).toContain('You may not create agenticsessions'),
    );
  });

  it('runs each of the operations that it opens with as alice', async () => {
    const { playground } = await openPlayground();
    for (const name of ['CreateSession', 'Session', 'Viewer']) {
      await playground.selectTab(name);
      const answer = JSON.parse(await playground.execute());
      expect([name, answer.errors]).toEqual([name, undefined]);
    }
  });

  it('shows what a subscription sends, until it is stopped', async () => {
    const { playground, outside } = await openPlayground();
    const admin = writ.kubernetes('admin');
    await playground.selectTab('LiveSessions');
    await playground.start();
    await eventually(async () => expect(await playground.result()).toContain('"type": "RESET"'));
    await putSession(admin, 'demo', 'seen-live', { spec: { displayName: 'Seen live' } });
    await eventually(async () => expect(await playground.result()).toContain('Seen live'));
    await playground.stop();
    await playground.selectTab('LiveLogs');
    await playground.start();
    await eventually(async () => expect(await playground.result()).toContain('agent session opened'));
    await playground.stop();
    await eventually(() => expect(writ.memory.reserved).toBe(0));
    expect(outside).toEqual([]);
  });
});
