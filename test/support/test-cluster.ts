import { inject } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { startOwnRealCluster, startRealCluster } from './real-cluster.ts';

/** What tests know of the cluster under Writ: the sandbox, or a real control plane behind a proxy that records. */
export type TestCluster = Pick<
  Sandbox,
  'server' | 'ca' | 'identities' | 'requests' | 'connections' | 'close'
>;

/** Whether there is a real control plane for this run (test/cluster/vitest.config.ts starts it). */
export function isRealCluster(): boolean {
  return controlPlane() !== undefined;
}

/** For `expect.poll`: an API server remembers for 10 s whose a token is. The sandbox refuses one at once. */
export const REVOKED = { timeout: 20_000, interval: 100 };

/**
 * A cluster as the sandbox is when it starts: the demo's people and projects, and its sessions unless not wanted. A test
 * file's describes share the real one, which is made as new for each: what a test needs in it is put there by a hook. A
 * test that starts one itself has it as new at once. With a runner, which the shared one has not, it is one of its own.
 */
export function startTestCluster(options: SandboxOptions = {}): Promise<TestCluster> {
  const real = controlPlane();
  const { demo = true, runner = false } = options;
  if (!real) return startSandbox({ ...options, runner });
  return runner ? startOwnRealCluster(demo, runner) : startRealCluster(real, demo);
}

function controlPlane() {
  return inject('cluster');
}
