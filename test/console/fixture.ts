import type { Browser, BrowserContextOptions } from 'playwright-core';
import { expect } from 'vitest';
import { PEOPLE } from '../../src/commands/sandbox.ts';
import type { ConsoleOptions } from '../../src/http/console/page-config.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { chromiumFor, launchChromium } from '../support/browser.ts';
import { ConsolePage } from '../support/console-page.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import type { RunningCluster, Who } from '../support/test-cluster.ts';
import { startWrit, type WritOptions } from '../support/writ.ts';

/** Undefined where there is none: `describe.skipIf(!chromium)`. */
export const chromium = chromiumFor('the console in a browser');

/** For {@link WritOptions}: people are picked, as in the sandbox. */
export function withPeople({ identities }: Pick<RunningCluster, 'identities'>): ConsoleOptions {
  return { people: PEOPLE.map((person) => ({ ...person, token: identities[person.name].token })) };
}

interface ConsoleTestOptions extends WritOptions {
  sandbox?: SandboxOptions;
  /** Whether a person is picked, as in the sandbox. Otherwise a token is given, as on a cluster. */
  people?: boolean;
}

/** Writ on a cluster of its own with its console, and a browser, for the tests of a describe. */
export function startConsole({ people = true, ...options }: ConsoleTestOptions = {}, hooks = DESCRIBE) {
  const environment = { WRIT_DEVELOPER_TRACE: 'true', ...options.environment };
  const writ = startWrit({ ...options, environment, console: people ? withPeople : () => ({}) }, hooks);
  return { writ, ...startBrowser(writ, hooks) };
}

interface Served {
  url: string;
  sandbox: Pick<RunningCluster, 'identities'>;
}

/** A browser that shows the console of this Writ. */
export function startBrowser(writ: Served, hooks = DESCRIBE) {
  const browser = started<Browser>(
    hooks,
    () => launchChromium(chromium ?? ''),
    (launched) => launched.close(),
  );
  const pages = new Set<ConsolePage>();
  hooks.afterEach(async () => {
    const left = [...pages];
    pages.clear();
    for (const each of left) {
      try {
        await check(each);
      } finally {
        await each.page.context().close();
      }
    }
  });

  /** What holds for each page at any time. */
  async function check(console: ConsolePage, path?: string): Promise<void> {
    const traces = await console.traces();
    const { outside, defects } = console;
    const tokens = Object.values(writ.sandbox.identities)
      .map(({ token }) => token)
      .filter((token) => traces.includes(token));
    expect({ path, outside, defects, tokens }).toEqual({ path, outside: [], defects: [], tokens: [] });
  }

  /** A page in a browser context of its own, which is checked after the test. */
  async function openNew(options: BrowserContextOptions = {}): Promise<ConsolePage> {
    const context = await browser().newContext({ reducedMotion: 'reduce', ...options });
    const console = new ConsolePage(await context.newPage(), writ.url.replace(/graphql$/, 'console/'));
    pages.add(console);
    return console;
  }

  /**
   * A page of the console as this person. After the test it is checked: no request has left Writ's origin, no token is in its
   * storage, address, document or log, and nothing has failed unseen.
   */
  async function open(who: Who, path = '', options: BrowserContextOptions = {}): Promise<ConsolePage> {
    const console = await openNew(options);
    await console.open(path);
    const isPicked = console.page.getByRole('heading', { name: 'Who are you?' });
    await isPicked.or(console.page.getByRole('dialog')).first().waitFor();
    if (await isPicked.isVisible()) await console.pick(who);
    else await console.giveToken(writ.sandbox.identities[who].token);
    await console.page.getByRole('button', { name: new RegExp(`: ${who}$`) }).waitFor();
    return console;
  }

  return { open, openNew, check };
}
