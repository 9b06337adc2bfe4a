import { Counter, Histogram, type Registry } from 'prom-client';
import { known, REQUEST_BUCKETS, SIZE_BUCKETS } from './labels.ts';

/** An HTTP request after its response. */
export interface EndedRequest {
  method: string;
  /** Absent if the client left before the response began. */
  status?: number;
  /** Of the bodies, as they were sent. Absent if none was read, or none was sent, or it was a stream. */
  requestBytes?: number;
  responseBytes?: number;
  durationMs: number;
}

/** A GraphQL operation that has ended: a subscription after all its events. */
export interface EndedOperation {
  /** Both undefined if the document was not parsed. */
  type: string | undefined;
  name: string | undefined;
  /** Of its first error. */
  code: string | undefined;
  /** The client left before it had the whole result. */
  aborted: boolean;
  durationMs: number;
}

interface HttpMetricsOptions {
  registry: Registry;
  /** The operations that have their name as a label. */
  operations: ReadonlySet<string>;
  /** The codes of errors. */
  codes: ReadonlySet<string>;
}

/** Those of RFC 9110 and 5789; any other is `_OTHER`, by the semantic conventions of OpenTelemetry. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);
const TYPES = new Set(['query', 'mutation', 'subscription']);

/** Requests and their operations. Names of the HTTP metrics: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
export function createHttpMetrics({ registry, operations, codes }: HttpMetricsOptions) {
  const registers = [registry];
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'HTTP requests to the API, until the end of the response. An event stream counts when it ends.',
    labelNames: ['http_request_method', 'http_response_status_code'],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const requestSize = new Histogram({
    name: 'http_server_request_body_size_bytes',
    help: 'Bodies of HTTP requests, as they were sent.',
    labelNames: ['http_request_method'],
    buckets: SIZE_BUCKETS,
    registers,
  });
  const responseSize = new Histogram({
    name: 'http_server_response_body_size_bytes',
    help: 'Bodies of complete HTTP responses, as they were sent, without event streams.',
    labelNames: ['http_request_method'],
    buckets: SIZE_BUCKETS,
    registers,
  });
  const ended = new Counter({
    name: 'writ_graphql_operations_total',
    help: 'GraphQL operations that have ended, over HTTP and WebSockets, by the code of their first error.',
    labelNames: ['operation_name', 'operation_type', 'code'],
    registers,
  });
  const operationDuration = new Histogram({
    name: 'writ_graphql_operation_duration_seconds',
    help: 'GraphQL operations, from the request until the client has the result.',
    labelNames: ['operation_type'],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const subscriptionsEnded = new Counter({
    name: 'writ_subscriptions_ended_total',
    help: 'Subscriptions that have ended, by the code of their first error.',
    labelNames: ['code'],
    registers,
  });

  return {
    requestEnded({ method, status, requestBytes, responseBytes, durationMs }: EndedRequest): void {
      const labels = { http_request_method: known(METHODS, method, '_OTHER') };
      const http_response_status_code = status === undefined ? '' : String(status);
      duration.observe({ ...labels, http_response_status_code }, durationMs / 1_000);
      if (requestBytes !== undefined) requestSize.observe(labels, requestBytes);
      if (responseBytes !== undefined) responseSize.observe(labels, responseBytes);
    },
    operationEnded(operation: EndedOperation): void {
      const operation_type = known(TYPES, operation.type ?? '', 'unknown');
      const code = codeOf(operation);
      // An anonymous operation has the name "", which is the same as no label.
      const operation_name = operation.name ? known(operations, operation.name) : '';
      ended.inc({ operation_name, operation_type, code });
      operationDuration.observe({ operation_type }, operation.durationMs / 1_000);
      if (operation_type === 'subscription') subscriptionsEnded.inc({ code });
    },
  };

  /** A client that leaves a query ends it with TIMEOUT, which says nothing about Writ. It may leave a subscription. */
  function codeOf({ type, code, aborted }: EndedOperation): string {
    const isLeft = aborted && (code === undefined || code === 'TIMEOUT');
    if (isLeft) return type === 'subscription' ? 'OK' : 'ABORTED';
    return code === undefined ? 'OK' : known(codes, code);
  }
}
