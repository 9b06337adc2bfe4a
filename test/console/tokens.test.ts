import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { CORE, named, RBAC, SESSIONS } from '../support/objects.ts';
import { atRest, holdOperations, returnToTab, trafficOf } from '../support/page-traffic.ts';
import { bind, putSession } from '../support/put-objects.ts';
import { chromium, startConsole } from './fixture.ts';

describe.skipIf(!chromium)('a token that the cluster does not accept any more', () => {
  const { writ, openNew } = startConsole({
    people: false,
    authentication: { subjectMs: 0, rejectedMs: 0 },
    subscriptions: { access: { everyMs: 50, confirmMs: 50, patienceMs: 60_000 } },
  });
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await admin.create(CORE('demo', 'serviceaccounts'), named('robot'));
    const robot = { kind: 'ServiceAccount', namespace: 'demo', name: 'robot' };
    await bind(admin, 'demo', 'ClusterRole/ambient-project-admin', robot);
  });

  /** A token of the robot that the cluster accepts until it is revoked. */
  async function issueToken() {
    const secret = await admin.create(CORE('demo', 'secrets'), { metadata: { generateName: 'token-' } });
    const { name } = secret.metadata;
    const { status } = await admin.create(`${CORE('demo', 'serviceaccounts')}/robot/token`, {
      spec: { boundObjectRef: { kind: 'Secret', apiVersion: 'v1', name } },
    });
    const token: string = status.token;
    const revoke = () => admin.must('DELETE', `${CORE('demo', 'secrets')}/${name}`);
    return { token, header: `Bearer ${token}`, revoke };
  }

  /** The console with a token of the robot. */
  async function openAsRobot(path: string) {
    const first = await issueToken();
    const console = await openNew();
    const { page } = console;
    const traffic = trafficOf(page);
    await console.open(path);
    await console.giveToken(first.token);
    await console.settled();
    const dialog = page.getByRole('dialog', { name: 'The cluster does not accept your token any more' });
    return { console, page, first, traffic, dialog };
  }

  async function openList() {
    const opened = await openAsRobot('projects/demo');
    await opened.page.getByText('Fix rounding in the cart').waitFor();
    const { sockets } = opened.traffic;
    await eventually(() => expect(sockets).toEqual([{ isOpen: true, authorization: opened.first.header }]));
    return opened;
  }

  async function rename(page: Page, session: string, displayName: string): Promise<void> {
    await page.getByRole('button', { name: `Actions on ${session}`, exact: true }).click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await page.getByRole('textbox', { name: 'Display name' }).fill(displayName);
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
  }

  it('is asked for once, nothing is sent meanwhile, and the page goes on with the new one', async () => {
    const second = await issueToken();
    const { console, page, first, traffic, dialog } = await openList();
    const { sent, sockets } = traffic;
    await page.clock.install();
    const held = await holdOperations(page, 'MayCreateSession', 'RenameSession');
    await returnToTab(page);
    await rename(page, 'Upgrade the Postgres client', 'Renamed meanwhile');
    await first.revoke();
    await held.send('MayCreateSession');
    await held.answer('RenameSession');
    await dialog.waitFor();
    await eventually(() => expect(sockets.map(({ isOpen }) => isOpen)).toEqual([false]));
    expect(await console.accessibilityFindings()).toEqual([]);

    const before = sent.length;
    for (let minute = 1; minute <= 3; minute += 1) {
      await page.clock.runFor(60_000);
      await atRest(page);
    }
    const form = dialog.getByRole('button', { name: 'Continue' });
    const field = dialog.getByLabel('Token', { exact: true });
    await field.fill('two words');
    await form.click();
    await dialog.getByText('A token has no spaces, and only the characters of ASCII.').waitFor();
    expect(sent.slice(before)).toEqual([]);
    await field.fill('not-of-this-cluster');
    await form.click();
    await dialog.getByRole('alert').getByText('The cluster does not accept your token').waitFor();
    await eventually(async () => expect(await field.inputValue()).toBe(''));
    expect(sent.slice(before)).toEqual([
      { operation: 'Viewer', authorization: 'Bearer not-of-this-cluster' },
    ]);
    expect(sockets).toHaveLength(1);

    await console.giveToken(second.token);
    await held.answer('MayCreateSession');
    await page.getByText('Renamed meanwhile').waitFor();
    await eventually(async () => {
      const { spec } = (await admin.get(`${SESSIONS('demo')}/upgrade-postgres-client`)).body;
      expect(spec.displayName).toBe('Renamed meanwhile');
    });
    await eventually(() =>
      expect(sockets.slice(1)).toEqual([{ isOpen: true, authorization: second.header }]),
    );
    await putSession(admin, 'demo', 'later', { spec: { displayName: 'Made later' } });
    await page.getByText('Made later').waitFor();
    const after = sent.slice(before + 1);
    expect(after.every(({ authorization }) => authorization === second.header)).toBe(true);
    expect(after.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['Viewer', 'RenameSession', 'MayCreateSession']),
    );
    expect(await page.getByRole('dialog').count()).toBe(0);
    const traces = await console.traces();
    for (const { token } of [first, second]) expect(traces).not.toContain(token);
  });

  it('gives way to that of another person, who sees nothing of what the first one did or still does', async () => {
    const { console, page, first, traffic, dialog } = await openList();
    const held = await holdOperations(page, 'CreateSession');
    await page.getByRole('button', { name: 'New session' }).click();
    const form = page.getByRole('dialog', { name: 'New session' });
    await form.getByRole('textbox', { name: 'Prompt' }).fill('A secret of the robot');
    await form.getByRole('button', { name: 'Create session' }).click();
    await held.send('CreateSession');
    await first.revoke();
    await dialog.waitFor();
    await console.giveToken(writ.sandbox.identities.mallory.token);
    await page.getByRole('alert').getByText('You may not see this').waitFor();
    const address = page.url();
    const expectNothing = async () => {
      expect(page.url()).toBe(address);
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(await page.locator('body').innerText()).not.toMatch(/robot|rounding|secret/);
    };
    await expectNothing();
    await held.answer('CreateSession');
    await expectNothing();
    await page.getByRole('button', { name: 'What Writ did' }).click();
    const drawer = page.getByRole('dialog', { name: 'What Writ did' });
    await drawer.getByText('as mallory').first().waitFor();
    expect(await drawer.innerText()).not.toMatch(/robot|mutation/);
    await eventually(() => expect(traffic.sockets.some(({ isOpen }) => isOpen)).toBe(false));
  });

  it('is not sent again when the user returns to the tab, and nothing that waits is sent after another person has come', async () => {
    const { console, page, first, traffic, dialog } = await openAsRobot('projects/demo/members');
    await page.getByRole('button', { name: 'Add a member' }).click();
    const form = page.getByRole('dialog', { name: 'Add a member' });
    await form.getByLabel('Name', { exact: true }).fill('a-friend');
    await first.revoke();
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.waitFor();
    const before = traffic.sent.length;
    await returnToTab(page);
    await atRest(page);
    expect(traffic.sent.slice(before)).toEqual([]);
    await console.giveToken(writ.sandbox.identities.admin.token);
    await page.getByRole('list', { name: 'Members of the project' }).waitFor();
    await console.settled();
    await atRest(page);
    expect(await page.getByRole('dialog').count()).toBe(0);
    const granted = traffic.sent.filter(({ operation }) => operation === 'GrantAccess');
    expect(granted).toEqual([{ operation: 'GrantAccess', authorization: first.header }]);
    const { items } = (await admin.get(RBAC('demo', 'rolebindings'))).body;
    expect(JSON.stringify(items)).not.toContain('a-friend');
  });
});
