import { type Context, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

/**
 * The context that a client sends (https://www.w3.org/TR/trace-context/). Its `tracestate` is left out: it is text that the
 * client chooses, and would be exported with each span. Undefined if there is none, or it is invalid.
 */
export function spanContextOf(header: string | string[] | undefined): SpanContext | undefined {
  const parsed = typeof header === 'string' ? parseTraceParent(header) : null;
  return parsed ? { ...parsed, isRemote: true } : undefined;
}

export function contextOf(spanContext: SpanContext | undefined): Context {
  return spanContext ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT;
}

/** The header of a request that is made within a span. */
export function traceParentOf({ traceId, spanId, traceFlags }: SpanContext): { traceparent: string } {
  return { traceparent: `00-${traceId}-${spanId}-${(traceFlags & 1).toString().padStart(2, '0')}` };
}
