import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../deploy/image/bundle.ts';

/** How Writ runs in the image, with the memory limit of deploy/. */
export const FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=512'];
export const ENVIRONMENT = { NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' };

let built: Promise<string> | undefined;

/** The path of the image's program. It is built once, and removed with this process. */
export function program(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'writ-bench-program-'));
  process.once('exit', () => rmSync(directory, { recursive: true }));
  copyFileSync('package.json', join(directory, 'package.json'));
  await bundle(join(directory, 'dist'));
  return join(directory, 'dist/main.js');
}
