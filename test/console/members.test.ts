import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { holdOperations } from '../support/page-traffic.ts';
import { UPDATE_SETTINGS } from '../support/settings-operations.ts';
import { chromium, startConsole } from './fixture.ts';

const CREATE = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { __typename } }';
const REVOKE = 'mutation ($input: RevokeAccessInput!) { revokeAccess(input: $input) { __typename } }';
const GRANT = 'mutation ($input: GrantAccessInput!) { grantAccess(input: $input) { __typename } }';

describe.skipIf(!chromium)('the members of a project in the console', () => {
  const { writ, open } = startConsole();

  async function must(query: string, input: object): Promise<void> {
    expect((await writ.as('alice', query, { input })).errors).toBeUndefined();
  }

  beforeAll(async () => {
    await must(CREATE, { name: 'own' });
    for (const subjectName of ['bob', 'carol'])
      await must(GRANT, { project: 'own', subjectKind: 'USER', subjectName, role: 'VIEW' });
  });

  const rows = (page: Page) =>
    page.getByRole('list', { name: 'Members of the project' }).getByRole('listitem');
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

  const lastAdmin = (page: Page) => page.getByText('This is the last admin of the project');
  const allow = (page: Page) =>
    page.getByRole('checkbox', { name: 'Leave the project without an admin all the same' });

  /** Allows it for an attempt that does not reach Writ, and makes another one. Ends with the permission given, and not used. */
  async function expectAskedEachTime(page: Page, submit: Locator): Promise<void> {
    await submit.click();
    await lastAdmin(page).waitFor();
    await allow(page).check({ force: true });
    await page.context().setOffline(true);
    await submit.click();
    await page.getByText('Writ cannot be reached').waitFor();
    await page.context().setOffline(false);
    await submit.click();
    await lastAdmin(page).waitFor();
    expect(await allow(page).isChecked()).toBe(false);
    await allow(page).check({ force: true });
  }

  it('are changed by answers that come late, which leave alone the dialog that is open by then', async () => {
    const { page } = await open('alice', 'projects/own/members');
    const dialog = page.getByRole('dialog');
    const title = (name: string) => dialog.getByRole('heading', { name }).waitFor();

    const added = await holdOperations(page, 'GrantAccess');
    await press(page, 'Add a member');
    await dialog.getByLabel('Name', { exact: true }).fill('dave');
    await press(page, 'Add');
    await added.send('GrantAccess');
    await press(page, 'Cancel');
    await press(page, 'Remove bob');
    await added.answer('GrantAccess');
    await title('Remove bob?');
    await rows(page).getByText('dave', { exact: true }).waitFor();

    const removed = await holdOperations(page, 'RevokeAccess');
    await press(page, 'Remove');
    await removed.send('RevokeAccess');
    await press(page, 'Cancel');
    await press(page, 'Change the role of carol');
    await removed.answer('RevokeAccess');
    await title('Role of carol');
    await rows(page).getByText('bob', { exact: true }).waitFor({ state: 'detached' });

    const changed = await holdOperations(page, 'RevokeAccess');
    await dialog.getByRole('button', { name: /New role/ }).click();
    await page.getByRole('option', { name: 'Editor' }).click();
    await dialog.getByRole('button', { name: 'Change role' }).click();
    await changed.send('RevokeAccess');
    await press(page, 'Cancel');
    await press(page, 'Remove dave');
    await changed.answer('RevokeAccess');
    await title('Remove dave?');
    await press(page, 'Cancel');
    await eventually(async () => {
      const carol = await rows(page).filter({ hasText: 'carol' }).allInnerTexts();
      expect(carol.map((text) => text.match(/Viewer|Editor/)?.[0])).toEqual(['Editor']);
    });
  });

  it('lose their last admin only when somebody allows it for this very attempt', async () => {
    const { page } = await open('alice', 'projects/own/members');
    const dialog = page.getByRole('dialog');
    const attempts = {
      remove: async () => {
        await press(page, 'Remove alice');
        return dialog.getByRole('button', { name: 'Remove', exact: true });
      },
      change: async () => {
        const admin = rows(page).filter({ hasText: 'Admin' });
        await admin.getByRole('button', { name: 'Change the role of alice' }).click();
        await dialog.getByRole('button', { name: /New role/ }).click();
        await page.getByRole('option', { name: 'Viewer' }).click();
        return dialog.getByRole('button', { name: 'Change role' });
      },
    };
    for (const prepare of Object.values(attempts)) {
      await expectAskedEachTime(page, await prepare());
      await press(page, 'Cancel');
      await (await prepare()).click();
      await lastAdmin(page).waitFor();
      expect(await allow(page).isChecked()).toBe(false);
      await press(page, 'Cancel');
    }
    const alice = rows(page).filter({ hasText: 'alice' });
    await eventually(async () => expect((await alice.allInnerTexts()).join()).toContain('Admin'));
  });

  it('lose a group that is the last admin only when somebody allows it for this very attempt', async () => {
    await must(CREATE, { name: 'grouped' });
    const groupAccess = [{ groupName: 'admins', role: 'ADMIN' }];
    await must(UPDATE_SETTINGS, { project: 'grouped', groupAccess });
    await must(REVOKE, { project: 'grouped', subjectKind: 'USER', subjectName: 'alice', role: 'ADMIN' });
    const { page } = await open('admin', 'projects/grouped/settings');
    const form = page.getByRole('region', { name: 'Sessions' });
    await form.getByRole('button', { name: 'Remove group 1' }).click();
    await expectAskedEachTime(page, form.getByRole('button', { name: 'Save' }));
  });
});
