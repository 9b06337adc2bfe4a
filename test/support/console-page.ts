import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';

/** The console as a person uses it, and what the page has done that nobody sees. */
export class ConsolePage {
  readonly page: Page;
  /** The console's address, which ends with a slash. */
  readonly url: string;
  /** Addresses outside of Writ that were requested. */
  readonly outside: string[] = [];
  /** What the page has logged. */
  readonly logged: string[] = [];
  /** Errors that nobody has caught, and violations of the content security policy. */
  readonly defects: string[] = [];

  constructor(page: Page, url: string) {
    this.page = page;
    this.url = url;
    page.on('request', (request) => this.#requested(request.url()));
    page.on('websocket', (socket) => this.#requested(socket.url()));
    page.on('pageerror', (error) => this.defects.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      this.logged.push(text);
      // Requests that fail are for the test to judge.
      const isOfRequest = /^(Failed to load resource|WebSocket connection)/.test(text);
      if (message.type() === 'error' && !isOfRequest) this.defects.push(text);
    });
  }

  #requested(url: string): void {
    const { protocol, host } = new URL(url.replace(/^blob:/, ''));
    if (protocol !== 'data:' && host !== new URL(this.url).host) this.outside.push(url);
  }

  /** Opens a page by its path in the console, such as `projects/demo`. */
  async open(path = ''): Promise<void> {
    await this.page.goto(new URL(path, this.url).href);
  }

  /** Picks a person before anybody was picked. */
  async pick(name: string): Promise<void> {
    await this.page.getByRole('main').getByRole('button', { name }).click();
  }

  /** Becomes somebody else. */
  async become(name: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Change who you are/ }).click();
    await this.page.getByRole('menuitemradio', { name }).click();
  }

  async giveToken(token: string): Promise<void> {
    // It is above any other.
    const dialog = this.page.getByRole('dialog', { name: /your token/ });
    await dialog.getByLabel('Token', { exact: true }).fill(token);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** Waits until the page has its title and nothing on it is loading. */
  async settled(): Promise<void> {
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await eventually(async () => expect(await this.page.getByRole('progressbar').count()).toBe(0));
  }

  /** What axe-core finds, in the scheme and width that the page has. */
  async accessibilityFindings(): Promise<string[]> {
    // Through the protocol of the developer tools, as the content security policy forbids scripts of others.
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('Runtime.evaluate', { expression: `window.axe ?? (() => { ${axe.source} })()` });
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      // What React Aria has announced is labelled by elements that may be gone.
      expression: `axe
        .run({ exclude: ['[data-live-announcer]'] }, { resultTypes: ['violations'] })
        .then(({ violations }) => violations)`,
      awaitPromise: true,
      returnByValue: true,
    });
    await session.detach();
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description);
    const violations = result.value as AxeResults['violations'];
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
    );
  }

  /** In light and dark, and as wide as a desktop's window and as a phone's. */
  async accessibilityFindingsEverywhere(): Promise<string[]> {
    const found: string[] = [];
    for (const width of [1280, 375]) {
      await this.page.setViewportSize({ width, height: 800 });
      const scrolls = await this.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      if (scrolls) found.push(`the page is wider than ${width} px`);
      for (const colorScheme of ['light', 'dark'] as const) {
        await this.page.emulateMedia({ colorScheme });
        found.push(...(await this.accessibilityFindings()));
      }
    }
    await this.page.setViewportSize({ width: 1280, height: 800 });
    return found;
  }

  /** All that the page keeps or shows, in which no token may be. */
  async traces(): Promise<string> {
    const kept = await this.page.evaluate(() => [
      location.href,
      document.documentElement.outerHTML,
      document.cookie,
      JSON.stringify(history.state),
      ...[...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
      ...[localStorage, sessionStorage].map((storage) => JSON.stringify({ ...storage })),
    ]);
    return [...kept, ...this.logged].join('\n');
  }
}
