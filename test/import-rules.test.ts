import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Which other folders of src/ each folder may import: the table "Modules" of ARCHITECTURE.md. `type:` allows types alone,
 * which are gone when the program runs; a path allows one file.
 */
const ALLOWED = new Map(
  readFileSync('ARCHITECTURE.md', 'utf8')
    .split('## Modules')[1]
    ?.split('\n## ')[0]
    ?.matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|$/gm)
    .map(([, folder = '', allowed = '']) => [folder, allowed.split(',').map((name) => name.trim())]),
);

interface Import {
  file: string;
  /** The importing file's folder below src/, or its name for a file in src/ itself. */
  from: string;
  target: string;
  targetFile: string;
  isType: boolean;
  isDynamic: boolean;
}

const files = globSync('src/**/*.ts');
const imports = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(\{[^}]*\}|[^'"{]*?)\s*(?:from\s+)?['"](\.[^'"]+)['"]/gm,
  );
  const dynamic = text.matchAll(/import\((?:)()()['"](\.[^'"]+)['"]\)/g);
  return [...statements, ...dynamic].map(([statement, type, names = '', specifier = '']): Import => {
    const targetFile = relative('.', join(dirname(file), specifier));
    const named = /^\{([^}]*)\}$/s
      .exec(names)?.[1]
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const isType = Boolean(type) || named?.every((name) => name.startsWith('type ')) === true;
    const isDynamic = statement.startsWith('import(');
    return { file, from: folderOf(file), target: folderOf(targetFile), targetFile, isType, isDynamic };
  });
});

function folderOf(file: string): string {
  return (relative('src', file).split('/')[0] ?? '').replace(/\.ts$/, '');
}

function isAllowed({ from, target, targetFile, isType }: Import): boolean {
  if (from === target || target.startsWith('..')) return true;
  const allowed = ALLOWED.get(from) ?? [];
  return (
    allowed.includes(target) ||
    allowed.includes(relative('src', targetFile)) ||
    (isType && allowed.includes(`type:${target}`))
  );
}

/** Files that import each other, directly or through others: each cycle as a chain of files. */
function cycles(): string[] {
  const targets = Map.groupBy(imports, ({ file }) => file);
  const done = new Set<string>();
  const found: string[] = [];
  function visit(file: string, chain: string[]): void {
    if (chain.includes(file)) found.push([...chain.slice(chain.indexOf(file)), file].join(' -> '));
    if (done.has(file) || chain.includes(file)) return;
    for (const { targetFile } of targets.get(file) ?? []) visit(targetFile, [...chain, file]);
    done.add(file);
  }
  for (const file of files) visit(file, []);
  return found;
}

/** All files that are loaded with this one; those that it can load later, only if these are wanted. */
function loadedWith(file: string, { later = true } = {}, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  for (const { targetFile, isType, isDynamic } of imports.filter((each) => each.file === file)) {
    if (!isType && (later || !isDynamic)) loadedWith(targetFile, { later }, loaded);
  }
  return loaded;
}

function filesThatMatch(pattern: RegExp): string[] {
  return files.filter((file) => pattern.test(readFileSync(file, 'utf8'))).sort();
}

describe('imports', () => {
  it('are found', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('cover every folder of src/', () => {
    expect([...new Set(files.map(folderOf))].sort()).toEqual([...ALLOWED.keys()].sort());
  });

  it('stay within what each folder may import', () => {
    const wrong = imports.filter((each) => !isAllowed(each));
    expect(wrong.map(({ file, targetFile }) => `${file} -> ${targetFile}`)).toEqual([]);
  });

  it('form no cycles, imports of types included', () => {
    expect(cycles()).toEqual([]);
  });

  it('reach the backend cluster and the issuer of Writs from authorization/ alone', () => {
    const guarded = ['src/authorization/backend-cluster.ts', 'src/authorization/writ.ts'];
    const outside = imports.filter(
      ({ from, targetFile, isType }) => guarded.includes(targetFile) && from !== 'authorization' && !isType,
    );
    expect(outside.map(({ file }) => file)).toEqual([]);
  });

  it('give resolvers and loaders the interface for reads and not the class behind it', () => {
    const importers = imports.filter(
      ({ from, targetFile }) =>
        from === 'graphql' && /kubernetes\/(user-cluster|transport|calls)\.ts$/.test(targetFile),
    );
    expect(importers.map(({ file }) => file)).toEqual(['src/graphql/context.ts']);
  });

  it('take a token out of its UserToken in the user cluster, and its digest where something is kept by token', () => {
    expect(filesThatMatch(/UserToken\.(authorizationOf|digestOf)/)).toEqual([
      'src/authorization/authenticator.ts',
      'src/authorization/review-cache.ts',
      'src/kubernetes/user-cluster.ts',
      'src/live/permissions.ts',
      'src/mirror/mirrors.ts',
    ]);
  });

  it('read process.env in config/ alone', () => {
    expect(filesThatMatch(/process\.env/)).toEqual(['src/config/config.ts', 'src/config/trigger-config.ts']);
  });

  it('create a BackendCluster where Writs are issued, after a review', () => {
    expect(filesThatMatch(/new BackendCluster\(/)).toEqual([
      'src/authorization/authorize-owner.ts',
      'src/authorization/authorize.ts',
    ]);
  });

  it("review another user's rights in the name of a calling schedule alone", () => {
    expect(filesThatMatch(/\.reviewOwner\(/)).toEqual(['src/authorization/authorize-owner.ts']);
    expect(filesThatMatch(/new CallingSchedule\(/)).toEqual(['src/authorization/calling-schedule.ts']);
  });

  it.each([
    ['main.ts', 'authorization commands controller graphql http live sandbox sessions'],
    ['commands/serve.ts', 'controller sandbox verification'],
    ['commands/controller.ts', 'graphql live sandbox verification'],
    ['commands/trigger.ts', 'authorization controller graphql http live sandbox sessions verification'],
    ['commands/verify.ts', 'authorization config controller graphql http live kubernetes sandbox sessions'],
  ])('load nothing at the start of %s that it does not need', (file, folders) => {
    const loaded = [...loadedWith(`src/${file}`, { later: false })];
    expect(loaded.filter((each) => folders.split(' ').includes(folderOf(each)))).toEqual([]);
    const packages = loaded.filter((each) =>
      /(?:^import|from) '(@opentelemetry\/|@graphql-yoga\/render-graphiql)/m.test(readFileSync(each, 'utf8')),
    );
    expect(packages).toEqual([]);
  });

  it('load no GraphQL with the controller', () => {
    const loaded = [...loadedWith('src/commands/controller.ts')];
    expect(loaded.filter((file) => /^src\/(graphql|http\/(server|plugins))/.test(file))).toEqual([]);
    const libraries = loaded.filter((file) =>
      /from '(graphql|graphql-yoga|@pothos\/[\w-]+)'/.test(readFileSync(file, 'utf8')),
    );
    expect(libraries).toEqual([]);
  });

  it("load OpenTelemetry's libraries with tracing, and tracing only if it is on", () => {
    const withLibraries = filesThatMatch(/from '@opentelemetry\//);
    expect(withLibraries.filter((file) => !file.startsWith('src/telemetry/tracing/'))).toEqual([]);
    const importers = imports.filter(
      ({ file, targetFile, isType }) =>
        withLibraries.includes(targetFile) && !isType && !withLibraries.includes(file),
    );
    expect(importers.map(({ file, isDynamic }) => [file, isDynamic])).toEqual([
      ['src/commands/tracing.ts', true],
    ]);
  });
});
