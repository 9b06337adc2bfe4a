import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ConsolePage } from '../support/console-page.ts';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { chromium, startConsole } from './fixture.ts';

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

async function choose(page: Page, session: string, action: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: `Actions on ${session}`, exact: true }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

function visible(locator: Locator): Promise<void> {
  return locator.first().waitFor();
}

function gone(locator: Locator): Promise<void> {
  return locator.waitFor({ state: 'detached' });
}

async function shownNames(page: Page): Promise<string[]> {
  const links = await page.getByRole('grid').getByRole('row').getByRole('link').allTextContents();
  return links.map((link) => link.trim());
}

describe.skipIf(!chromium)('the sessions of a project in the console', () => {
  const { writ, open } = startConsole();

  async function openProject(
    who: 'alice' | 'admin' | 'victor',
    path = 'projects/demo',
  ): Promise<ConsolePage> {
    const console = await open(who, path);
    await visible(console.page.getByRole('grid'));
    return console;
  }

  it('show at once what somebody else does to them', async () => {
    const [{ page: alice }, { page: admin }] = await Promise.all([
      openProject('alice'),
      openProject('admin'),
    ]);

    // While it runs, nothing else of it can be changed.
    await choose(admin, 'Fix rounding in the cart', 'Rename…');
    await admin.getByRole('textbox', { name: 'Display name' }).fill('Fix rounding in the basket');
    await admin.getByRole('button', { name: 'Rename', exact: true }).click();
    await visible(row(alice, 'Fix rounding in the basket'));

    await choose(alice, 'Fix rounding in the basket', 'Stop');
    await visible(row(admin, 'Fix rounding in the basket').getByText(/Stopping|Stopped/));

    await putSession(writ.sandbox.as('admin'), 'demo', 'made-elsewhere');
    await visible(row(alice, 'made-elsewhere'));
    expect((await shownNames(alice))[0]).toBe('made-elsewhere');

    await choose(admin, 'made-elsewhere', 'Delete…');
    await admin.getByRole('button', { name: 'Delete session' }).click();
    await gone(row(alice, 'made-elsewhere'));
    await gone(row(admin, 'made-elsewhere'));
  });

  it('are filtered and ordered as the address says, and as they change', async () => {
    const { page } = await openProject('alice');
    const filtered = async (change: () => Promise<unknown>, query: string, names: string[]) => {
      await change();
      await eventually(async () => expect(await shownNames(page)).toEqual(names));
      expect(new URL(page.url()).search).toBe(query);
    };
    const phases = page.getByRole('toolbar', { name: 'Phases' });
    await filtered(() => phases.getByRole('button', { name: 'Completed' }).click(), '?phase=completed', [
      "Document the webhooks' retries",
      'Document the webhooks',
    ]);
    await page.getByRole('button', { name: /Newest first/ }).click();
    await filtered(
      () => page.getByRole('option', { name: 'Oldest first' }).click(),
      '?phase=completed&order=oldest',
      ['Document the webhooks', "Document the webhooks' retries"],
    );
    await filtered(
      () => page.getByRole('searchbox', { name: 'Search sessions' }).fill('retries'),
      '?search=retries&phase=completed&order=oldest',
      ["Document the webhooks' retries"],
    );
    await filtered(() => page.reload(), '?search=retries&phase=completed&order=oldest', [
      "Document the webhooks' retries",
    ]);
    await page.getByRole('button', { name: 'Mine' }).click();
    await visible(page.getByText('No session matches'));
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await visible(row(page, 'Upgrade the Postgres client'));

    const admin = writ.sandbox.as('admin');
    await phases.getByRole('button', { name: 'Pending' }).click();
    await putSession(admin, 'demo', 'comes-and-goes');
    await visible(row(page, 'comes-and-goes'));
    await admin.must(
      'PATCH',
      `${SESSIONS('demo')}/comes-and-goes/status`,
      { status: { phase: 'Failed' } },
      { 'content-type': 'application/merge-patch+json' },
    );
    await gone(row(page, 'comes-and-goes'));
  });

  it('stay current although a field of one of them could not be read', async () => {
    const { page } = await open('alice');
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('query Sessions(')) return route.fallback();
      const response = await route.fetch();
      const result = await response.json();
      const path = ['project', 'sessions', 'edges', 0, 'node', 'availableActions'];
      result.data.project.sessions.edges[0].node.availableActions = null;
      result.errors = [{ message: 'It took too long', path, extensions: { code: 'TIMEOUT' } }];
      await route.fulfill({ response, json: result });
    });
    await page.getByRole('link', { name: 'demo' }).first().click();
    await visible(page.getByText('It took too long'));
    await putSession(writ.sandbox.as('admin'), 'demo', 'comes-later');
    await visible(row(page, 'comes-later'));
  });

  it('are walked through by the keyboard', async () => {
    const { page } = await openProject('alice');
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    const names = await shownNames(page);
    await page.getByRole('grid').getByRole('link').first().focus();
    await page.keyboard.press('ArrowDown');
    await eventually(async () => expect(await focused()).toBe(names[1]));
    await page.keyboard.press('End');
    await eventually(async () => expect(await focused()).toBe(names.at(-1)));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await visible(page.getByRole('menuitem', { name: 'Clone…' }));
    await page.keyboard.press('Escape');
    await visible(page.locator('[role=row] button:focus'));
    await page.keyboard.press('ArrowLeft');
    await visible(page.locator('[role=row] a:focus'));
    await page.keyboard.press('Enter');
    await eventually(() => expect(page.url()).toContain('/sessions/'));
  });

  it('get their old name back when the new one is refused', async () => {
    const { page } = await openProject('alice');
    const long = 'x'.repeat(300);
    await choose(page, 'Document the webhooks', 'Rename…');
    const field = page.getByRole('textbox', { name: 'Display name' });
    await field.fill(long);
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await visible(page.getByText(/256 characters/));
    expect(await field.inputValue()).toBe(long);
    await page.keyboard.press('Escape');
    expect(await shownNames(page)).toContain('Document the webhooks');
    expect(await row(page, long).count()).toBe(0);
  });

  it('say that an action has failed on whichever page the user is, and after what the user is at', async () => {
    const { page } = await openProject('admin');
    const answer = Promise.withResolvers<void>();
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('deleteSession')) return route.fallback();
      await answer.promise;
      await route.abort();
    });
    const [first = '', second = ''] = await shownNames(page);
    await choose(page, first, 'Delete…');
    await page.getByRole('button', { name: 'Delete session' }).click();
    await gone(row(page, first));
    await page.getByRole('link', { name: second, exact: true }).click();
    await visible(page.getByRole('heading', { name: second, level: 1 }));
    await page.getByRole('button', { name: `Actions on ${second}: Actions` }).click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    const renaming = page.getByRole('dialog', { name: `Rename ${second}` });
    await renaming.getByRole('textbox').fill('another name');
    const failure = page.waitForEvent('requestfailed');
    answer.resolve();
    await failure;
    await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => setTimeout(shown))));
    expect(await renaming.getByRole('textbox').inputValue()).toBe('another name');
    await renaming.getByRole('button', { name: 'Cancel' }).click();
    const failed = page.getByRole('dialog', { name: `Delete ${first}?` });
    await visible(failed.getByRole('alert'));
    await failed.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Sessions', exact: true }).click();
    await visible(row(page, first));
  });

  it('say why a viewer can do nothing to them', async () => {
    const { page } = await openProject('victor');
    await visible(page.getByText('An admin of the project can make you Editor.'));
    expect(await page.getByRole('button', { name: 'New session' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: /^Actions on Upgrade/ }).click();
    await visible(page.getByRole('menuitem', { name: 'Delete…' }).getByText('It needs the role Admin'));
    await page.getByRole('menuitem', { name: 'Start' }).click();
    const dialog = page.getByRole('dialog', { name: 'You may not start this session' });
    await visible(dialog.getByText(/RoleBinding in the namespace demo/));
    await dialog.getByText('The smallest role that allows it').click();
    await visible(dialog.locator('pre', { hasText: 'RoleBinding' }));
  });

  it('say of an empty project what to do next, and of none that there is none', async () => {
    await putProject(writ.sandbox.as('admin'), 'empty');
    const console = await open('alice', 'projects/empty');
    await visible(console.page.getByText('There are no sessions here yet'));
    expect(await console.page.getByRole('button', { name: 'New session' }).count()).toBe(2);
    await console.open('projects/nowhere');
    await visible(console.page.getByRole('heading', { name: 'There is no such project' }));
  });

  it('are accessible, and show what others have typed as text', async () => {
    const markup = '<img src=x onerror="document.title=\'run\'"><b>bold</b>';
    await putSession(writ.sandbox.as('admin'), 'demo', 'markup', { spec: { displayName: markup } });
    const console = await openProject('alice');
    await visible(console.page.getByRole('link', { name: markup }));
    expect(await console.page.locator('img, b').count()).toBe(0);
    await console.settled();
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
  });
});
