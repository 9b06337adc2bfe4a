import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { BUILT_CONSOLE, type BuiltConsole } from '../src/http/console/built-console.ts';

const checkout = fileURLToPath(new URL('../', import.meta.url));
/** All that the build reads, but for packages, which the lock file names. */
const SOURCES = [
  'console/{index.html,*.ts,tsconfig.json}',
  'console/src/**/*',
  'examples/apollo/*.ts',
  'src/live/terminal-text.ts',
  'src/model/labels-and-annotations.ts',
  'schema/possible-types.json',
  'package-lock.json',
];

/**
 * Builds the console into the one file that Writ reads.
 *
 * @param onlyIfChanged what is built is left as it is, if it was built from the same sources
 * @returns whether it was built
 */
export async function buildConsole({ onlyIfChanged = false } = {}): Promise<boolean> {
  const digest = digestOfSources();
  if (onlyIfChanged && digest === builtDigest()) return false;
  if (onlyIfChanged) process.stdout.write('Building the console, because its sources have changed …\n');
  write({ digest, files: await compile() });
  return true;
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { cwd: checkout, withFileTypes: true }).filter((file) => file.isFile());
  for (const path of files.map(({ parentPath, name }) => `${parentPath}/${name}`).sort()) {
    hash
      .update(`${path.slice(checkout.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex');
}

function builtDigest(): string | undefined {
  try {
    return (JSON.parse(readFileSync(BUILT_CONSOLE, 'utf8')) as BuiltConsole).digest;
  } catch {
    // There is none, or none that was written to its end.
    return undefined;
  }
}

async function compile(): Promise<BuiltConsole['files']> {
  // Otherwise React would be that for its own developers.
  process.env.NODE_ENV = 'production';
  // A development dependency, which nothing else of Writ needs to be there.
  const { build } = await import('vite');
  const { config } = await import('./vite.config.ts');
  const built = await build({ ...config, build: { ...config.build, write: false } });
  if (!('output' in built)) throw new Error('The build has no single output');
  const files = built.output.map(async (file) => {
    const content = file.type === 'chunk' ? file.code : file.source;
    const [brotli, gzipped] = await Promise.all([
      promisify(brotliCompress)(content),
      promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
    ]);
    return [file.fileName, { brotli: brotli.toString('base64'), gzip: gzipped.toString('base64') }] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

/** At once, as another process may read it. */
function write(built: BuiltConsole): void {
  const path = fileURLToPath(BUILT_CONSOLE);
  mkdirSync(new URL('./', BUILT_CONSOLE), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(built));
  renameSync(`${path}.${process.pid}`, path);
}

if (import.meta.main) {
  try {
    await buildConsole({ onlyIfChanged: process.argv.includes('--if-changed') });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write(
      'That needs packages which are not installed: npm ci installs them, without --omit=dev.\n',
    );
    process.exitCode = 1;
  }
}
