import { mkdirSync, writeFileSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { PLAYGROUND_OPERATIONS } from '../http/playground-operations.ts';
import { loadCluster } from '../kubernetes/connection/kubeconfig.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createControllerProcess } from './controller.ts';
import type { RunningCommand } from './running-command.ts';
import { createApi } from './serve.ts';

const DIRECTORY = '.sandbox';
const KUBECONFIG = `${DIRECTORY}/kubeconfig`;

/** `writ sandbox`: the embedded Kubernetes API with Writ's API and controller, in one process. */
export async function runSandbox(config: Config): Promise<RunningCommand> {
  const kubernetes = await startSandbox({ host: config.api.host, port: config.sandbox.port });
  mkdirSync(DIRECTORY, { recursive: true, mode: 0o700 });
  writeFileSync(KUBECONFIG, kubernetes.kubeconfig(), { mode: 0o600 });

  const logger = createLogger({ level: config.logLevel });
  const clusterAs = (backendContext: string) => loadCluster({ kubeconfigs: [KUBECONFIG], backendContext });
  const api = createApi({
    // Nobody waits for another replica.
    config: { ...config, api: { ...config.api, shutdownDrainMs: 0 } },
    cluster: clusterAs('backend'),
    logger,
    playground: { operations: PLAYGROUND_OPERATIONS, token: kubernetes.identities.alice.token },
  });
  const controller = createControllerProcess({
    config: { ...config, admin: { ...config.admin, controllerPort: 0 } },
    cluster: clusterAs('controller'),
    logger,
  });
  const [{ url }] = await Promise.all([api.start(), controller.start()]);
  process.stdout.write(`
Writ is running on its sandbox, an imitation of Kubernetes that keeps its data in memory.

  Playground   ${url.replace('127.0.0.1', 'localhost')}
  Kubernetes   ${kubernetes.server}, with kubectl --kubeconfig ${KUBECONFIG} --context alice

  Tokens       sandbox-alice-token     edits in the project demo (preset in the playground)
               sandbox-victor-token    views in the project demo
               sandbox-mallory-token   has no permissions
               sandbox-admin-token     has all permissions

Press Ctrl-C to stop.

`);
  return {
    async close() {
      await Promise.all([api.close(), controller.close()]);
      await kubernetes.close();
    },
  };
}
