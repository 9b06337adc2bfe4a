import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { eventually } from '../support/eventually.ts';
import { loseRequests } from '../support/page-traffic.ts';
import { CREATE_SCHEDULE, scheduleInput } from '../support/schedule-operations.ts';
import { describedBy, isFocused } from './fields.ts';
import { chromium, startConsole } from './fixture.ts';

describe.skipIf(!chromium)('the forms of the console', () => {
  const { writ, open } = startConsole({ environment: SCHEDULE_SETTINGS });
  beforeAll(async () => {
    for (const name of ['one', 'two']) {
      const input = scheduleInput('demo', name);
      expect((await writ.as('admin', CREATE_SCHEDULE, { input })).errors).toBeUndefined();
    }
  });

  it('show what none of their fields shows', async () => {
    await putSecretKey('my.key');
    const { page } = await open('admin', 'projects/demo/settings');
    await page.getByRole('button', { name: 'Replace the value of my.key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Value').fill('secret');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').getByText('input.set.0.key').waitFor();
  });

  async function putSecretKey(key: string) {
    const path = '/api/v1/namespaces/demo/secrets/ambient-runner-secrets';
    const patch = { data: { [key]: 'eA==' } };
    const { status } = await writ.sandbox.as('admin').patch(path, patch);
    expect(status).toBe(200);
  }

  it('say at the field of a row what is wrong with it', async () => {
    const { page } = await open('admin', 'projects/demo/schedules/one');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('More settings').click();
    for (const key of ['FINE', 'NOT FINE']) {
      await dialog.getByRole('button', { name: 'Add a variable' }).click();
      await dialog
        .getByRole('group', { name: /^Variable/ })
        .last()
        .getByLabel('Name')
        .fill(key);
    }
    // The notice would be in view, and the field is not.
    await dialog.getByText('More settings').click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    const refused = dialog.getByRole('group', { name: 'Variable 2' }).getByLabel('Name');
    await eventually(async () => expect(await isFocused(refused)).toBe(true));
    expect(await refused.getAttribute('aria-invalid')).toBe('true');
    expect(await describedBy(refused)).toMatch(/must/);
    expect(await dialog.getByRole('alert').count()).toBe(0);
  });

  it('move the focus to the first field that was refused', async () => {
    const { page } = await open('admin', 'projects/demo/access-keys');
    await page.getByRole('button', { name: 'New access key' }).first().click();
    const dialog = page.getByRole('dialog');
    const name = dialog.getByLabel('Name', { exact: true });
    await name.fill('Not A Name');
    await dialog.getByRole('button', { name: 'Issue access key' }).click();
    await eventually(async () => expect(await isFocused(name)).toBe(true));
    expect(await describedBy(name)).toMatch(/must/);
  });

  it('forget their errors when they are closed', async () => {
    const { page } = await open('admin', 'projects/demo/schedules');
    await loseRequests(page, 'DeleteSchedule');
    const dialog = page.getByRole('dialog');
    await deleteSchedule(page, 'one');
    await dialog.getByRole('button', { name: 'Delete schedule' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await deleteSchedule(page, 'two');
    await dialog.getByText('Delete the schedule two?').waitFor();
    expect(await dialog.getByRole('alert').count()).toBe(0);
  });

  it('say so when somebody else has changed what can no longer be read', async () => {
    const { page } = await open('admin', 'projects/demo/settings');
    const about = page.getByRole('region', { name: 'About the project' });
    await about.getByLabel('Display name').fill('Mine');
    await page.getByLabel('Description').waitFor();
    await loseRequests(page, 'ProjectSettings');
    const change =
      'mutation { updateProject(input: { name: "demo", description: "Theirs" }) { project { id } } }';
    expect((await writ.as('admin', change)).errors).toBeUndefined();
    await about.getByRole('button', { name: 'Save' }).click();
    await about.getByRole('alert').getByText('It has changed meanwhile').waitFor();
  });
});

async function deleteSchedule(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions of ${name}: Actions` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
}
