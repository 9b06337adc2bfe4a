import type { IncomingMessage } from 'node:http';
import type { CallObserver } from '../../kubernetes/call-observer.ts';
import type { RunStep } from '../../kubernetes/scope.ts';

type Decision = 'always_on' | 'always_off' | 'traceidratio';
/** As `OTEL_TRACES_SAMPLER` has them. */
export type SamplerName = Decision | `parentbased_${Decision}`;

/** As OpenTelemetry's environment variables set it. What is missing here, its libraries read from the environment. */
export interface TracingSettings {
  /** Where spans are sent to, by OTLP over HTTP. */
  url: string;
  sampler: SamplerName;
  /** Of traces that are sampled, for the samplers by ratio: 0 to 1. */
  ratio: number;
  /** Whether the header `traceparent` of clients is read, and sent to the API server. */
  propagate: boolean;
  /** Spans that wait for their export: one more is dropped. */
  maxQueueSize: number;
  maxExportBatchSize: number;
  /** In ms. */
  scheduledDelayMillis: number;
  exportTimeoutMillis: number;
}

/** What a trace tells, and is told of, in the layers below HTTP. */
export interface TracedCalls {
  /** Told of the calls to the cluster. */
  readonly observer: CallObserver;
  readonly runStep: RunStep;
}

/** The trace of one event of a subscription. */
export interface EventTrace extends TracedCalls {
  end(): void;
}

/** The trace of one operation, and of the HTTP request that has it. */
export interface OperationTrace extends TracedCalls {
  readonly traceId: string;
  operationStarted(): void;
  operationKnown(operation: { type: string; name: string | undefined }): void;
  /** The operation has its result. `streams`: it goes on, with events that are traces of their own. */
  operationEnded(errorCodes: Iterable<string>, how?: { streams: boolean }): void;
  /** Absent over a WebSocket. */
  responded(outcome: { status: number; aborted: boolean }): void;
  /** Begins the trace of an event, which links to this one. Undefined if this one is not sampled. */
  event(): EventTrace | undefined;
}

/** The traces of one process. Absent: none are recorded. */
export interface Tracing {
  /** @param route the path of the GraphQL endpoint */
  httpRequest(request: IncomingMessage, requestId: string, route: string): OperationTrace;
  /** @param upgrade the request that has opened the WebSocket */
  socketOperation(upgrade: IncomingMessage, requestId: string): OperationTrace;
  /**
   * One pass of the controller. It is recorded if it makes calls, or fails.
   *
   * @param namespace of the object
   */
  pass<T>(name: string, namespace: string, perform: () => Promise<T>): Promise<T>;
  /** Told of the calls of all passes. */
  readonly passObserver: CallObserver;
  /** Exports what is left, for a few seconds at most. */
  close(): Promise<void>;
}
