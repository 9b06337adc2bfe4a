import type { TestProject } from 'vitest/node';
import { findBinaries } from './binaries.ts';
import type { ControlPlaneAccess } from './control-plane.ts';
import { startSeededControlPlane } from './seed.ts';

declare module 'vitest' {
  interface ProvidedContext {
    cluster: ControlPlaneAccess;
  }
}

/** One control plane for the whole run, which tests reach by `inject('cluster')`. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const binaries = await findBinaries(say);
  const started = Date.now();
  const cluster = await startSeededControlPlane({ binaries });
  const { server, ca, version, identities, auditLog } = cluster;
  say(`Kubernetes ${version}, started and seeded in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  provide('cluster', { server, ca, version, identities, auditLog });
  return cluster.close;
}
