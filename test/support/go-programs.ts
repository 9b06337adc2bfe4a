import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Programs of other projects with which Writ is tested, each of the version that a go.mod has. */
export interface GoPrograms {
  /** Of the go.mod. */
  folder: string;
  /** The folder below the user's cache folder. */
  cache: string;
  flags?: readonly string[];
  /** The Go package of each program, by its name. */
  packages: Record<string, string>;
}

const FLAGS = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];

const flagsOf = ({ flags = [] }: GoPrograms) => [...flags, ...FLAGS];

function targetOf(programs: GoPrograms): string {
  const hash = createHash('sha256').update(
    JSON.stringify([flagsOf(programs), process.platform, process.arch]),
  );
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(programs.folder, file)));
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'writ', programs.cache, hash.digest('hex').slice(0, 16));
}

/** The path of the program; {@link buildGoPrograms} puts it there. */
export function goProgramPath(programs: GoPrograms, name: string): string {
  return join(targetOf(programs), name);
}

/** @returns whether they are there, because the user's cache folder has them or they were built. Without Go they are not. */
export async function buildGoPrograms(programs: GoPrograms, say: (line: string) => void): Promise<boolean> {
  const target = targetOf(programs);
  if (existsSync(target)) return true;
  if (spawnSync('go', ['version']).status !== 0) return false;
  mkdirSync(join(target, '..'), { recursive: true });
  const building = mkdtempSync(join(target, '..', '.building-'));
  try {
    say(
      `Building ${Object.keys(programs.packages).join(' and ')} once; without a warm Go cache it takes minutes.`,
    );
    for (const name of Object.keys(programs.packages)) await build(programs, name, building, say);
    renameSync(building, target);
  } catch (error) {
    // Another process may have built the same meanwhile.
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return true;
}

async function build(
  programs: GoPrograms,
  name: string,
  building: string,
  say: (line: string) => void,
): Promise<void> {
  const began = Date.now();
  const package_ = programs.packages[name] ?? '';
  const go = spawn('go', ['build', ...flagsOf(programs), '-o', join(building, name), package_], {
    cwd: programs.folder,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(go, 'exit');
  if (code !== 0) throw new Error(`go build ${package_} failed in ${programs.folder}`);
  say(`  ${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}
