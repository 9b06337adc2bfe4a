import { describe, expect, it } from 'vitest';
import { ActivityLog } from '../../console/src/activity/activity-log.ts';
import { chromium, startConsole } from './fixture.ts';

describe.skipIf(!chromium)('what Writ did', () => {
  const { open } = startConsole();

  it('lists the calls of each operation, with identity, command, review and receipt', async () => {
    const console = await open('alice');
    await console.settled();
    const { page } = console;
    await page.getByRole('button', { name: 'New project' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name', exact: true }).fill('made-here');
    await page.getByRole('dialog').getByRole('button', { name: 'Create project' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'What Writ did' }).click();
    const drawer = page.getByRole('dialog', { name: 'What Writ did' });
    const operation = (name: string) => drawer.locator('details').filter({ hasText: name });
    await operation('MayCreateProject').first().waitFor();

    await drawer.getByRole('switch', { name: 'Mutations only' }).press('Space');
    await operation('MayCreateProject').first().waitFor({ state: 'detached' });
    await operation('CreateProject').locator('summary').press('Enter');
    const calls = operation('CreateProject').getByRole('listitem');
    const texts = await calls.allInnerTexts();
    expect(texts.find((text) => text.includes('access review'))).toContain('as you');
    const write = texts.findIndex((text) => text.includes('as Writ') && text.includes('made-here'));
    expect(texts[write]).toMatch(/kubectl/);
    const receipt = operation('CreateProject').getByLabel('Receipt');
    expect(await receipt.innerText()).toContain('create projectrequests.project.openshift.io');

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await calls.nth(write).getByRole('button', { name: 'Copy' }).click();
    await calls.nth(write).getByText('Copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('kubectl');
    expect(await calls.nth(write).locator('pre').innerText()).toBe(copied);
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
    await drawer.getByRole('button', { name: 'Clear' }).click();
    await drawer.getByText('Nothing has been changed yet.').waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await page.locator('button:focus', { hasText: 'What Writ did' }).waitFor();
  });
});

describe('the log of operations', () => {
  it('keeps those in progress and the latest of the others', () => {
    const log = new ActivityLog();
    log.begin('Live', 'subscription', 'alice');
    for (let number = 1; number <= 250; number += 1) log.end(log.begin(`Read${number}`, 'query', 'alice'));
    const names = log.read().map(({ name }) => name);
    expect(names).toHaveLength(101);
    expect([names[0], names[99], names[100]]).toEqual(['Read250', 'Read151', 'Live']);
  });
});
