import { beforeAll, describe, expect, it } from 'vitest';
import { controlled } from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';
import { CORE, SESSIONS } from '../support/objects.ts';
import { isRealCluster } from '../support/test-cluster.ts';
import { chromium, startConsole } from './fixture.ts';

/** What all runs of the real control plane log. */
const LINE = 'the runner starts';

describe.skipIf(!chromium)('a newcomer to the console', () => {
  // A run ends when the test says so.
  const { writ, open } = startConsole({
    sandbox: { demo: false, runner: { pendingMs: 20, runningMs: 3_600_000 } },
  });
  const cluster = controlled(writ.sandbox);
  beforeAll(async () => {
    await cluster.project('shop');
    await cluster.startReplica();
  });

  it('creates a session, and watches it to its end', async () => {
    const { page } = await open('alice');
    await page.getByRole('link', { name: 'shop' }).click();
    await page.getByText('There are no sessions here yet').waitFor();
    await page.getByRole('button', { name: 'New session' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New session' });
    await dialog.getByRole('textbox', { name: 'Prompt' }).fill('Do <b>it</b>');
    await dialog.getByRole('textbox', { name: 'Display name' }).fill('My first');
    await dialog.getByRole('button', { name: 'Create session' }).click();

    await page.getByRole('heading', { level: 1, name: 'My first' }).waitFor();
    await page.getByText('Do <b>it</b>').waitFor();
    await page.getByText('The agent is at work').waitFor();
    await page.getByRole('link', { name: 'Logs' }).click();
    const log = page.getByRole('region', { name: 'Log', exact: true });
    const pods = (await cluster.admin.get(CORE('shop', 'pods'))).body.items;
    writ.sandbox.logs?.append(pods[0].metadata.uid, 'runner', LINE);
    await log.getByText(LINE).waitFor();

    const sessions = (await cluster.admin.get(SESSIONS('shop'))).body.items;
    expect(sessions).toHaveLength(1);
    await cluster.finishRun('shop', `session-${sessions[0].metadata.uid}-1`);
    await page.getByText(/Its run has ended without an error after \d sec/).waitFor();
    // The logs of the real control plane's pods are a file, of which nobody knows its end.
    if (!isRealCluster()) await page.getByText('The log has ended').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    const timeline = page.getByRole('list', { name: 'Timeline' });
    await timeline.getByText('The run has ended').waitFor();
    expect(await timeline.getByRole('listitem').first().textContent()).not.toContain('Created');
    await page.getByRole('link', { name: 'Sessions', exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: 'My first' });
    await row.getByText('Completed').waitFor();
    await eventually(async () => expect(await page.getByRole('progressbar').count()).toBe(0));
  });
});
