import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildGoPrograms, type GoPrograms, goProgramPath } from '../support/go-programs.ts';

/** Programs with which the charts and examples are tested, each with the version of the go.mod in its folder. */
const PACKAGES = {
  helm: 'helm.sh/helm/v4/cmd/helm',
  'kube-score': 'github.com/zegl/kube-score/cmd/kube-score',
  'oauth2-proxy': 'github.com/oauth2-proxy/oauth2-proxy/v7',
};
type Tool = keyof typeof PACKAGES;

const programsOf = (tool: Tool): GoPrograms => ({
  folder: fileURLToPath(new URL(tool, import.meta.url)),
  cache: tool,
  packages: { [tool]: PACKAGES[tool] },
});

/** The path of the program; {@link buildTools} puts it there. */
export const pathOf = (tool: Tool) => goProgramPath(programsOf(tool), tool);

/** Builds the programs that are missing from the user's cache folder. Without Go it says that there are none. */
export async function buildTools(say: (line: string) => void): Promise<void> {
  for (const tool of Object.keys(PACKAGES) as Tool[]) {
    if (await buildGoPrograms(programsOf(tool), say)) continue;
    if (process.env.CI) throw new Error(`${tool} is built with Go (https://go.dev), which is missing`);
    say(`SKIPPED: the tests that need ${tool}: it is built with Go, which is missing`);
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
