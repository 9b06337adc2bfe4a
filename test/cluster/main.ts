import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries } from './binaries.ts';
import { startSeededControlPlane } from './seed.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);

async function main(stop: AbortSignal): Promise<void> {
  const binaries = await findBinaries(say, stop);
  const started = Date.now();
  // The guardian of the processes cleans up after an end as early as this.
  const exit = () => process.exit(130);
  stop.addEventListener('abort', exit);
  const cluster = await startSeededControlPlane({ binaries, runner: { pendingMs: 1_000, runningMs: 4_000 } });
  stop.removeEventListener('abort', exit);
  const kubeconfig = join(cluster.directory, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });

  say(`
Kubernetes ${cluster.version} runs after ${((Date.now() - started) / 1000).toFixed(1)} s. No container does: kwok only says that pods run.

  Kubernetes   ${cluster.server}, with kubectl --kubeconfig ${kubeconfig} --context alice
  Writ on it   WRIT_BACKEND_CONTEXT=backend npm run serve -- --kubeconfig ${kubeconfig}
  Its duties   WRIT_BACKEND_CONTEXT=controller npm run controller -- --kubeconfig ${kubeconfig}
  Audit log    ${cluster.auditLog}

  Contexts     admin alice victor mallory backend controller; the people's tokens are the sandbox's

ctrl-C stops it and removes it all.
`);
  await new Promise((resolve) => stop.addEventListener('abort', resolve));
  await cluster.close();
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
main(stop.signal).catch((error: Error) => {
  if (!stop.signal.aborted) process.stderr.write(`${error.message}\n`);
  process.exitCode = stop.signal.aborted ? 130 : 1;
});
