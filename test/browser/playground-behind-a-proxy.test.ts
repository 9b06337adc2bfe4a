import { expect, it, onTestFinished } from 'vitest';
import { start } from '../http/fixture.ts';
import { chromiumFor, launchChromium } from '../support/browser.ts';

const chromium = chromiumFor('the playground behind a proxy, and what it requests');

it.skipIf(!chromium)(
  'the playground behind a proxy runs an operation in a browser, and requests nothing from elsewhere',
  async () => {
    const { url, origin } = await start({
      authenticatingProxy: true,
      playground: { operations: [{ query: '{ hello }' }], token: 'sandbox-alice-token' },
    });
    const browser = await launchChromium(chromium ?? '');
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(`pageerror: ${error.message}`));
    await page.goto(url);
    await page.getByRole('button', { name: /Execute query/ }).click();
    await page.getByText('hello you').waitFor();
    expect(asked.filter((address) => !address.startsWith(origin) && !/^(data|blob):/.test(address))).toEqual(
      [],
    );
    expect(said.filter((line) => /Content.Security|pageerror|^error/i.test(line))).toEqual([]);
  },
);
