import { DESCRIBE, started } from '../support/hooks.ts';
import { KubernetesClient } from '../support/kubernetes-client.ts';
import type { TestCluster, Who } from '../support/test-cluster.ts';
import { findBinaries } from './binaries.ts';
import type { ControlPlaneOptions } from './control-plane.ts';
import { startSeededControlPlane } from './seed.ts';

/** A real control plane for the tests of a describe alone, which they may restart. It records no requests. */
export function startOwnControlPlane(options: () => Partial<ControlPlaneOptions> = () => ({})) {
  const controlPlane = started(
    DESCRIBE,
    async () => {
      const binaries = await findBinaries(() => {});
      return startSeededControlPlane({ binaries, demo: false, runner: false, policies: false, ...options() });
    },
    ({ close }) => close(),
  );
  const cluster: TestCluster = {
    get server() {
      return controlPlane().server;
    },
    get ca() {
      return controlPlane().ca;
    },
    get identities() {
      return controlPlane().identities;
    },
    requests: [],
    connections: () => 0,
    as: (who: Who) => new KubernetesClient(controlPlane(), controlPlane().identities[who].token),
    close: async () => {},
  };
  return { cluster, controlPlane };
}
