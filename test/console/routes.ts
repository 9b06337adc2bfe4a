import { expect } from 'vitest';
import type { ConsolePage } from '../support/console-page.ts';
import { eventually } from '../support/eventually.ts';

/** The pages of a project, and one page for each kind of object in it, as its links lead there. */
export async function* routesOf(console: ConsolePage, project: string): AsyncGenerator<string> {
  const known = new Set<string>();
  const waiting = ['', `projects/${project}`];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (known.has(kindOf(path))) continue;
    known.add(kindOf(path));
    await console.open(path);
    await console.settled();
    waiting.push(...(await linksOf(console)).filter((link) => link.startsWith(`projects/${project}`)));
    yield path;
  }
}

/** Paths in the console, of links and of rows that are links. */
async function linksOf({ page, url }: ConsolePage): Promise<string[]> {
  const links = await page
    .locator('[href], [data-href]')
    .evaluateAll((elements) =>
      elements.map((element) => element.getAttribute('data-href') ?? element.getAttribute('href') ?? ''),
    );
  const { pathname } = new URL(url);
  return links.filter((link) => link.startsWith(pathname)).map((link) => link.slice(pathname.length));
}

/** Every second part of a path is a name: `projects/demo/sessions/one` and `projects/demo/sessions/two` are of a kind. */
function kindOf(path: string): string {
  const parts = path.replace(/[?#].*$/, '').split('/');
  return parts.map((part, index) => (index % 2 === 1 ? ':name' : part)).join('/');
}

/** Fails if a script that a tenant wrote has run, or an address that it wrote could be one. */
export async function expectNoAttack({ page }: ConsolePage): Promise<void> {
  await eventually(async () => expect(await page.evaluate(() => 'attacked' in window)).toBe(false));
  const dangerous = await page
    .locator('a, area, iframe, img, script, object, embed, form')
    .evaluateAll((elements) =>
      elements
        .flatMap((element) => [...element.attributes].map(({ name, value }) => `${name}=${value}`))
        .filter((attribute) => /^(on\w+=|\w+=\s*(javascript|data:text|vbscript))|^src=x$/i.test(attribute)),
    );
  expect(dangerous).toEqual([]);
}
