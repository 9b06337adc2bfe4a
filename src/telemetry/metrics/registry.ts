import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/**
 * The metrics of one process: those of Node, of the process, and of Writ. Each has its own registry, as one process can run
 * the API and the controller.
 */
export function createRegistry(version: string): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  new Gauge({
    name: 'writ_build_info',
    help: 'Always 1, with the version of Writ.',
    labelNames: ['version'],
    registers: [register],
  }).set({ version }, 1);
  return register;
}

/** The page that Prometheus reads, in its text format. */
export async function metricsPage(registry: Registry): Promise<{ contentType: string; body: string }> {
  return { contentType: registry.contentType, body: await registry.metrics() };
}
