import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Prometheus' programs, of the version that go.mod beside this file has. */
const PACKAGES = {
  promtool: 'github.com/prometheus/prometheus/cmd/promtool',
  prometheus: 'github.com/prometheus/prometheus/cmd/prometheus',
};
type Program = keyof typeof PACKAGES;
/** Without the service discovery of clouds, most of whose libraries need not be compiled then. */
const FLAGS = ['-tags', 'remove_all_sd', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];

const module = fileURLToPath(new URL('.', import.meta.url));

function folder(): string {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, process.platform, process.arch]));
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(module, file)));
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'writ', 'prometheus', hash.digest('hex').slice(0, 16));
}

/** The path of the program, which {@link buildPrograms} has put there. */
export const programPath = (program: Program) => join(folder(), program);

/** Builds the programs unless the user's cache folder has them. */
export async function buildPrograms(say: (line: string) => void): Promise<void> {
  const target = folder();
  if (existsSync(target)) return;
  if (spawnSync('go', ['version']).status !== 0)
    throw new Error(
      'Prometheus is built from test/monitoring/go.mod with Go (https://go.dev), which is missing',
    );
  mkdirSync(join(target, '..'), { recursive: true });
  const building = mkdtempSync(join(target, '..', '.building-'));
  try {
    say('Building Prometheus once; without a warm Go cache it takes some minutes.');
    for (const program of Object.keys(PACKAGES) as Program[])
      await build(program, join(building, program), say);
    renameSync(building, target);
  } catch (error) {
    // Another process may have built the same meanwhile.
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

async function build(program: Program, path: string, say: (line: string) => void): Promise<void> {
  const began = Date.now();
  const go = spawn('go', ['build', ...FLAGS, '-o', path, PACKAGES[program]], {
    cwd: module,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(go, 'exit');
  if (code !== 0) throw new Error(`go build ${PACKAGES[program]} failed in ${module}`);
  say(`  ${program}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}
