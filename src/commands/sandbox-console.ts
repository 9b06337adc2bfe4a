import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BUILD = new URL('../../console/build.ts', import.meta.url);

/**
 * Builds the console if its sources have changed, in a process of its own, whose memory is then free.
 *
 * @returns whether the console is there; if not, the output says why
 */
export async function buildConsole(): Promise<boolean> {
  const build = spawn(process.execPath, [fileURLToPath(BUILD), '--if-changed'], { stdio: 'inherit' });
  const [code] = await once(build, 'exit');
  if (code !== 0) process.stderr.write('The console could not be built. All else works without it.\n');
  return code === 0;
}
