import { describe, expect, it } from 'vitest';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { eventually } from '../support/eventually.ts';
import { chromium, startConsole } from './fixture.ts';

const MARKUP = '<img src=x onerror="document.title = 1">';

describe.skipIf(!chromium)('the administration of a project in the console', () => {
  const { open, writ } = startConsole({ environment: SCHEDULE_SETTINGS });

  it('lets a person make a project, invite a member, issue a key, set a secret and schedule a session', async () => {
    const console = await open('alice', '', { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = console;
    const dialog = page.getByRole('dialog');
    const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click();
    const goTo = (name: string) => page.getByRole('link', { name, exact: true }).click();

    await press('New project');
    await dialog.getByLabel('Name', { exact: true }).fill('Nope');
    await press('Create project');
    await dialog.getByText(/^must be/).waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('journey');
    await press('Create project');
    await dialog.waitFor({ state: 'detached' });

    await goTo('Members');
    await page.getByText('You have the rights of the role Admin here').waitFor();
    await press('Add a member');
    await dialog.getByLabel('Name', { exact: true }).fill('victor');
    await press(/^Add$/);
    const members = page.getByRole('list', { name: 'Members of the project' });
    await members.getByText('victor', { exact: true }).waitFor();
    await press('Change the role of victor');
    await press(/New role/);
    await page.getByRole('option', { name: 'Editor' }).click();
    await dialog.getByRole('button', { name: 'Change role' }).click();
    await dialog.waitFor({ state: 'detached' });
    const victor = members.getByRole('listitem').filter({ hasText: 'victor' });
    await eventually(async () => {
      expect(await victor.count()).toBe(1);
      expect(await victor.textContent()).toContain('Editor');
    });
    await press('Remove alice');
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog.getByText('This is the last admin of the project').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await goTo('Access keys');
    await page.getByText('There are no access keys').waitFor();
    await press('New access key');
    await dialog.getByLabel('Name', { exact: true }).fill('ci');
    await dialog.getByLabel('Description').fill(MARKUP);
    await press('Issue access key');
    await dialog.getByRole('button', { name: 'Copy token' }).click();
    const token = await eventually(async () => {
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied.split('.')).toHaveLength(3);
      return copied;
    });
    expect(await dialog.textContent()).toContain(token);
    await press('I have copied it');
    const keys = page.getByRole('list', { name: 'Access keys of the project' });
    await keys.getByText(MARKUP).waitFor();
    expect(await console.traces()).not.toContain(token);

    await goTo('Settings');
    await press('Add a secret');
    await dialog.getByLabel('Name', { exact: true }).fill('ANTHROPIC_API_KEY');
    const secret = dialog.getByLabel('Value');
    await secret.fill('correct horse battery');
    expect(await secret.getAttribute('type')).toBe('password');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const secrets = page.getByRole('list', { name: 'Names of the runner secrets' });
    await secrets.getByText('ANTHROPIC_API_KEY').waitFor();
    expect(await console.traces()).not.toContain('correct horse battery');

    await goTo('Schedules');
    await press('New schedule');
    await dialog.getByLabel('Name', { exact: true }).fill('nightly');
    await dialog.getByLabel('Cron expression').fill('each night');
    await dialog.getByLabel('Time zone').fill('Asia/Kolkata');
    await dialog.getByRole('textbox', { name: /^Prompt/ }).fill(MARKUP);
    await press('Create schedule');
    await dialog.getByText(/must be a cron expression/).waitFor();
    await eventually(async () => {
      const focused = await page.evaluate(() => (document.activeElement as HTMLInputElement).value);
      expect(focused).toBe('each night');
    });
    expect(await console.accessibilityFindings()).toEqual([]);
    await dialog.getByLabel('Cron expression').fill('30 2 * * *');
    await press('Create schedule');
    await page.getByRole('heading', { level: 1, name: 'nightly' }).waitFor();
    await eventually(async () => expect(await page.getByText('02:30 in Asia/Kolkata').count()).toBe(5));
    await page.getByRole('region', { name: 'Prompt' }).getByText(MARKUP).waitFor();
    await press('Start a session now');
    await page.getByRole('list', { name: 'Sessions of this schedule' }).getByRole('link').waitFor();
    await press('Suspend');
    await page.getByText('It is suspended, so it has no next time').waitFor();
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
    await goTo('Schedules');
    await page.getByRole('list', { name: 'Schedules of the project' }).getByText('Suspended').waitFor();
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
  });

  it('shows what somebody else has changed meanwhile, and saves on demand', async () => {
    const { page } = await open('admin', 'projects/demo/settings');
    const about = page.getByRole('region', { name: 'About the project' });
    const displayName = about.getByLabel('Display name');
    await displayName.fill('Mine');
    const update =
      'mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { project { id } } }';
    await writ.as('admin', update, { input: { name: 'demo', displayName: MARKUP } });
    await about.getByRole('button', { name: 'Save' }).click();
    await about.getByText(`Display name: Demo → ${MARKUP}`).waitFor();
    await about.getByRole('button', { name: 'Save mine all the same' }).click();
    await about.getByText('Saved.').waitFor();
    const { data } = await writ.as('admin', '{ project(name: "demo") { displayName } }');
    expect(data.project.displayName).toBe('Mine');
  });

  it('takes back what it has shown beforehand when the cluster refuses it', async () => {
    const input = { project: 'demo', name: 'weekly', schedule: '0 9 * * 1', session: {} };
    const create = `mutation ($input: CreateScheduledSessionInput!) { createScheduledSession(input: $input) { receipt { requestId } } }`;
    expect((await writ.as('admin', create, { input })).errors).toBeUndefined();
    const { page } = await open('admin', 'projects/demo/schedules');
    const weekly = page.getByRole('listitem').filter({ hasText: 'weekly' });
    await weekly.getByText('Active').waitFor();
    const remove = 'mutation { deleteScheduledSession(project: "demo", name: "weekly") { deletedId } }';
    expect((await writ.as('admin', remove)).errors).toBeUndefined();
    await weekly.getByRole('button', { name: /^Actions of weekly/ }).click();
    await page.getByRole('menuitem', { name: 'Suspend' }).click();
    await page.getByRole('alert').getByText('It does not exist, or not any more').waitFor();
    await weekly.getByText('Active').waitFor();
  });

  it('edits a schedule from the list, with what the list does not have', async () => {
    const session = { initialPrompt: 'Check the links' };
    const input = { project: 'demo', name: 'hourly', schedule: '0 * * * *', session };
    const create = `mutation ($input: CreateScheduledSessionInput!) { createScheduledSession(input: $input) { receipt { requestId } } }`;
    expect((await writ.as('admin', create, { input })).errors).toBeUndefined();
    const { page } = await open('admin', 'projects/demo/schedules');
    const hourly = page.getByRole('listitem').filter({ hasText: 'hourly' });
    await hourly.getByRole('button', { name: /^Actions of hourly/ }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit hourly' });
    const prompt = dialog.getByRole('textbox', { name: /^Prompt/ });
    await prompt.waitFor();
    expect(await prompt.inputValue()).toBe('Check the links');
    await dialog.getByLabel('Cron expression').fill('30 * * * *');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await hourly.getByText('30 * * * *').waitFor();
  });

  it('deletes a project only when its name was typed', async () => {
    const { page } = await open('admin', 'projects/demo/settings');
    await page.getByRole('button', { name: 'Delete project' }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Delete project' });
    await dialog.getByLabel('Type demo to confirm').fill('dem');
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('is read-only for a viewer, with reasons', async () => {
    const console = await open('victor', 'projects/demo/schedules');
    const { page } = console;
    const pages = [
      ['Schedules', 'You may not create sessions in this project', 'New schedule'],
      ['Members', 'You may not manage the members of this project.', 'Add a member'],
      ['Access keys', 'You may not issue access keys in this project.', 'New access key'],
    ] as const;
    for (const [name, reason, action] of pages) {
      await page.getByRole('link', { name, exact: true }).click();
      const notice = page.getByRole('note', { name: 'What you may not do here' });
      await notice.getByText(reason).waitFor();
      await notice.getByText('What it would take').click();
      await notice.locator('pre').getByText('RoleBinding').waitFor();
      expect(await page.getByRole('button', { name: action }).isDisabled()).toBe(true);
      await console.settled();
      expect(await console.accessibilityFindings()).toEqual([]);
    }
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('You may not change the settings of this project.').waitFor();
    await page.getByText('You may not delete this project.').waitFor();
    await console.settled();
    expect(
      await page.getByRole('main').locator('input:not([readonly]), textarea:not([readonly])').count(),
    ).toBe(0);
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
  });

  it('shows nothing to a stranger, and says so', async () => {
    const console = await open('mallory', 'projects/demo/settings');
    const { page } = console;
    for (const name of ['Schedules', 'Members', 'Access keys', 'Settings']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('alert').getByText('You may not see this').waitFor();
      await console.settled();
      expect(await page.getByRole('main').getByRole('list').count()).toBe(0);
    }
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
  });
});
