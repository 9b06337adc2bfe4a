import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

/** Runs `npm run cluster` up to its last line; answers the process and where the control plane has its files. */
async function startCluster() {
  const main = spawn(process.execPath, ['test/cluster/main.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of main.stdout) {
    text += chunk;
    if (text.includes('ctrl-C stops it')) break;
  }
  const kubeconfig = /--kubeconfig (\S+)/.exec(text)?.[1] ?? '';
  return { main, directory: dirname(kubeconfig) };
}

/** Their command lines name the directory. */
function processesOf(directory: string): string[] {
  const all = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(directory));
}

it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s leaves no process and no file', async (signal) => {
  const { main, directory } = await startCluster();
  expect(existsSync(directory)).toBe(true);
  // etcd, the API server, the controllers, kwok and the guardian.
  expect(processesOf(directory).length).toBeGreaterThanOrEqual(4);
  const exited = once(main, 'exit');
  main.kill(signal);
  await exited;
  await eventually(() => {
    expect(processesOf(directory)).toEqual([]);
    expect(existsSync(directory)).toBe(false);
  });
});
