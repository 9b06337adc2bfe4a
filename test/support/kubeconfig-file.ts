import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory that the test's end removes. */
export function testDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'writ-kubeconfig-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** A kubeconfig with one context, for one test. JSON is YAML too. */
export function kubeconfigFile(cluster: object, user: object, directory = testDirectory()): string {
  const file = join(directory, 'config');
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'cluster', cluster }],
      users: [{ name: 'writ', user }],
      contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'writ' } }],
      'current-context': 'context',
    }),
  );
  return file;
}

export const base64 = (text: string) => Buffer.from(text).toString('base64');
