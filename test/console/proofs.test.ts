import { beforeAll, describe, expect, it } from 'vitest';
import { CREATE_SCHEDULES, SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { PEOPLE } from '../support/test-cluster.ts';
import { chromium, startConsole } from './fixture.ts';
import { kindOf, kindsOfRoutes, routesOf } from './routes.ts';

describe.skipIf(!chromium)('every page of the console', () => {
  const { writ, open, check } = startConsole({ environment: SCHEDULE_SETTINGS });
  beforeAll(() => writ.as('alice', CREATE_SCHEDULES));

  it.for(PEOPLE)('keeps what it knows to itself, and works without errors: %s', async (who) => {
    const console = await open(who);
    const kinds: string[] = [];
    for await (const path of routesOf(console, 'demo')) {
      await check(console, path);
      kinds.push(kindOf(path));
    }
    if (who !== 'mallory') expect(kinds.sort()).toEqual(kindsOfRoutes());
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
});
