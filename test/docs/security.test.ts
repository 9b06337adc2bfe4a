import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('SECURITY.md names tests that exist', () => {
  const threats = readFileSync('SECURITY.md', 'utf8').split('## Threats')[1] ?? '';
  const named = [...threats.matchAll(/`([\w/-]+(?:\.cluster)?\.test\.ts|browser\/)`/g)].map(
    ([, path = '']) => path,
  );
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(`test/${path}`))).toEqual([]);
});
