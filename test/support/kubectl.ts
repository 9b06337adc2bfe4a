import { spawnSync } from 'node:child_process';

/** Whether the kubectl on the PATH is new enough. If not, the output says that these tests are skipped. */
export function hasKubectl(minimumMinor: number, tests: string): boolean {
  const { stdout } = spawnSync('kubectl', ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  const minor = Number.parseInt(JSON.parse(stdout || '{}').clientVersion?.minor ?? '0', 10);
  if (minor >= minimumMinor) return true;
  process.stderr.write(`SKIPPED: ${tests}: there is no kubectl 1.${minimumMinor} or newer on the PATH\n`);
  return false;
}
