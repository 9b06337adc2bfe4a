import type { Page, Route } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { eventually } from '../support/eventually.ts';
import { bind, putProject, putSession } from '../support/put-objects.ts';
import { putSchedule } from '../support/schedules.ts';
import { chromium, startConsole } from './fixture.ts';

const PROJECTS = 63;

/** As a browser tells it when the user comes back to the tab. */
const returnToTab = (page: Page) =>
  page.evaluate(() => window.dispatchEvent(new Event('visibilitychange', { bubbles: true })));

/** Lets each request of this operation be answered by `answer`. */
const intercept = (page: Page, operation: string, answer: (route: Route) => Promise<void>) =>
  page.route('**/graphql', (route) =>
    route.request().postDataJSON()?.operationName === operation ? answer(route) : route.fallback(),
  );

const isInView = (page: Page, name: string) =>
  page.getByRole('link', { name, exact: true }).evaluate((link) => {
    const { top, bottom } = link.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

describe.skipIf(!chromium)('a list in the console', () => {
  const { writ, open } = startConsole({
    environment: SCHEDULE_SETTINGS,
    reviews: { allowMs: 0, denyMs: 0 },
  });

  beforeAll(async () => {
    const admin = writ.sandbox.as('admin');
    const names = Array.from({ length: PROJECTS }, (_, index) => `list-${String(index).padStart(2, '0')}`);
    for (const name of names) await putProject(admin, name);
  });

  it('keeps what was loaded when the user returns to the tab, or goes back to it', async () => {
    const { page } = await open('alice');
    const rows = page.getByRole('list', { name: 'Projects, newest first' }).getByRole('listitem');
    await eventually(async () => expect(await rows.count()).toBe(50));
    await page.getByRole('button', { name: 'Load more' }).click();
    const count = PROJECTS + 1;
    await eventually(async () => expect(await rows.count()).toBe(count));

    const counts: number[] = [];
    const answered = () =>
      page.waitForResponse((response) => /projects/.test(response.request().postData() ?? ''));
    const read = answered();
    await returnToTab(page);
    await read;
    await eventually(async () => expect(await page.getByRole('progressbar').count()).toBe(0));
    counts.push(await rows.count());

    await page.getByRole('link', { name: 'list-00' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
    const readAgain = answered();
    await page.goBack();
    await readAgain;
    await eventually(async () => expect(await page.getByRole('progressbar').count()).toBe(0));
    counts.push(await rows.count());
    expect(counts).toEqual([count, count]);
    await eventually(async () => expect(await isInView(page, 'list-00')).toBe(true));
    await page.getByRole('link', { name: 'list-00' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  it('says why no more of it could be loaded, and tries again', async () => {
    const { page } = await open('alice');
    const more = page.getByRole('button', { name: 'Load more' });
    await more.waitFor();
    let isBroken = true;
    await intercept(page, 'Projects', (route) => (isBroken ? route.abort() : route.fallback()));
    await more.click();
    await page.getByRole('alert').getByText('Writ cannot be reached').waitFor();
    expect(
      await page
        .getByRole('list', { name: /^Projects/ })
        .getByRole('listitem')
        .count(),
    ).toBe(50);
    isBroken = false;
    await more.click();
    await page.getByText(`${PROJECTS + 1} projects`).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('is searched when the typing pauses', async () => {
    const { page } = await open('alice');
    await page.getByRole('link', { name: 'list-62' }).waitFor();
    const searched: string[] = [];
    await intercept(page, 'Projects', (route) => {
      searched.push(route.request().postDataJSON().variables.search);
      return route.fallback();
    });
    await page.clock.install();
    await page.getByRole('searchbox').pressSequentially('list-07');
    await page.clock.runFor(1_000);
    await page.getByRole('link', { name: 'list-07' }).waitFor();
    await page.getByRole('link', { name: 'list-62' }).waitFor({ state: 'detached' });
    expect(searched).toEqual(['list-07']);
  });

  it('offers what its user may do by now when they return to the tab', async () => {
    const admin = writ.sandbox.as('admin');
    const { page } = await open('victor', 'projects/list-01/members');
    await page.getByText('You may not manage the members of this project.').waitFor();
    await bind(admin, 'list-01', 'ClusterRole/ambient-project-admin', { kind: 'User', name: 'victor' });
    await returnToTab(page);
    await page.getByText('You may not manage the members of this project.').waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Add a member' }).isEnabled()).toBe(true);
  });

  it('goes on at the next row when one was removed, and at its heading without any', async () => {
    const { page } = await open('admin', 'projects/list-02/members');
    const dialog = page.getByRole('dialog');
    for (const name of ['one', 'three', 'two']) {
      await page.getByRole('button', { name: 'Add a member' }).click();
      await dialog.getByLabel('Name', { exact: true }).fill(`member-${name}`);
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    }
    const rows = page.getByRole('list', { name: 'Members of the project' }).getByRole('listitem');
    const removable = rows.filter({ has: page.getByRole('button', { name: /^Remove/ }) });
    for (let left = 2; left > 0; left -= 1) {
      await eventually(async () => expect(await removable.count()).toBe(left + 1));
      const next = await removable.nth(1).textContent();
      await removable
        .first()
        .getByRole('button', { name: /^Remove/ })
        .press('Enter');
      await dialog.getByRole('button', { name: 'Remove', exact: true }).press('Enter');
      await dialog.waitFor({ state: 'detached' });
      await eventually(async () => expect(await focused(page)).toBe(next));
    }
    await page.getByRole('link', { name: 'Access keys' }).click();
    await page.getByRole('button', { name: 'New access key' }).first().click();
    await dialog.getByLabel('Name', { exact: true }).fill('only');
    await dialog.getByRole('button', { name: 'Issue access key' }).click();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('button', { name: 'Delete the access key only' }).press('Enter');
    await dialog.getByRole('button', { name: 'Delete access key' }).press('Enter');
    await page.getByText('There are no access keys').waitFor();
    await eventually(async () => expect(await focused(page)).toBe('Access keys'));
  });

  it('of the sessions of a schedule begins with the newest of them', async () => {
    const { uid } = await putSchedule(writ.sandbox, 'list-03', 'often');
    const metadata = {
      labels: { 'ambient-code.io/schedule-uid': uid },
      annotations: { 'ambient-code.io/schedule-uid': uid },
    };
    const backend = writ.sandbox.as('backend');
    const names = Array.from({ length: 100 }, (_, index) => `tick-${String(index).padStart(3, '0')}`);
    for (const name of [...names, 'tick-newest']) await putSession(backend, 'list-03', name, { metadata });
    const { page } = await open('alice', 'projects/list-03/schedules/often');
    const sessions = page.getByRole('list', { name: 'Sessions of this schedule' }).getByRole('link');
    await sessions.first().waitFor();
    expect(await sessions.count()).toBe(100);
    expect(await sessions.first().textContent()).toBe('tick-newest');
  });
});
