import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { findChromium, launchChromium } from '../test/support/browser.ts';
import { ConsolePage } from '../test/support/console-page.ts';
import { PlaygroundPage } from '../test/support/playground-page.ts';

/** Takes the README's pictures from the sandbox that `npm start` serves: `docs/*.png`, each in light and dark. */
const executable = findChromium();
if (!executable) throw new Error('chromium is not on the PATH; the variable CHROMIUM can name it');
const url = process.argv[2] ?? 'http://localhost:4000/graphql';

async function showConsole(page: Page): Promise<void> {
  const console = new ConsolePage(page, new URL('console/', url).href);
  await console.open('projects/demo');
  await console.pick('alice');
  await page.getByText('Document the webhooks').first().waitFor();
}

async function showPlayground(page: Page): Promise<void> {
  const playground = new PlaygroundPage(page);
  await playground.open(url);
  await playground.execute();
  await page.getByText('document-webhooks').first().waitFor();
}

const browser = await launchChromium(executable);
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [name, show] of Object.entries({ console: showConsole, playground: showPlayground })) {
      const page = await browser.newPage({
        viewport: { width: 1280, height: 760 },
        colorScheme,
        reducedMotion: 'reduce',
      });
      await show(page);
      await page.screenshot({ path: fileURLToPath(new URL(`${name}-${colorScheme}.png`, import.meta.url)) });
      await page.close();
    }
  }
} finally {
  await browser.close();
}
