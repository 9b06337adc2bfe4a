import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromium, startConsole } from './fixture.ts';

/** Presses Tab until this is focused; it must then be visible that it is. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element?.getAttribute('aria-label') ?? element?.textContent;
      const row = element?.closest('li, [role="row"]');
      const { outlineStyle } = getComputedStyle(element ?? document.body);
      const isMarked =
        outlineStyle !== 'none' ||
        (row && getComputedStyle(row.firstElementChild ?? row).outlineStyle !== 'none');
      return { label: label?.trim() ?? '', isMarked };
    });
    if (!focused.label.startsWith(name)) continue;
    expect({ name, isMarked: Boolean(focused.isMarked) }).toEqual({ name, isMarked: true });
    return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

describe.skipIf(!chromium)('the keyboard alone', () => {
  const { openNew } = startConsole();

  it('picks a person, makes a project, changes the person and sees what Writ did', async () => {
    const console = await openNew();
    const { page } = console;
    await console.open();
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    await tabTo(page, 'Skip to content');
    await tabTo(page, 'alice');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'demo' }).waitFor();

    await page.getByRole('heading', { name: 'Projects' }).waitFor();
    await tabTo(page, 'New project');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('Not A Name');
    await page.keyboard.press('Enter');
    await page
      .getByRole('dialog')
      .getByRole('textbox', { name: 'Name', exact: true })
      .and(page.locator('[aria-invalid="true"]'))
      .waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('by-keyboard');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'by-keyboard' }).first().waitFor();

    await tabTo(page, 'What Writ did');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('CreateProject', { exact: true }).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await tabTo(page, 'Change who you are');
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.type('mal');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /: mallory$/ }).waitFor();
  });
});

describe.skipIf(!chromium)('a stranger', () => {
  const { open } = startConsole();

  it('sees no project, may not make one, and is told what to do', async () => {
    const console = await open('mallory');
    const { page } = console;
    await page.getByText('There are no projects for you yet').waitFor();
    await page.getByText('You may not create projects.').waitFor();
    expect(await page.getByRole('button', { name: 'New project' }).isDisabled()).toBe(true);
    await console.open('projects/demo');
    await console.settled();
    const text = await page.getByRole('main').innerText();
    expect(text).not.toContain('Fix rounding');
    expect(text).toMatch(/not|no /i);
  });
});
