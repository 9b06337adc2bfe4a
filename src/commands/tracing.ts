import type { Config } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import type { ComponentLogger } from '../telemetry/logger.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';

/** Starts to record traces if the settings say so. Only then are OpenTelemetry's libraries loaded. */
export async function loadTracing(
  { tracing: settings }: Config,
  { server, serviceName, logger }: { server: string; serviceName: string; logger: ComponentLogger },
): Promise<{ tracing?: Tracing }> {
  if (!settings) return {};
  const { startTracing } = await import('../telemetry/tracing/start-tracing.ts');
  const tracing = startTracing({ settings, serviceName, version: VERSION, server, logger });
  // Without the path and the user of the URL.
  logger.info({ collector: new URL(settings.url).origin, sampler: settings.sampler }, 'traces are exported');
  return { tracing };
}
