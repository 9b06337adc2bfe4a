import { z } from 'zod';
import type { SamplerName, TracingSettings } from '../telemetry/tracing/tracing.ts';

const count = z.coerce.number().int().positive().max(1_000_000);
const otlp = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const satisfies SamplerName[];

/**
 * OpenTelemetry's own variables that Writ reads. Its libraries read the rest: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`,
 * and headers, certificates, compression and timeout of `OTEL_EXPORTER_OTLP_*`.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
const variables = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: otlp.default('http://localhost:4318'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: otlp.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.string().optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.string().optional(),
  OTEL_TRACES_EXPORTER: z.literal('otlp', 'must be otlp or none').default('otlp'),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_PROPAGATORS: z.string().default('tracecontext,baggage'),
  OTEL_BSP_MAX_QUEUE_SIZE: count.default(2_048),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: count.default(512),
  OTEL_BSP_SCHEDULE_DELAY: count.default(5_000),
  OTEL_BSP_EXPORT_TIMEOUT: count.default(30_000),
});

/** One of these turns tracing on. */
const SWITCHES = [
  'OTEL_TRACES_EXPORTER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
];

/**
 * Undefined: no traces. Throws an Error for the administrator, which does not repeat the values: a URL can have a password.
 */
export function readTracing(environment: Record<string, string | undefined>): TracingSettings | undefined {
  const isOn = SWITCHES.some((name) => environment[name]);
  if (!isOn || environment.OTEL_TRACES_EXPORTER === 'none') return undefined;
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined;
  // An empty variable is one that is not set.
  const values = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const { data, error } = variables.safeParse(values);
  if (!data) {
    throw new Error(error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`).join('\n'));
  }
  const protocol = data.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? data.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol !== undefined && protocol !== 'http/protobuf') {
    throw new Error('OTEL_EXPORTER_OTLP_PROTOCOL: Writ exports traces by http/protobuf alone');
  }
  const base = data.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, '');
  return {
    url: data.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? `${base}/v1/traces`,
    sampler: data.OTEL_TRACES_SAMPLER,
    ratio: data.OTEL_TRACES_SAMPLER_ARG,
    propagate: data.OTEL_PROPAGATORS.split(',').some((name) => name.trim() === 'tracecontext'),
    maxQueueSize: data.OTEL_BSP_MAX_QUEUE_SIZE,
    maxExportBatchSize: data.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
    scheduledDelayMillis: data.OTEL_BSP_SCHEDULE_DELAY,
    exportTimeoutMillis: data.OTEL_BSP_EXPORT_TIMEOUT,
  };
}
