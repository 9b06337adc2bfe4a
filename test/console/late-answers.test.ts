import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { holdOperations } from '../support/page-traffic.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { CREATE_SCHEDULE, scheduleInput } from '../support/schedule-operations.ts';
import { chromium, startConsole } from './fixture.ts';

const CREATE_PROJECT =
  'mutation ($input: CreateProjectInput!) { createProject(input: $input) { __typename } }';

describe.skipIf(!chromium)('an answer that comes after its dialog was closed', () => {
  const { writ, open } = startConsole({ environment: SCHEDULE_SETTINGS });

  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const goTo = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click();
  const pathOf = (page: Page) => new URL(page.url()).pathname;

  it('of a form that creates something leads nobody to another page', async () => {
    const { page } = await open('alice', 'projects/demo');
    const dialog = page.getByRole('dialog');
    const session = await holdOperations(page, 'CreateSession');
    await press(page, 'New session');
    await dialog.getByRole('textbox', { name: 'Prompt' }).fill('Made although closed');
    await press(page, 'Create session');
    await session.send('CreateSession');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Made although closed' }).waitFor();
    await session.answer('CreateSession');
    expect(pathOf(page)).toBe('/console/projects/demo');

    await goTo(page, 'Projects');
    for (const outcome of ['created', 'refused']) {
      const project = await holdOperations(page, 'CreateProject');
      await press(page, 'New project');
      expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('');
      await dialog.getByLabel('Name', { exact: true }).fill('made-anyway');
      await press(page, 'Create project');
      await project.send('CreateProject');
      await press(page, 'Cancel');
      await dialog.waitFor({ state: 'detached' });
      await project.answer('CreateProject');
      expect([outcome, pathOf(page)]).toEqual([outcome, '/console/']);
      await page.getByRole('link', { name: 'made-anyway' }).waitFor();
    }
    expect(await page.getByRole('alert').count()).toBe(0);
    await press(page, 'New project');
    expect(await dialog.getByRole('alert').count()).toBe(0);
    await press(page, 'Cancel');
    await press(page, 'What Writ did');
    const refused = dialog
      .locator('details')
      .filter({ has: page.getByText('CreateProject', { exact: true }) })
      .first();
    await refused.locator('summary', { hasText: 'CONFLICT' }).waitFor();
  });

  it('is awaited by the form of an access key, whose token is shown once', async () => {
    const console = await open('admin', 'projects/demo/access-keys');
    const { page } = console;
    const dialog = page.getByRole('dialog');
    const held = await holdOperations(page, 'CreateAccessKey');
    await page.getByRole('button', { name: 'New access key', exact: true }).first().click();
    await dialog.getByLabel('Name', { exact: true }).fill('late');
    await press(page, 'Issue access key');
    await held.send('CreateAccessKey');
    expect(await dialog.getByRole('button', { name: 'Close' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await press(page, 'Cancel');
    await page.mouse.click(5, 5);
    await held.answer('CreateAccessKey');
    const token = await dialog.getByRole('region', { name: 'Token' }).innerText();
    expect(token.split('.')).toHaveLength(3);
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    await press(page, 'I have copied it');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('list', { name: 'Access keys of the project' }).getByText('late').waitFor();
    await press(page, 'New access key');
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('');
    expect(await console.traces()).not.toContain(token);
  });

  it('of a deletion leads nobody away from where they have gone meanwhile', async () => {
    await writ.as('alice', CREATE_PROJECT, { input: { name: 'doomed' } });
    await putSession(writ.kubernetes('admin'), 'demo', 'short-lived');
    const input = scheduleInput('demo', 'nightly');
    expect((await writ.as('admin', CREATE_SCHEDULE, { input })).errors).toBeUndefined();
    const { page } = await open('admin', 'projects/demo/sessions/short-lived');
    const dialog = page.getByRole('dialog');
    const held = await holdOperations(page, 'DeleteSession', 'DeleteSchedule', 'DeleteProject');

    await press(page, 'Actions on short-lived: Actions');
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await press(page, 'Delete session');
    await held.send('DeleteSession');
    await goTo(page, 'Schedules');
    await held.answer('DeleteSession');
    expect(pathOf(page)).toBe('/console/projects/demo/schedules');

    await goTo(page, 'nightly');
    await press(page, 'Delete');
    await press(page, 'Delete schedule');
    await held.send('DeleteSchedule');
    await press(page, 'Cancel');
    await goTo(page, 'Members');
    await held.answer('DeleteSchedule');
    expect(pathOf(page)).toBe('/console/projects/demo/members');

    await goTo(page, 'Projects');
    await goTo(page, 'doomed');
    await goTo(page, 'Settings');
    await press(page, 'Delete project');
    await dialog.getByLabel('Type doomed to confirm').fill('doomed');
    await dialog.getByRole('button', { name: 'Delete project' }).click();
    await held.send('DeleteProject');
    await press(page, 'Cancel');
    await goTo(page, 'Members');
    await held.answer('DeleteProject');
    expect(pathOf(page)).toBe('/console/projects/doomed/members');
  });

  it('leaves the dialog alone that is open by then, and what was typed there', async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'shop');
    for (const name of ['daily', 'weekly'])
      await writ.as('admin', CREATE_SCHEDULE, { input: scheduleInput('shop', name) });
    const { page } = await open('admin', 'projects/shop/settings');
    const dialog = page.getByRole('dialog');
    const replaced = await holdOperations(page, 'UpdateRunnerSecrets');
    await press(page, 'Replace the value of ANTHROPIC_API_KEY');
    await dialog.getByLabel('Value').fill('another value');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await replaced.send('UpdateRunnerSecrets');
    await press(page, 'Cancel');
    await press(page, 'Add a secret');
    await dialog.getByLabel('Name', { exact: true }).fill('OPENAI_API_KEY');
    await replaced.answer('UpdateRunnerSecrets');
    expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('OPENAI_API_KEY');
    await press(page, 'Cancel');

    const removed = await holdOperations(page, 'UpdateRunnerSecrets', 'DeleteSchedule', 'StopSession');
    await press(page, 'Remove ANTHROPIC_API_KEY');
    await press(page, 'Remove secret');
    await removed.send('UpdateRunnerSecrets');
    await press(page, 'Cancel');
    await press(page, 'Remove GEMINI_API_KEY');
    await removed.answer('UpdateRunnerSecrets');
    await dialog.getByRole('heading', { name: 'Remove GEMINI_API_KEY?' }).waitFor();
    await press(page, 'Cancel');

    await goTo(page, 'Schedules');
    await press(page, 'Actions of daily: Actions');
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await press(page, 'Delete schedule');
    await removed.send('DeleteSchedule');
    await press(page, 'Cancel');
    await press(page, 'Actions of weekly: Actions');
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await removed.answer('DeleteSchedule');
    await dialog.getByRole('heading', { name: 'Delete the schedule weekly?' }).waitFor();
    await press(page, 'Cancel');
  });

  it('comes after the dialog of another session, if it is an error', async () => {
    const { page } = await open('admin', 'projects/demo');
    const dialog = page.getByRole('dialog');
    const held = await holdOperations(page, 'StopSession');
    await press(page, 'Actions on Fix rounding in the cart');
    await page.getByRole('menuitem', { name: 'Stop' }).click();
    await writ.kubernetes('admin').must('DELETE', `${SESSIONS('demo')}/fix-cart-rounding`);
    await held.send('StopSession');
    await press(page, 'Actions on Upgrade the Postgres client');
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await dialog.getByLabel('Display name').fill('Half a na');
    await held.answer('StopSession');
    expect(await dialog.getByLabel('Display name').inputValue()).toBe('Half a na');
    await press(page, 'Cancel');
    await page.getByRole('dialog', { name: 'Fix rounding in the cart was not stopped' }).waitFor();
    await eventually(async () => expect(await dialog.count()).toBe(1));
  });
});
