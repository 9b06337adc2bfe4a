import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import type { ConsolePage } from '../support/console-page.ts';
import { eventually } from '../support/eventually.ts';
import { HOSTILE, putHostileProject, seen } from '../support/hostile-project.ts';
import { chromium, startConsole } from './fixture.ts';
import { expectNoAttack, kindOf, kindsOfRoutes } from './routes.ts';

const PROJECT = `projects/${HOSTILE.project}`;
const SESSION = `${PROJECT}/sessions/${HOSTILE.session}`;
const SCHEDULE = `${PROJECT}/schedules/${HOSTILE.schedule}`;
/** Who sends a link can choose the names in it. */
const LINK = `projects/${encodeURIComponent(seen('address'))}?search=${encodeURIComponent(seen('search'))}`;

const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();
const choose = (button: string | RegExp, item: string) => async (page: Page) => {
  await press(button)(page);
  await page.getByRole('menuitem', { name: item }).click();
};

interface View {
  path: string;
  /** What is pressed to see it. */
  act?: (page: Page) => Promise<void>;
  /** What of the project it shows. */
  fields: string[];
}

const VIEWS: View[] = [
  { path: '', fields: ['project', 'project description'] },
  { path: LINK, fields: ['search'] },
  { path: PROJECT, fields: ['session', 'parent', 'child', 'model'] },
  { path: PROJECT, act: choose(/^Actions on .* session:/, 'Rename…'), fields: ['session'] },
  { path: PROJECT, act: choose(/^Actions on .* session:/, 'Clone…'), fields: ['session'] },
  {
    path: SESSION,
    act: press('Show'),
    fields: [
      ...['session', 'prompt', 'model', 'annotation', 'variable', 'value of a variable', 'branch'],
      ...['workflow branch', 'workflow path', 'active branch', 'parent', 'child'],
      ...['condition', 'condition reason', 'condition message'],
    ],
  },
  {
    path: `${SESSION}?part=pods`,
    fields: [
      'pod reason',
      'container reason',
      'container',
      'node',
      'event reason',
      'event message',
      'event kind',
      'event name',
    ],
  },
  { path: `${SESSION}?part=logs`, fields: ['log'] },
  { path: `${SESSION}?part=yaml`, fields: ['session', 'prompt', 'branch', 'variable', 'condition message'] },
  { path: `${PROJECT}/schedules`, fields: ['schedule', 'schedule owner', 'cron expression', 'time zone'] },
  { path: `${PROJECT}/schedules`, act: choose(/^Actions of/, 'Delete'), fields: [] },
  {
    path: SCHEDULE,
    act: press('Edit'),
    fields: [
      ...['schedule', 'schedule owner', 'suspended reason', 'template name', 'template prompt'],
      ...['template model', 'template branch', 'template variable', 'cron expression', 'time zone'],
    ],
  },
  {
    path: `${PROJECT}/members`,
    act: press(/^Remove .* user:/),
    fields: ['user', 'group', 'service account', 'binding'],
  },
  { path: `${PROJECT}/members`, act: press(/^Change the role of .* user:/), fields: ['user'] },
  {
    path: `${PROJECT}/members`,
    async act(page) {
      await press('Add a member')(page);
      await page.getByLabel('Name', { exact: true }).fill(seen('new member'));
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await press('What Writ did')(page);
      await page.getByRole('dialog').getByText('GrantAccess').waitFor();
    },
    fields: ['new member'],
  },
  {
    path: `${PROJECT}/access-keys`,
    act: press('Delete the access key'),
    fields: ['key description', 'key creator'],
  },
  {
    path: `${PROJECT}/settings`,
    fields: [
      ...['project', 'project description', 'settings branch', 'git host', 'settings group', 'server'],
    ],
  },
];

/** As JSON, YAML and commands have it. */
const escaped = (text: string) => text.replaceAll('"', '\\"');

/** All that the page has to read, and what is in its fields. */
async function textOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')];
    return [document.body.innerText, ...fields.map(({ value }) => value)].join('\n');
  });
}

/** As a link of the console does, which is faster than to load the page. */
async function goTo({ page, url }: ConsolePage, path: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (await dialog.isVisible()) await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.evaluate((to) => history.pushState(null, '', to), new URL(path, url).href);
}

async function expectHarmless(console: ConsolePage, fields: readonly string[]): Promise<void> {
  await console.settled();
  await eventually(async () => {
    const text = await textOf(console.page);
    const isShown = (field: string) => text.includes(seen(field)) || text.includes(escaped(seen(field)));
    expect(fields.filter((field) => !isShown(field))).toEqual([]);
  });
  await expectNoAttack(console);
}

describe.skipIf(!chromium)('what tenants write', () => {
  const { writ, open, check } = startConsole({ environment: SCHEDULE_SETTINGS });
  beforeAll(() => putHostileProject(writ));

  it('is shown as text on every page and in its dialogs, and no address of theirs is a link', async () => {
    const console = await open('mallory');
    const { page } = console;
    const links: string[] = [];
    for (const { path, act, fields } of VIEWS) {
      await goTo(console, path);
      await act?.(page);
      await expectHarmless(console, fields);
      await check(console, path);
      const addresses = page.locator('a[target=_blank]');
      links.push(
        ...(await addresses.evaluateAll((found) => found.map((a) => (a as HTMLAnchorElement).href))),
      );
    }
    expect([...new Set(VIEWS.map(({ path }) => kindOf(path)))].sort()).toEqual(kindsOfRoutes());
    expect([...new Set(links)]).toEqual(['https://example.com/%22%20onmouseover=%22attacked=1']);
  });
});
