import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { chromium, startConsole } from './fixture.ts';

const COUNT = 5_000;
const nameOf = (index: number) => `session-${String(index).padStart(4, '0')}`;

describe.skipIf(!chromium)('5,000 sessions in the console', () => {
  const { writ, open } = startConsole();

  beforeAll(async () => {
    const admin = writ.sandbox.as('admin');
    await putProject(admin, 'many');
    for (let from = 0; from < COUNT; from += 100) {
      const names = Array.from({ length: 100 }, (_, index) => nameOf(from + index));
      await Promise.all(names.map((name) => putSession(admin, 'many', name)));
    }
  });

  it('are read page by page while somebody scrolls, and stay current', async () => {
    const { page } = await open('alice', 'projects/many?order=name');
    const admin = writ.sandbox.as('admin');
    const grid = page.getByRole('grid', { name: 'Sessions of the project' });
    await grid.getByRole('link', { name: nameOf(0) }).waitFor();
    await page.getByText('5000 sessions').waitFor();
    expect(await grid.getByRole('row').count()).toBeLessThan(60);

    // It is behind what was read, and its page is of the moment before it.
    await putSession(admin, 'many', 'session-2500a', { spec: { displayName: 'A new one' } });
    await page.getByText('5001 sessions').waitFor();
    const toTheEnd = () => grid.evaluate((viewport) => viewport.scrollTo(0, viewport.scrollHeight));
    await eventually(async () => {
      await toTheEnd();
      expect(await grid.getByRole('link', { name: nameOf(COUNT - 1) }).count()).toBe(1);
    });
    expect(await grid.getByRole('row').count()).toBeLessThan(60);
    expect(await grid.getAttribute('aria-rowcount')).toBe('5002');

    await grid.evaluate((viewport) => viewport.scrollTo(0, 2_500 * 57));
    await grid.getByRole('link', { name: 'A new one' }).waitFor();
    await admin.must('DELETE', `${SESSIONS('many')}/session-2500a`);
    await grid.getByRole('link', { name: 'A new one' }).waitFor({ state: 'detached' });
    await page.getByText('5000 sessions').waitFor();
  });

  it('of another search are not touched by a page that comes too late', async () => {
    const { page } = await open('alice', 'projects/many?order=name');
    const admin = writ.sandbox.as('admin');
    const grid = page.getByRole('grid', { name: 'Sessions of the project' });
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await page.route('**/graphql', async (route) => {
      if (!/"after":"/.test(route.request().postData() ?? '')) return route.fallback();
      asked.resolve();
      await answer.promise;
      await route.continue();
    });
    await grid.getByRole('link', { name: nameOf(0) }).waitFor();
    await grid.evaluate((viewport) => viewport.scrollTo(0, viewport.scrollHeight));
    await asked.promise;
    await page.getByRole('searchbox', { name: 'Search sessions' }).fill('session-49');
    await page.getByText('100 sessions', { exact: true }).waitFor();
    const answered = page.waitForResponse((response) =>
      /"after":"/.test(response.request().postData() ?? ''),
    );
    answer.resolve();
    await (await answered).finished();
    const last = `${SESSIONS('many')}/${nameOf(4_999)}`;
    await admin.must(
      'PATCH',
      last,
      { spec: { displayName: 'session-49 renamed' } },
      { 'content-type': 'application/merge-patch+json' },
    );
    await grid.evaluate((viewport) => viewport.scrollTo(0, viewport.scrollHeight));
    await grid.getByRole('link', { name: 'session-49 renamed' }).waitFor();
    await page.getByText('100 sessions', { exact: true }).waitFor();
  });
});
