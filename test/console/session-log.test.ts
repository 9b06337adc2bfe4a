import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { LogBuffer } from '../../console/src/session/logs/log-buffer.ts';
import { putJob, putPod, putProject, putSession } from '../support/put-objects.ts';
import { chromium, startConsole } from './fixture.ts';

const ESC = '\x1b[';

describe.skipIf(!chromium)('the log of a session in the console', () => {
  const { writ, open } = startConsole();
  const admin = writ.kubernetes('admin');
  let pod = '';
  const print = (text: string | Uint8Array) => writ.sandbox.logs?.append(pod, 'runner', text);

  beforeAll(async () => {
    await putProject(admin, 'shop');
    const session = await putSession(admin, 'shop', 'chatty', { status: { phase: 'Running' } });
    const lastState = { terminated: { exitCode: 1 } };
    const running = { name: 'runner', ready: true, restartCount: 1, state: { running: {} }, lastState };
    const created = await putPod(admin, await putJob(admin, session), {
      status: { phase: 'Running', containerStatuses: [running] },
    });
    pod = created.metadata.uid;
    print('from before');
    writ.sandbox.logs?.restart(pod, 'runner');
    for (let number = 1; number <= 3_000; number += 1) print(`line ${number} of many`);
    print(`${ESC}1;31mred${ESC}0m ${ESC}38;5;27mblue${ESC}39m ${ESC}48;2;0;90;0mgreen${ESC}m plain`);
    print(`<script>alert(1)</script>${ESC}2J\x07`);
    print(Uint8Array.from({ length: 256 }, (_, index) => index).filter((byte) => byte !== 10));
    print(`start ${'long '.repeat(10_000)}`);
    print('the last line');
  });

  const openLog = () => open('victor', 'projects/shop/sessions/chatty?part=logs');

  it('is shown in colours and as text, whatever was printed, and can be read by everybody', async () => {
    const console = await openLog();
    const { page } = console;
    const log = page.getByRole('region', { name: 'Log', exact: true });
    await log.getByText('the last line').waitFor();
    // The line before is many times as high as the window.
    await page.getByRole('button', { name: 'Wrap lines' }).click();
    await log.getByText('<script>alert(1)</script>').waitFor();
    const styles = await log.getByText('red', { exact: true }).evaluate((element) => {
      const { color, fontWeight } = getComputedStyle(element);
      return { isColored: color !== getComputedStyle(document.body).color, fontWeight };
    });
    expect(styles).toEqual({ isColored: true, fontWeight: '700' });
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
  });

  it('has times of the time zone of the browser', async () => {
    const timezoneId = 'Asia/Kolkata';
    const { page } = await open('victor', 'projects/shop/sessions/chatty?part=logs', { timezoneId });
    await page.getByText('the last line').waitFor();
    await page.getByRole('button', { name: 'Times' }).click();
    const time = page.getByRole('region', { name: 'Log', exact: true }).locator('time').last();
    await time.waitFor();
    const at = new Date((await time.getAttribute('datetime')) ?? '');
    const shown = (await time.textContent()) ?? '';
    expect(shown).toContain(at.toLocaleTimeString('en-GB', { timeZone: timezoneId }));
    expect(shown).toMatch(/\.\d{3}$/);
  });

  it('follows new lines, and does not while one reads earlier ones', async () => {
    const { page } = await openLog();
    const log = page.getByRole('region', { name: 'Log', exact: true });
    await log.getByText('the last line').waitFor();
    print('a newer line');
    await log.getByText('a newer line').waitFor();
    await log.focus();
    await page.keyboard.press('Home');
    await log.getByText('line 1 of many', { exact: true }).waitFor();
    print('the newest line');
    await page.getByText('Paused').waitFor();
    await page.getByText('3,007 lines').waitFor();
    expect(await log.getByText('line 1 of many', { exact: true }).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Follow' }).click();
    await log.getByText('the newest line').waitFor();
    await page.getByText('Following').waitFor();
    for (let number = 1; number <= 1_000; number += 1) print(`flood ${number}`);
    await log.getByText('flood 1000').waitFor();
    await page.getByText('Following').waitFor();
  });

  it('is searched, and downloaded as text', async () => {
    const { page } = await openLog();
    const log = page.getByRole('region', { name: 'Log', exact: true });
    await page.getByText('Following').waitFor();
    const search = page.getByRole('searchbox', { name: 'Search the log' });
    await search.fill('LINE 100');
    await page.getByText('11 lines match').waitFor();
    await search.press('Enter');
    await page.getByText('1 of 11').waitFor();
    await log.locator('mark', { hasText: 'line 100' }).first().waitFor();
    await page.getByRole('button', { name: 'Previous match' }).click();
    await page.getByText('11 of 11').waitFor();
    await log.getByText('line 1009 of many').waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe('chatty.log');
    const text = await readFile(await saved.path(), 'utf8');
    expect(text).toContain('line 3000 of many\nred blue green plain\n<script>alert(1)</script>\n');
  });

  it('of one pod can be that before its restart', async () => {
    const { page } = await openLog();
    await page.getByRole('button', { name: /Which log/ }).click();
    await page.getByRole('option', { name: /session-/ }).click();
    await page.getByRole('button', { name: 'Container' }).click();
    await page.getByRole('option', { name: 'runner, before its restart' }).click();
    await page.getByText('from before').waitFor();
    await page.getByText('1 line', { exact: true }).waitFor();
  });
});

describe('the lines that are kept of a log', () => {
  const line = (number: number) => ({ text: `${number}`, timestamp: `t${number}`, pod: 'a' });
  const textsOf = ({ entries }: LogBuffer) => entries.map(({ plain }) => plain);

  it('are the newest ones', () => {
    const buffer = new LogBuffer(10);
    for (let number = 1; number <= 11; number += 1) buffer.append([line(number)]);
    expect(textsOf(buffer)).toEqual(['3', '4', '5', '6', '7', '8', '9', '10', '11']);
    expect(buffer.dropped).toBe(2);
  });

  it('have none twice after the log was resumed, and say what was skipped', () => {
    const buffer = new LogBuffer();
    const same = { text: 'same', timestamp: 't2', pod: 'a' };
    buffer.append([line(1), same, same]);
    expect(buffer.resume()).toBe('t2');
    buffer.append([same, same, same, line(3)], 2);
    const skipped = '2 lines were skipped here, because they came too fast';
    expect(textsOf(buffer)).toEqual(['1', 'same', 'same', skipped, 'same', '3']);
  });
});
