import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Paths of the programs. */
export interface Binaries {
  etcd: string;
  'kube-apiserver': string;
  'kube-controller-manager': string;
  /** Without it pods stay Pending. */
  kwok?: string;
}

const REQUIRED = ['etcd', 'kube-apiserver', 'kube-controller-manager'] as const;
const PACKAGES = {
  etcd: './etcd',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  kwok: 'sigs.k8s.io/kwok/cmd/kwok',
};
const module = fileURLToPath(new URL('.', import.meta.url));

/**
 * The programs of a control plane: from the folder KUBEBUILDER_ASSETS (which setup-envtest fills) and PATH if they have
 * all, else built from go.mod beside this file and kept in the user's cache folder.
 */
export async function findBinaries(
  say: (line: string) => void,
  signal = new AbortController().signal,
): Promise<Binaries> {
  const { KUBEBUILDER_ASSETS: assets, PATH = '' } = process.env;
  const folders = [...(assets ? [assets] : []), ...PATH.split(delimiter)];
  const found = Object.fromEntries(
    Object.keys(PACKAGES).flatMap((name) => {
      const folder = folders.find((candidate) => isExecutable(join(candidate, name)));
      return folder === undefined ? [] : [[name, join(folder, name)]];
    }),
  );
  const missing = REQUIRED.filter((name) => !found[name]);
  if (missing.length === 0) {
    say(`Kubernetes: ${Object.values(found).join(', ')}`);
    if (!found.kwok) say('There is no kwok in KUBEBUILDER_ASSETS or on PATH: pods will stay Pending.');
    return found as unknown as Binaries;
  }
  if (assets) say(`KUBEBUILDER_ASSETS and PATH lack ${missing.join(', ')}: taking all from an own build.`);
  return build(missing, say, signal);
}

async function build(missing: string[], say: (line: string) => void, signal: AbortSignal): Promise<Binaries> {
  const flags = buildFlags();
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'writ', 'cluster');
  const target = join(cache, digestOf(flags));
  if (!existsSync(target)) {
    requireGo(missing);
    mkdirSync(cache, { recursive: true });
    const building = mkdtempSync(join(cache, '.building-'));
    try {
      await buildInto(building, flags, say, signal);
      moveTo(building, target);
    } finally {
      rmSync(building, { recursive: true, force: true });
    }
  }
  return Object.fromEntries(
    Object.keys(PACKAGES).map((name) => [name, join(target, name)]),
  ) as unknown as Binaries;
}

async function buildInto(
  folder: string,
  flags: string[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  say('Building a Kubernetes control plane once; without a warm Go cache it takes some minutes.');
  const started = Date.now();
  for (const [name, path] of Object.entries(PACKAGES)) {
    const began = Date.now();
    const go = spawn('go', ['build', ...flags, '-o', join(folder, name), path], {
      cwd: module,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
      stdio: ['ignore', 'inherit', 'inherit'],
      signal,
    });
    const [code] = await once(go, 'exit');
    if (code !== 0) throw new Error(`go build ${path} failed in ${module}`);
    say(`  ${name}: ${seconds(began)}`);
  }
  say(`Built in ${seconds(started)}.`);
}

/** Another process may have built the same meanwhile: either will do. */
function moveTo(building: string, target: string): void {
  try {
    renameSync(building, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

/** With the version that Kubernetes' own release script would link in. */
function buildFlags(): string[] {
  const version = /k8s\.io\/kubernetes v((\d+)\.(\d+)\.\S+)/.exec(
    readFileSync(join(module, 'go.mod'), 'utf8'),
  );
  if (!version) throw new Error('test/cluster/go.mod names no version of k8s.io/kubernetes');
  const [, full, major, minor] = version;
  const values = {
    gitVersion: `v${full}`,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    gitCommit: '',
  };
  const links = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) =>
    Object.entries(values).map(([name, value]) => `-X ${path}.${name}=${value}`),
  );
  return ['-trimpath', '-buildvcs=false', '-ldflags', ['-s -w', ...links].join(' ')];
}

function digestOf(flags: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([flags, process.platform, process.arch]));
  for (const file of ['go.mod', 'go.sum', 'etcd/main.go']) hash.update(readFileSync(join(module, file)));
  return hash.digest('hex').slice(0, 16);
}

function requireGo(missing: string[]): void {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    throw new Error(
      `A real control plane needs ${missing.join(', ')}. Set KUBEBUILDER_ASSETS to a folder that has them, put them on PATH, or install Go (https://go.dev), with which they are built from test/cluster/go.mod.`,
    );
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
