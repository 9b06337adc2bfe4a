import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';

/** The names of all settings, which the error about an unknown one lists. */
function settings(): string[] {
  try {
    readConfig({ WRIT_UNKNOWN: 'x' });
  } catch (error) {
    return [...new Set((error as Error).message.match(/WRIT_(?!UNKNOWN\b)[A-Z_]+/g))];
  }
  throw new Error('An unknown setting was accepted');
}

const textOf = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

it('README.md has each setting, and no other', () => {
  const named = textOf('README.md').match(/`(WRIT_[A-Z_]+)`/g) ?? [];
  expect(new Set(named)).toEqual(new Set(settings().map((name) => `\`${name}\``)));
});

it('docs/limits.md has each limit that can be set', () => {
  const limits = settings().filter((name) =>
    /_(CALLS|REQUESTS|BYTES|BYTES_READ|BYTES_KEPT|LIMIT|COMPLEXITY)$/.test(name),
  );
  expect(limits.length).toBeGreaterThan(10);
  expect(limits.filter((name) => !textOf('docs/limits.md').includes(`\`${name}\``))).toEqual([]);
});
