import type { Browser, BrowserContextOptions } from 'playwright-core';
import { expect } from 'vitest';
import { PEOPLE } from '../../src/commands/sandbox.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { chromiumFor, launchChromium } from '../support/browser.ts';
import { ConsolePage } from '../support/console-page.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import type { Who } from '../support/test-cluster.ts';
import { startWrit, type WritOptions } from '../support/writ.ts';

/** Undefined where there is none: `describe.skipIf(!chromium)`. */
export const chromium = chromiumFor('the console in a browser');

export interface ConsoleTestOptions extends WritOptions {
  sandbox?: SandboxOptions;
  /** Whether a person is picked, as in the sandbox. Otherwise a token is given, as on a cluster. */
  people?: boolean;
}

/** Writ on a cluster of its own with its console, and a browser, for the tests of a describe. */
export function startConsole({ people = true, ...options }: ConsoleTestOptions = {}, hooks = DESCRIBE) {
  const writ = startWrit(
    {
      ...options,
      environment: { WRIT_DEVELOPER_TRACE: 'true', ...options.environment },
      console: ({ identities }) => ({
        developerTrace: true,
        ...(people && {
          people: PEOPLE.map((person) => ({ ...person, token: identities[person.name].token })),
        }),
      }),
    },
    hooks,
  );
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

  /**
   * A page of the console in a browser of its own, as this person. After the test it is checked: no request has left Writ's
   * origin, no token is in its storage, address, document or log, and nothing has failed unseen.
   */
  async function open(who?: Who, path = '', context: BrowserContextOptions = {}): Promise<ConsolePage> {
    const { page, console } = await openNew(context);
    await console.open(path);
    if (who && people) await console.pick(who);
    else if (who) await console.giveToken(writ.sandbox.identities[who].token);
    if (who) await page.getByRole('button', { name: new RegExp(`: ${who}$`) }).waitFor();
    return console;
  }

  async function openNew(options: BrowserContextOptions) {
    const context = await browser().newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    const console = new ConsolePage(page, writ.url.replace(/graphql$/, 'console/'));
    pages.add(console);
    return { page, console };
  }

  return { writ, open, check };
}
