import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { kustomize } from './go-tools.ts';

const EXAMPLES = 'deploy/examples';
export const examples = readdirSync(EXAMPLES);

/** What is built from my-writ of docs/deployment.md with the example, which is copied and listed as its first lines say. */
export function buildWith(example: string, base = 'deploy'): string {
  const directory = mkdtempSync(join(tmpdir(), 'writ-example-'));
  try {
    symlinkSync(process.cwd(), join(directory, 'writ'));
    const target = join(directory, 'my-writ');
    mkdirSync(target);
    cpSync(join(EXAMPLES, example), join(target, example), { recursive: true });
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [`../writ/${base}`],
      sortOptions: { order: 'fifo' },
      components: [example],
    };
    writeFileSync(join(target, 'kustomization.yaml'), stringify(kustomization));
    return kustomize(target);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
