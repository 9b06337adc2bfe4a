import type { TestProject } from 'vitest/node';
import { findBinaries } from './binaries.ts';
import type { ControlPlaneAccess } from './control-plane.ts';
import { startSeededControlPlane } from './seed.ts';

declare module 'vitest' {
  interface ProvidedContext {
    cluster: ControlPlaneAccess;
  }
}

/** One control plane for all files of a project, which tests reach by `inject('cluster')`. */
export default async function setUp({ name, provide }: TestProject): Promise<() => Promise<void>> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const binaries = await findBinaries(say);
  const started = Date.now();
  const isWrits = name !== 'kubernetes';
  const cluster = await startSeededControlPlane({
    binaries,
    ...(isWrits && { demo: false, runner: false }),
    policies: isWrits,
    optionalPlugins: name === 'writ-optional-plugins',
  });
  const { server, ca, version, identities, auditLog, podLog } = cluster;
  say(
    `${name}: Kubernetes ${version}, started and seeded in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  provide('cluster', { server, ca, version, identities, auditLog, podLog });
  return cluster.close;
}
