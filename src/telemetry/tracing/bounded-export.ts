import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { ComponentLogger } from '../logger.ts';
import type { TracingSettings } from './tracing.ts';

/** How often the log says that spans are lost, in ms: a collector can be down for days. */
const LOG_EVERY_MS = 60_000;

/**
 * Exports spans in batches. Those that wait for their export or are being exported are no more than `maxQueueSize`: others
 * are dropped, so that a collector that is slow or down costs no request anything.
 */
export function createBoundedExport(
  exporter: SpanExporter,
  settings: TracingSettings,
  logger: ComponentLogger,
): SpanProcessor {
  let pending = 0;
  let lost = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;
  const batches = new BatchSpanProcessor({ ...settings, exporter: { export: exportSpans, shutdown } });
  return {
    onStart() {},
    onEnd(span) {
      if (pending >= settings.maxQueueSize) return lose(1, 'the queue is full');
      pending += 1;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };

  function exportSpans(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    let isDone = false;
    exporter.export(spans, (result) => {
      if (isDone) return;
      isDone = true;
      pending -= spans.length;
      if (result.code !== ExportResultCode.SUCCESS) lose(spans.length, causeOf(result.error));
      done(result);
    });
  }

  function shutdown(): Promise<void> {
    return exporter.shutdown();
  }

  function lose(spans: number, cause: string): void {
    lost += spans;
    if (performance.now() - loggedAt < LOG_EVERY_MS) return;
    logger.warn({ spans: lost, cause }, 'spans were not exported');
    loggedAt = performance.now();
    lost = 0;
  }
}

/** A code, or the library's own words. What a collector answers could have anything in it. */
function causeOf(error: (Error & { code?: unknown }) | undefined): string {
  const { code, message = 'unknown' } = error ?? {};
  return typeof code === 'number' ? `HTTP ${code}` : typeof code === 'string' ? code : message;
}
