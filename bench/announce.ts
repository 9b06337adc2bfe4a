import type { Sandbox } from '../src/sandbox/sandbox.ts';

/** Sends the cluster's address to the parent of this process by IPC. The process exits with its parent. */
export function announce({ server, ca, kubeconfig, identities }: Sandbox): void {
  process.on('disconnect', () => process.exit());
  process.send?.({
    server,
    ca,
    kubeconfig: kubeconfig(),
    token: identities.alice.token,
    admin: identities.admin.token,
  });
}
