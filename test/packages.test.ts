import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';

const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Not in the image: .dockerignore leaves the folder out. */
const SANDBOX = /^src\/(sandbox\/|commands\/sandbox)/;

/** The packages that these files need when they run: imports of types alone are gone by then. */
function packagesOf(files: string[]): string[] {
  const names = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const statements = text.matchAll(/^import\s+(type\s)?([^'";]*?)\s+from\s+'([^'.][^']*)'/gm);
    const dynamic = text.matchAll(/import\(()()'([^'.][^']*)'\)/g);
    return [...statements, ...dynamic].flatMap(([, type, imported = '', specifier = '']) => {
      const named = /^\{([^}]*)\}$/s
        .exec(imported)?.[1]
        ?.split(',')
        .map((name) => name.trim());
      const isType = type || named?.filter(Boolean).every((name) => name.startsWith('type '));
      if (isType || isBuiltin(specifier)) return [];
      return [
        specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/'),
      ];
    });
  });
  return [...new Set(names)].sort();
}

describe('the packages', () => {
  const files = globSync('src/**/*.ts');

  it('of the image are those that the server imports, and no others', () => {
    const needed = packagesOf(files.filter((file) => !SANDBOX.test(file)));
    expect(needed).toEqual(Object.keys(dependencies).sort());
  });

  it('of the sandbox are installed with the development dependencies', () => {
    const installed = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
    expect(packagesOf(files).filter((name) => !installed.has(name))).toEqual([]);
  });
});
