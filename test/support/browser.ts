import { execFileSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

/** Where Chromium is, or undefined: the variable CHROMIUM, else what is on the PATH. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  try {
    return execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** As findChromium. If there is none, the output says that these tests are skipped. */
export function chromiumFor(tests: string): string | undefined {
  const found = findChromium();
  if (!found) process.stderr.write(`SKIPPED: ${tests}: there is no chromium on the PATH\n`);
  return found;
}

/** Headless, and silent towards the outside. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
