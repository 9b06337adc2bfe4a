import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { describedBy, isFocused } from './fields.ts';
import { chromium, startConsole } from './fixture.ts';

describe.skipIf(!chromium)('the form of a new session', () => {
  const { writ, open } = startConsole();

  it('says at a field what is wrong with it, and makes one session of a double click', async () => {
    const console = await open('alice', 'projects/demo');
    const { page } = console;
    await page.getByRole('button', { name: 'New session' }).click();
    const dialog = page.getByRole('dialog', { name: 'New session' });
    await dialog.getByRole('textbox', { name: 'Prompt' }).fill('Add a search to the shop');
    await dialog.getByRole('button', { name: 'Add a repository' }).click();
    const url = dialog.getByRole('textbox', { name: 'URL' });
    await eventually(async () => expect(await isFocused(url)).toBe(true));
    await url.fill('ftp://example.com/shop');
    await dialog.getByText('More settings').click();
    await dialog.getByRole('button', { name: 'Add a variable' }).click();
    const variable = dialog.getByRole('group', { name: 'Variable 1' });
    await variable.getByRole('textbox', { name: 'Name' }).fill('NODE_OPTIONS');
    const submit = dialog.getByRole('button', { name: 'Create session' });
    await submit.click();
    await eventually(async () => expect(await url.getAttribute('aria-invalid')).toBe('true'));
    expect(await describedBy(url)).toMatch(/https/);
    expect(await describedBy(variable.getByRole('textbox', { name: 'Name' }))).toMatch(
      /NODE_OPTIONS|reserved|not/,
    );
    expect(await isFocused(url)).toBe(true);
    await console.settled();
    expect(await console.accessibilityFindings()).toEqual([]);

    await url.fill('https://example.com/shop');
    await variable.getByRole('button', { name: 'Remove variable 1' }).click();
    await submit.dblclick();
    await eventually(() => expect(page.url()).toMatch(/\/projects\/demo\/sessions\/.+/));
    const { items } = (await writ.sandbox.as('admin').get(SESSIONS('demo'))).body;
    const made = items.filter(
      ({ spec }: { spec: { initialPrompt?: string } }) => spec.initialPrompt === 'Add a search to the shop',
    );
    expect(made).toHaveLength(1);
    expect(made[0].spec.displayName).toBe('Add a search to the shop');
    expect(made[0].spec.repos[0]).toMatchObject({ url: 'https://example.com/shop' });
  });

  it('offers the repositories of the project that are not among those of the session', async () => {
    const { page } = await open('alice', 'projects/demo');
    await page.getByRole('button', { name: 'New session' }).click();
    const dialog = page.getByRole('dialog', { name: 'New session' });
    const offers = dialog.getByRole('button', { name: /^Repositories of the project/ });
    await offers.click();
    await page.getByRole('menuitem', { name: 'https://github.com/example/storefront' }).click();
    const repo = dialog.getByRole('group', { name: 'Repository 1' });
    await eventually(async () => {
      expect(await repo.getByLabel('URL').inputValue()).toBe('https://github.com/example/storefront');
      expect(await repo.getByLabel('Branch').inputValue()).toBe('main');
    });
    await offers.waitFor({ state: 'detached' });
    await repo.getByRole('button', { name: 'Remove repository 1' }).click();
    await offers.waitFor();
  });

  it('makes a session like another one, with another runner and what else was changed', async () => {
    const { page } = await open('alice', 'projects/demo');
    await page.getByRole('button', { name: 'Actions on Document the webhooks', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Clone…' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Change its prompt/ })
      .click();
    const dialog = page.getByRole('dialog', { name: 'New session like Document the webhooks' });
    const prompt = dialog.getByRole('textbox', { name: /^Prompt/ });
    expect(await prompt.inputValue()).toMatch(/^Write docs.webhooks.md/);
    await prompt.fill('Write them anew');
    await dialog.getByRole('textbox', { name: /^Display name/ }).fill('Anew');
    await dialog.getByRole('button', { name: /Runner type/ }).click();
    await page.getByRole('option', { name: 'Gemini CLI' }).click();
    await dialog.getByRole('button', { name: 'Create session' }).click();
    await page.getByRole('heading', { level: 1, name: 'Anew' }).waitFor();
    const { items } = (await writ.sandbox.as('admin').get(SESSIONS('demo'))).body;
    const [source, made] = ['Document the webhooks', 'Anew'].map((displayName) =>
      items.find(({ spec }: { spec: { displayName?: string } }) => spec.displayName === displayName),
    );
    expect(made.spec).toMatchObject({
      initialPrompt: 'Write them anew',
      repos: source.spec.repos,
      timeout: source.spec.timeout,
      stopOnRunFinished: true,
      environmentVariables: { RUNNER_TYPE: 'gemini-cli' },
    });
    expect(made.metadata.labels).toMatchObject({ team: 'platform' });
    expect(made.status.phase).toBe('Pending');
  });

  it('is not taken for changed when the session changes that it began with', async () => {
    const { page } = await open('alice', 'projects/demo');
    const name = 'review-accessibility';
    await page.getByRole('button', { name: /^Actions on Review the accessibility/ }).click();
    await page.getByRole('menuitem', { name: 'Clone…' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Change its prompt/ })
      .click();
    const dialog = page.getByRole('dialog', { name: /^New session like/ });
    await dialog.getByRole('textbox', { name: /^Prompt/ }).waitFor();
    const spec = { displayName: 'Renamed meanwhile' };
    await writ.sandbox.as('admin').patch(`${SESSIONS('demo')}/${name}`, { spec });
    await page.locator('[role=row]').filter({ hasText: spec.displayName }).waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('clones a session under another name, and shows it', async () => {
    const { page } = await open('alice', 'projects/demo');
    await page.getByRole('button', { name: 'Actions on Document the webhooks', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Clone…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Clone Document the webhooks' });
    const name = dialog.getByRole('textbox', { name: /^Name/ });
    await name.fill('document-webhooks');
    await dialog.getByRole('button', { name: 'Clone session' }).click();
    await dialog.getByText('The name is taken').waitFor();
    await name.fill('document-webhooks-again');
    await dialog.getByRole('button', { name: 'Clone session' }).click();
    await eventually(() => expect(page.url()).toContain('/projects/demo/sessions/document-webhooks-again'));
    expect(
      (await writ.sandbox.as('admin').get(`${SESSIONS('demo')}/document-webhooks-again`)).body.spec,
    ).toMatchObject({
      displayName: 'Document the webhooks',
    });
  });
});
