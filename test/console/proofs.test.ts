import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { HOSTILE, putHostileProject, SHOWN } from '../support/hostile-project.ts';
import { PEOPLE } from '../support/test-cluster.ts';
import { chromium, startConsole } from './fixture.ts';
import { expectNoAttack, routesOf } from './routes.ts';

describe.skipIf(!chromium)('every page of the console', () => {
  const { writ, open, check } = startConsole({ environment: SCHEDULE_SETTINGS });
  beforeAll(() => putHostileProject(writ.kubernetes('admin')));

  it.for(PEOPLE)('keeps what it knows to itself, and works without errors: %s', async (who) => {
    const console = await open(who);
    for await (const path of routesOf(console, 'demo')) await check(console, path);
  });

  it('is accessible in light and dark, on a desktop and a phone', async () => {
    const console = await open('alice');
    const found: string[] = [];
    for await (const path of routesOf(console, 'demo'))
      for (const finding of await console.accessibilityFindingsEverywhere())
        found.push(`${path}: ${finding}`);
    expect(found).toEqual([]);
  });

  it('is accessible where nothing may be read', async () => {
    const console = await open('mallory');
    const found: string[] = [];
    for await (const path of routesOf(console, 'demo'))
      for (const finding of await console.accessibilityFindings()) found.push(`${path}: ${finding}`);
    expect(found).toEqual([]);
  });

  it('shows what tenants write as text', async () => {
    const console = await open('admin');
    let shown = 0;
    for await (const path of routesOf(console, HOSTILE.project)) {
      await expectNoAttack(console);
      await check(console, path);
      shown += (await console.page.locator('body').innerText()).split(SHOWN).length - 1;
    }
    expect(shown).toBeGreaterThan(0);
  });
});
