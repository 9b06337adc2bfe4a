import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Programs with which the charts and examples are tested, each with the version of the go.mod in its folder. */
const PACKAGES = {
  helm: 'helm.sh/helm/v4/cmd/helm',
  'kube-score': 'github.com/zegl/kube-score/cmd/kube-score',
  'oauth2-proxy': 'github.com/oauth2-proxy/oauth2-proxy/v7',
};
type Tool = keyof typeof PACKAGES;
const FLAGS = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];

const moduleOf = (tool: Tool) => fileURLToPath(new URL(tool, import.meta.url));

/** The path of the program; {@link buildTools} puts it there. */
export function pathOf(tool: Tool): string {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, process.platform, process.arch]));
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(moduleOf(tool), file)));
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'writ', tool);
  return join(cache, hash.digest('hex').slice(0, 16), tool);
}

/** Builds the programs that are missing from the user's cache folder. Without Go it says that there are none. */
export async function buildTools(say: (line: string) => void): Promise<void> {
  for (const tool of Object.keys(PACKAGES) as Tool[]) {
    const path = pathOf(tool);
    if (existsSync(path)) continue;
    if (spawnSync('go', ['version']).status !== 0) {
      if (process.env.CI) throw new Error(`${tool} is built with Go (https://go.dev), which is missing`);
      say(`SKIPPED: the tests that need ${tool}: it is built with Go, which is missing`);
      continue;
    }
    const began = Date.now();
    say(`Building ${tool} once.`);
    await build(tool, path);
    say(`  ${tool}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
}

async function build(tool: Tool, path: string): Promise<void> {
  const target = join(path, '..');
  mkdirSync(join(target, '..'), { recursive: true });
  const building = mkdtempSync(join(target, '..', '.building-'));
  try {
    const go = spawn('go', ['build', ...FLAGS, '-o', join(building, tool), PACKAGES[tool]], {
      cwd: moduleOf(tool),
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [code] = await once(go, 'exit');
    if (code !== 0) throw new Error(`go build ${PACKAGES[tool]} failed in ${moduleOf(tool)}`);
    renameSync(building, target);
  } catch (error) {
    // Another process may have built the same meanwhile.
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

export const hasTool = (tool: Tool) => existsSync(pathOf(tool));

interface Output {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the program. Its own files are in a folder that is not the developer's. */
export function runTool(tool: Tool, args: string[], options: { home: string; input?: string }): Output {
  const { home, input } = options;
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
  };
  return spawnSync(pathOf(tool), args, { encoding: 'utf8', env, input, maxBuffer: 64 * 1024 * 1024 });
}

/** What the kustomization builds. */
export function kustomize(folder: string): string {
  return execFileSync('kubectl', ['kustomize', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
