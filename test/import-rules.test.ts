import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * What each room of the house may import. `type:` is for types alone, which are gone when the program runs.
 * The composition root (main, app, context, server, config) may import all.
 */
const ALLOWED: Record<string, string[]> = {
  errors: [],
  kubernetes: ['errors'],
  authorization: ['errors', 'kubernetes'],
  sessions: ['errors', 'kubernetes', 'type:authorization'],
  graphql: ['errors', 'kubernetes', 'sessions', 'type:authorization'],
  controller: ['errors', 'kubernetes', 'sessions', 'type:authorization'],
  plugins: ['errors', 'logger', 'type:context'],
  logger: [],
  server: ['errors', 'logger', 'plugins'],
  'admin-server': ['errors', 'logger'],
  'request-token': ['errors', 'kubernetes'],
  sandbox: [],
};
const COMPOSITION_ROOT = [
  'main',
  'app',
  'controller-app',
  'context',
  'config',
  'version',
  'playground-operations',
];

interface Import {
  file: string;
  from: string;
  target: string;
  targetFile: string;
  isType: boolean;
}

const imports = globSync('src/**/*.ts').flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(\{[^}]*\}|[^'"{]*?)\s*(?:from\s+)?['"](\.[^'"]+)['"]/gm,
  );
  const dynamic = text.matchAll(/import\((?:)()()['"](\.[^'"]+)['"]\)/g);
  return [...statements, ...dynamic].map(([, type, names = '', specifier = '']): Import => {
    const targetFile = relative('.', join(dirname(file), specifier));
    const named = /^\{([^}]*)\}$/s
      .exec(names)?.[1]
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const isType = Boolean(type) || named?.every((name) => name.startsWith('type ')) === true;
    return { file, from: roomOf(file), target: roomOf(targetFile), targetFile, isType };
  });
});

function roomOf(file: string): string {
  return (relative('src', file).split('/')[0] ?? '').replace(/\.ts$/, '');
}

describe('imports', () => {
  it('are found at all', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('stay within the allowed rooms', () => {
    const wrong = imports.filter(({ from, target, isType }) => {
      if (from === target || COMPOSITION_ROOT.includes(from) || target.startsWith('..')) return false;
      const allowed = ALLOWED[from];
      return !(allowed?.includes(target) || (isType && allowed?.includes(`type:${target}`)));
    });
    expect(wrong.map(({ file, targetFile }) => `${file} -> ${targetFile}`)).toEqual([]);
  });

  it('reach the backend cluster and what issues a Writ from the guard alone', () => {
    const secret = ['src/authorization/backend-cluster.ts', 'src/authorization/writ.ts'];
    const outside = imports.filter(
      ({ from, targetFile, isType }) => secret.includes(targetFile) && from !== 'authorization' && !isType,
    );
    expect(outside.map(({ file }) => file)).toEqual([]);
  });

  it('take a token out of its UserToken in the way to the cluster and the review cache alone', () => {
    const takers = globSync('src/**/*.ts').filter((file) =>
      /UserToken\.(authorizationOf|digestOf)/.test(readFileSync(file, 'utf8')),
    );
    expect(takers.sort()).toEqual(['src/authorization/read-reviews.ts', 'src/kubernetes/user-cluster.ts']);
  });

  it('read process.env in config.ts alone', () => {
    const readers = globSync('src/**/*.ts').filter((file) => /process\.env/.test(readFileSync(file, 'utf8')));
    expect(readers).toEqual(['src/config.ts']);
  });

  it('make a BackendCluster in one place', () => {
    const makers = globSync('src/**/*.ts').filter((file) =>
      /new BackendCluster\(/.test(readFileSync(file, 'utf8')),
    );
    expect(makers).toEqual(['src/authorization/authorize.ts']);
  });
});
