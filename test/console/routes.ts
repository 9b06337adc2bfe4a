import { readFileSync } from 'node:fs';
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
export function kindOf(path: string): string {
  const parts = path.replace(/[?#].*$/, '').split('/');
  return parts.map((part, index) => (index % 2 === 1 ? ':name' : part)).join('/');
}

/** Those of all routes that the console has, in order. */
export function kindsOfRoutes(): string[] {
  const paths = readFileSync('console/src/app/routes.tsx', 'utf8').matchAll(/\bpath: '([^']*)'/g);
  // The list of projects, and the pages of one.
  return ['', ...[...paths].map(([, path = '']) => kindOf(`projects/:project${path}`))].sort();
}

/** Fails if a script that a tenant wrote has run, or an element or address that it wrote could be one. */
export async function expectNoAttack({ page }: ConsolePage): Promise<void> {
  await eventually(async () => expect(await page.evaluate(() => 'attacked' in window)).toBe(false));
  const dangerous = await page.evaluate(() => {
    const attributes = [...document.querySelectorAll('*')].flatMap((element) =>
      [...element.attributes].map(({ name, value }) => ({ element: element.localName, name, value })),
    );
    return attributes.filter(({ name, value }) => {
      if (/^on|^srcdoc$/i.test(name) || (name === 'src' && value === 'x')) return true;
      // As the browser reads it, which leaves out tabs and line breaks.
      const isAddress = /^(.*:)?(href|src|action|formaction|data)$/i.test(name);
      const protocol = isAddress && URL.parse(value, document.baseURI)?.protocol;
      return protocol && !/^(https?|blob):$/.test(protocol);
    });
  });
  expect(dangerous).toEqual([]);
}
