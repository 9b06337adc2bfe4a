import { describe, expect, it } from 'vitest';
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

  it('are accessible', async () => {
    const console = await open('alice');
    await console.settled();
    expect(await console.accessibilityFindingsEverywhere()).toEqual([]);
  });
});
