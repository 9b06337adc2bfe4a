import { createApi } from '../src/commands/serve.ts';
import { readConfig } from '../src/config/config.ts';
import { loadCluster } from '../src/kubernetes/connection/kubeconfig.ts';
import { createLogger } from '../src/telemetry/logger.ts';

/**
 * Runs the API in its own process, with or without metrics. It sends its addresses to its parent by IPC, and the time that it
 * has taken of the processor when it is asked.
 */
const [kubeconfig = '', variant] = process.argv.slice(2);

const api = createApi({
  config: readConfig({ WRIT_PORT: '0', WRIT_ADMIN_PORT: '0' }),
  cluster: loadCluster({ kubeconfigs: [kubeconfig], backendContext: 'backend' }),
  logger: createLogger({ level: 'silent' }),
  playground: false,
  console: false,
  metrics: variant !== 'plain',
});
process.on('disconnect', () => process.exit());
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1_000 });
});
process.send?.(await api.start());
