import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toYaml } from '../../console/src/session/yaml.ts';
import { SESSIONS } from '../support/objects.ts';
import { allow, putEvent, putJob, putPod, putProject, putSession } from '../support/put-objects.ts';
import { chromium, startConsole } from './fixture.ts';

describe.skipIf(!chromium)('a session in the console', () => {
  const { writ, open } = startConsole({ reviews: { allowMs: 0, denyMs: 0 } });
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, 'shop');
    const condition = {
      type: 'RunHealthy',
      status: 'False',
      reason: 'ImagePullFailed',
      message: "The runner's image cannot be pulled",
      lastTransitionTime: new Date(Date.now() - 120_000).toISOString(),
    };
    const stuck = await putSession(admin, 'shop', 'stuck', {
      metadata: { annotations: { note: '<img src=x onerror=alert(1)>' } },
      spec: {
        displayName: '<b>Stuck</b>',
        repos: [{ url: 'javascript:alert(1)' }],
        llmSettings: { temperature: 0, maxTokens: 4000 },
      },
      status: { phase: 'Creating', conditions: [condition] },
    });
    const waiting = {
      name: 'runner',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'ImagePullBackOff' } },
    };
    const pod = await putPod(admin, await putJob(admin, stuck), {
      status: { phase: 'Pending', containerStatuses: [waiting] },
    });
    await putEvent(admin, pod, { type: 'Warning', reason: 'Failed', message: 'no <i>image</i>', count: 3 });
    await putSession(admin, 'shop', 'doomed');
  });

  it('that cannot start says why, and everywhere shows what others wrote as text', async () => {
    const console = await open('alice', 'projects/shop/sessions/stuck');
    const { page } = console;
    const why = "It cannot start: The runner's image cannot be pulled (ImagePullBackOff)";
    await page.getByRole('status').filter({ hasText: why }).waitFor();
    await page.getByRole('heading', { level: 1, name: '<b>Stuck</b>' }).waitFor();
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    const facts = page.getByRole('region', { name: 'Session', exact: true });
    expect(await facts.innerText()).toMatch(/Temperature\s+0\s+Tokens of a response\s+4000/);
    expect(await page.getByText('javascript:alert(1)').evaluate((element) => element.tagName)).toBe('SPAN');
    await console.settled();
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
    await page.getByRole('link', { name: 'Pods and events' }).click();
    await page.getByRole('list', { name: 'Containers' }).getByText('waiting · ImagePullBackOff').waitFor();
    await page.getByRole('list', { name: 'Events' }).getByText('no <i>image</i>').waitFor();
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
    await page.getByRole('link', { name: 'YAML' }).click();
    const yaml = page.getByRole('region', { name: 'YAML of the session' });
    const shown = parse((await yaml.textContent()) ?? '');
    expect(shown).toMatchObject({ kind: 'AgenticSession', spec: { displayName: '<b>Stuck</b>' } });
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
  });

  it('that has failed says what another operator has noted of it', async () => {
    const { page } = await open('victor', 'projects/demo/sessions/migrate-ci');
    await page
      .getByRole('status')
      .filter({ hasText: 'Its run has failed: The run took longer than 600 s.' })
      .waitFor();
  });

  it('is shown as soon as there is one', async () => {
    const { page } = await open('alice', 'projects/shop/sessions/awaited');
    await page.getByText('There is no such session').waitFor();
    await putSession(admin, 'shop', 'awaited', { spec: { displayName: 'Awaited' } });
    await page.getByRole('heading', { level: 1, name: 'Awaited' }).waitFor();
  });

  it('is followed again on demand by somebody who may watch it by now', async () => {
    const sessions = { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'] };
    await allow(admin, 'shop', 'mallory', [{ ...sessions, verbs: ['get'] }]);
    const { page } = await open('mallory', 'projects/shop/sessions/stuck');
    const notice = page.getByRole('status').filter({ hasText: 'This page does not change by itself' });
    await notice.waitFor();
    await allow(admin, 'shop', 'mallory', [{ ...sessions, verbs: ['list', 'watch'] }]);
    await notice.getByRole('button', { name: 'Read again' }).click();
    await notice.waitFor({ state: 'detached' });
    const type = { 'content-type': 'application/merge-patch+json' };
    const change = { spec: { displayName: 'Changed' } };
    await admin.must('PATCH', `${SESSIONS('shop')}/stuck`, change, type);
    await page.getByRole('heading', { level: 1, name: 'Changed' }).waitFor();
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByText('Changed').waitFor();
    await admin.must('PATCH', `${SESSIONS('shop')}/stuck`, { spec: { displayName: '<b>Stuck</b>' } }, type);
  });

  it('leaves no dialog behind when the user goes back', async () => {
    const { page } = await open('alice', 'projects/shop');
    await page.getByRole('grid').getByRole('link', { name: 'doomed' }).click();
    await page.getByRole('heading', { level: 1, name: 'doomed' }).waitFor();
    const breadcrumb = page.getByRole('navigation', { name: 'Breadcrumb' });
    expect(await breadcrumb.locator('[aria-current=page]').allTextContents()).toEqual(['doomed']);
    await page.getByRole('button', { name: /^Actions on/ }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rename doomed' });
    await dialog.waitFor();
    await page.goBack();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('grid').waitFor();
  });

  it('says when it was deleted, and offers the others', async () => {
    const { page } = await open('alice', 'projects/shop/sessions/doomed');
    await page.getByText('It was not started').waitFor();
    await admin.must('DELETE', `${SESSIONS('shop')}/doomed`);
    await page.getByText('This session was deleted').waitFor();
    const link = page.getByRole('link', { name: 'All sessions of the project' });
    expect(await link.getAttribute('href')).toBe('/console/projects/shop');
  });

  it('can be read by a viewer, who is told what each action takes', async () => {
    const { page } = await open('victor', 'projects/shop/sessions/stuck');
    await page.getByRole('button', { name: /^Actions on/ }).click();
    await page
      .getByRole('menuitem', { name: /^Delete/ })
      .getByText('It needs the role admin')
      .waitFor();
  });
});

describe('an object as YAML', () => {
  it.each([
    ['nothing', [null, [], {}, '']],
    ['numbers and words that could be others', { yes: 'yes', 1: '1', a: 1.5, b: 'null', c: '2026-01-01' }],
    ['collections in each other', { a: [[1, [2]], { b: [{ c: {} }] }], d: { e: { f: ['g'] } } }],
    ['several lines', { a: 'one\ntwo', b: 'one\n\n two\n', c: 'one\n\n\n', d: ' one\ntwo', e: ['x\ny'] }],
    ['what is not shown', { 'a: b': 'x\u202ey\u001b[0m\u{e0001}', '# c': '\tx\r\ny', d: '- e', f: 'g #h' }],
  ])('has %s as it was', (_, value) => {
    expect(parse(toYaml(value))).toEqual(value);
  });
});
