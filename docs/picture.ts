import { findChromium, launchChromium } from '../test/support/browser.ts';
import { PlaygroundPage } from '../test/support/playground-page.ts';

/** Takes the README's picture of the playground, from the sandbox that `npm start` serves. */
const executable = findChromium();
if (!executable) throw new Error('chromium is not on the PATH; the variable CHROMIUM can name it');
const url = process.argv[2] ?? 'http://localhost:4000/graphql';

const browser = await launchChromium(executable);
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
  const playground = new PlaygroundPage(page);
  await playground.open(url);
  await playground.execute();
  await page.getByText('document-webhooks').first().waitFor();
  await page.screenshot({ path: new URL('playground.png', import.meta.url).pathname });
} finally {
  await browser.close();
}
