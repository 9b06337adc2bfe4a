import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { toWritError } from '../../errors.ts';
import type { ComponentLogger } from '../logger.ts';
import { createBoundedExport } from './bounded-export.ts';
import { traceHttpRequest, traceSocketOperation } from './operation-trace.ts';
import { createSampler } from './sampler.ts';
import { type CurrentStep, markFailed, Trace, type TraceEnvironment } from './trace.ts';
import type { Tracing, TracingSettings } from './tracing.ts';

interface StartTracingOptions {
  settings: TracingSettings;
  /** Unless `OTEL_SERVICE_NAME` names another one. */
  serviceName: string;
  version: string;
  /** The URL of the API server. */
  server: string;
  logger: ComponentLogger;
}

/** How long the last spans may take to be exported at the end, in ms. */
const CLOSE_MS = 5_000;

/**
 * Starts to record traces. Nothing is registered globally, so that a process can have several. This module and those that it
 * loads are the only ones with OpenTelemetry's libraries.
 */
export function startTracing({
  settings,
  serviceName,
  version,
  server,
  logger,
}: StartTracingOptions): Tracing {
  const own = resourceFromAttributes({ 'service.name': serviceName, 'service.version': version });
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(own)
      // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
      .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] })),
    sampler: createSampler(settings),
    // Headers, certificates, compression and timeout are read from OTEL_EXPORTER_OTLP_*.
    spanProcessors: [createBoundedExport(new OTLPTraceExporter({ url: settings.url }), settings, logger)],
  });
  const { hostname, port, protocol } = new URL(server);
  const current = new AsyncLocalStorage<CurrentStep>();
  const environment: TraceEnvironment = {
    tracer: provider.getTracer('writ', version),
    current,
    server: {
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'http:' ? 80 : 443),
    },
    propagate: settings.propagate,
  };
  return {
    httpRequest: (request, requestId, route) => traceHttpRequest(environment, request, requestId, route),
    socketOperation: (upgrade, requestId) => traceSocketOperation(environment, upgrade, requestId),
    pass,
    passObserver: {
      sent(call) {
        const { trace } = current.getStore() ?? {};
        // All calls of a pass have the same request id.
        trace?.root.setAttribute('writ.request_id', call.auditId.replace(/\.\d+$/, ''));
        return trace?.sent(call) ?? { ended() {} };
      },
    },
    async close() {
      const flushed = provider.shutdown().catch(() => {});
      await Promise.race([
        flushed,
        delay(Math.min(CLOSE_MS, settings.exportTimeoutMillis), undefined, { ref: false }),
      ]);
    },
  };

  async function pass<T>(name: string, namespace: string, perform: () => Promise<T>): Promise<T> {
    const attributes = { 'k8s.namespace.name': namespace };
    const span = environment.tracer.startSpan(name, { attributes }, ROOT_CONTEXT);
    const trace = new Trace(environment, span);
    let hasFailed = false;
    try {
      return await current.run({ trace, span }, perform);
    } catch (error) {
      hasFailed = true;
      markFailed(span, [toWritError(error).code]);
      throw error;
    } finally {
      trace.innermost = undefined;
      // A span that does not end is not exported: most passes find that there is nothing to do.
      if (trace.hasCalls || hasFailed) span.end();
    }
  }
}
