import type { Sandbox } from '../src/sandbox/sandbox.ts';

type Announced = Pick<Sandbox, 'server' | 'ca' | 'kubeconfig' | 'identities'>;

/** What the parent learns of a cluster besides its address. */
export interface ClusterKind {
  /** Such as v1.37.2. */
  version: string;
  /** The process that serves its API. */
  apiServerPid: number;
}

const SANDBOX: ClusterKind = { version: 'the sandbox of Writ', apiServerPid: process.pid };

/** Sends the cluster's address to the parent of this process by IPC. The process exits with its parent. */
export function announce({ server, ca, kubeconfig, identities }: Announced, kind = SANDBOX): void {
  process.on('disconnect', () => process.exit());
  process.send?.({
    ...kind,
    server,
    ca,
    kubeconfig: kubeconfig(),
    token: identities.alice.token,
    admin: identities.admin.token,
  });
}
