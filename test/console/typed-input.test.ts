import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import {
  CREATE_SCHEDULE,
  READ_SCHEDULE,
  scheduleInput,
  UPDATE_SCHEDULE,
} from '../support/schedule-operations.ts';
import { isFocused } from './fields.ts';
import { chromium, startConsole } from './fixture.ts';

describe.skipIf(!chromium)('what was typed into a form of the console', () => {
  const { writ, open } = startConsole({ environment: SCHEDULE_SETTINGS });

  async function must(operation: string, variables: object) {
    const { data, errors } = await writ.as('admin', operation, variables);
    expect(errors).toBeUndefined();
    return data;
  }

  beforeAll(async () => {
    const session = {
      initialPrompt: 'Check the links',
      runnerType: 'claude-agent-sdk',
      annotations: [{ key: 'example.com/kept', value: 'yes' }],
    };
    await must(CREATE_SCHEDULE, { input: scheduleInput('demo', 'shared', { session }) });
  });

  it('is not lost by a press beside it, or by Escape', async () => {
    const console = await open('alice', 'projects/demo');
    const { page } = console;
    const dialog = page.getByRole('dialog', { name: 'New session' });
    const prompt = dialog.getByRole('textbox', { name: /^Prompt/ });
    const question = page.getByRole('alertdialog', { name: 'Discard what you have entered?' });
    await page.getByRole('button', { name: 'New session' }).click();
    await page.mouse.click(5, 5);
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'New session' }).click();
    await prompt.fill('A long thought');
    await page.mouse.click(5, 5);
    await question.waitFor();
    await eventually(async () => {
      expect(await isFocused(question.getByRole('button', { name: 'Keep editing' }))).toBe(true);
    });
    expect(await console.accessibilityFindings()).toEqual([]);
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect(await prompt.inputValue()).toBe('A long thought');
    await prompt.press('Escape');
    await question.getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'New session' }).click();
    await prompt.fill('Another one');
    expect(await question.count()).toBe(0);
    expect(await prompt.inputValue()).toBe('Another one');
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('button', { name: 'New session' }).click();
    await dialog.getByRole('button', { name: 'Add a repository' }).click();
    await page.keyboard.press('Escape');
    await question.waitFor();
  });

  it('does not undo what somebody else has changed meanwhile in other fields', async () => {
    const { page } = await open('admin', 'projects/demo/schedules/shared');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /^Prompt/ }).fill('Mine');
    const theirs = {
      initialPrompt: 'Check the links',
      runnerType: 'claude-agent-sdk',
      environmentVariables: [{ key: 'LOG_LEVEL', value: 'private' }],
      annotations: [{ key: 'example.com/kept', value: 'theirs' }],
    };
    const input = { project: 'demo', name: 'shared', concurrencyPolicy: 'ALLOW', session: theirs };
    await must(UPDATE_SCHEDULE, { input });
    await dialog.getByRole('button', { name: 'Save' }).click();
    const changes = dialog.getByRole('alert').getByRole('listitem');
    await changes.first().waitFor();
    expect(await changes.allTextContents()).toEqual([
      'If a session is still active at the next time: Skip that time → Create another session',
      'Environment variables: (nothing) → LOG_LEVEL',
    ]);
    await dialog.getByRole('button', { name: 'Save mine all the same' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { scheduledSession } = await must(READ_SCHEDULE, { project: 'demo', name: 'shared' });
    expect(scheduledSession).toMatchObject({
      concurrencyPolicy: 'ALLOW',
      sessionTemplate: { ...theirs, initialPrompt: 'Mine' },
    });
  });

  it('is shown when it keeps the form from being sent, also where it was folded', async () => {
    const { page } = await open('alice', 'projects/demo');
    await page.getByRole('button', { name: 'New session' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('More settings').click();
    const timeout = dialog.getByLabel('Longest run, in seconds');
    await timeout.fill('soon');
    await dialog.getByText('More settings').click();
    await dialog.getByRole('button', { name: 'Create session' }).click();
    await dialog.getByText('This is a whole number.').waitFor();
    expect(await isFocused(timeout)).toBe(true);
  });

  it('makes a session of its own although an earlier attempt has made one, whose answer was lost', async () => {
    const { page } = await open('alice', 'projects/demo');
    await loseFirstAnswer(page, 'CreateSession');
    await page.getByRole('button', { name: 'New session' }).click();
    const dialog = page.getByRole('dialog');
    const prompt = dialog.getByRole('textbox', { name: /^Prompt/ });
    const create = dialog.getByRole('button', { name: 'Create session' });
    await prompt.fill('First thought');
    await create.click();
    await dialog.getByText('Writ cannot be reached').waitFor();
    await prompt.fill('Second thought');
    await create.click();
    const [first] = await sessionsOf('First thought');
    const link = dialog.getByRole('link', { name: 'Open the session' });
    expect(await link.getAttribute('href')).toContain(`/projects/demo/sessions/${first}`);
    await dialog.getByRole('button', { name: 'Create another session' }).click();
    await page.getByRole('heading', { level: 1, name: 'Second thought' }).waitFor();
    expect(await sessionsOf('First thought')).toHaveLength(1);
    expect(await sessionsOf('Second thought')).toHaveLength(1);
  });

  async function sessionsOf(prompt: string): Promise<string[]> {
    const { items } = (await writ.sandbox.as('admin').get(SESSIONS('demo'))).body;
    return items
      .filter(({ spec }: { spec: { initialPrompt?: string } }) => spec.initialPrompt === prompt)
      .map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  }

  it('clones once although the answer was lost', async () => {
    const { page } = await open('alice', 'projects/demo');
    await loseFirstAnswer(page, 'CloneSession');
    await page.getByRole('button', { name: 'Actions on Document the webhooks', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Clone…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /^Display name/ }).fill('Cloned once');
    await dialog.getByRole('button', { name: 'Clone session' }).click();
    await dialog.getByText('Writ cannot be reached').waitFor();
    await dialog.getByRole('button', { name: 'Clone session' }).click();
    await page.getByRole('heading', { level: 1, name: 'Cloned once' }).waitFor();
    const { items } = (await writ.sandbox.as('admin').get(SESSIONS('demo'))).body;
    const clones = items.filter(
      ({ spec }: { spec: { displayName?: string } }) => spec.displayName === 'Cloned once',
    );
    expect(clones).toHaveLength(1);
  });

  it('leads to a clone that was created although not everything went well', async () => {
    const { page } = await open('alice', 'projects/demo');
    const session = { id: 'x', project: 'demo', name: 'fix-cart-rounding' };
    const extensions = { code: 'UNAVAILABLE', session };
    const answer = { data: null, errors: [{ message: 'The cluster cannot be reached', extensions }] };
    await page.route('**/graphql', (route) =>
      route.request().postDataJSON().operationName === 'CloneSession'
        ? route.fulfill({ json: answer })
        : route.fallback(),
    );
    await page.getByRole('button', { name: 'Actions on Document the webhooks', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Clone…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Clone session' }).click();
    await dialog.getByRole('link', { name: 'Open the session' }).click();
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => expect(page.url()).toContain('/sessions/fix-cart-rounding'));
  });
});

/** Writ gets the first request of this operation, and the page no answer to it. */
async function loseFirstAnswer(page: Page, operation: string): Promise<void> {
  let isFirst = true;
  await page.route('**/graphql', async (route) => {
    if (!isFirst || route.request().postDataJSON().operationName !== operation) return route.fallback();
    isFirst = false;
    await route.fetch();
    await route.abort();
  });
}
