import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { chromium, startConsole } from './fixture.ts';

describe.skipIf(!chromium)('the projects in the console', () => {
  const { open } = startConsole();

  it('are those of the person, who can be changed at any time', async () => {
    const console = await open('alice');
    const { page } = console;
    const projects = page.getByRole('list', { name: 'Projects, newest first' });
    await projects.getByRole('link', { name: 'demo' }).waitFor();
    await console.become('mallory');
    await page.getByText('There are no projects for you yet').waitFor();
    expect(await projects.count()).toBe(0);
    await console.become('alice');
    await projects.getByRole('link', { name: 'demo' }).waitFor();
  });

  it('show on a phone which of their pages is open', async () => {
    const { page } = await open('alice', 'projects/demo/settings', { viewport: { width: 360, height: 740 } });
    const navigation = page.getByRole('navigation', { name: 'Pages of the project' });
    const isInView = async (name: string) => {
      const box = await navigation.getByRole('link', { name }).boundingBox();
      return box !== null && box.x >= 0 && box.x + box.width <= 360;
    };
    await eventually(async () => expect(await isInView('Settings')).toBe(true));
    expect(await isInView('Sessions')).toBe(false);
  });

  it('are accessible', async () => {
    const console = await open('alice');
    await console.settled();
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
  });
});
