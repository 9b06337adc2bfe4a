import type { IncomingMessage } from 'node:http';
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { markFailed, Trace, type TraceEnvironment } from './trace.ts';
import { contextOf, spanContextOf } from './trace-parent.ts';
import type { EventTrace, OperationTrace } from './tracing.ts';

/** The name of an operation is client input. */
const MAX_NAME_LENGTH = 100;
/** https://opentelemetry.io/docs/specs/semconv/graphql/graphql-spans/ */
const UNKNOWN_OPERATION = 'GraphQL Operation';
/** https://opentelemetry.io/docs/specs/semconv/http/http-spans/: others are `_OTHER`. */
const METHODS = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
]);

/** An HTTP request and its operation. The Host header and the rest of the URL are client input, and not recorded. */
export function traceHttpRequest(
  environment: TraceEnvironment,
  { method = '', headers, httpVersion }: IncomingMessage,
  requestId: string,
  route: string,
): OperationTrace {
  const isKnown = METHODS.has(method);
  const attributes = {
    'http.request.method': isKnown ? method : '_OTHER',
    'http.route': route,
    'url.path': route,
    'url.scheme': 'http',
    'network.protocol.version': httpVersion,
    'writ.request_id': requestId,
  };
  const parent = environment.propagate ? spanContextOf(headers.traceparent) : undefined;
  const span = environment.tracer.startSpan(
    `${isKnown ? method : 'HTTP'} ${route}`,
    { kind: SpanKind.SERVER, attributes },
    contextOf(parent),
  );
  return new TracedOperation(environment, requestId, { http: span });
}

/** An operation over a WebSocket. A trace that began with the connection would last as long as that does: there is a link. */
export function traceSocketOperation(
  environment: TraceEnvironment,
  { headers }: IncomingMessage,
  requestId: string,
): OperationTrace {
  const opened = environment.propagate ? spanContextOf(headers.traceparent) : undefined;
  const operation = environment.tracer.startSpan(
    UNKNOWN_OPERATION,
    {
      kind: SpanKind.SERVER,
      attributes: { 'writ.request_id': requestId, 'network.protocol.name': 'websocket' },
      links: opened ? [{ context: opened }] : [],
    },
    ROOT_CONTEXT,
  );
  return new TracedOperation(environment, requestId, { operation });
}

class TracedOperation extends Trace implements OperationTrace {
  readonly #environment: TraceEnvironment;
  readonly #requestId: string;
  #http: Span | undefined;
  #operation: Span | undefined;
  #name: string | undefined;

  constructor(environment: TraceEnvironment, requestId: string, root: { http: Span } | { operation: Span }) {
    super(environment, 'http' in root ? root.http : root.operation);
    this.#environment = environment;
    this.#requestId = requestId;
    if ('http' in root) this.#http = root.http;
    else this.#operation = root.operation;
  }

  operationStarted(): void {
    if (!this.isSampled || this.#operation || !this.#http) return;
    this.#operation = this.child(UNKNOWN_OPERATION, { 'writ.request_id': this.#requestId });
    this.innermost = this.#operation;
  }

  operationKnown({ type, name }: { type: string; name: string | undefined }): void {
    if (!this.#operation || !this.isSampled) return;
    this.#name = name?.slice(0, MAX_NAME_LENGTH);
    this.#operation.updateName(type);
    this.#operation.setAttribute('graphql.operation.type', type);
    if (this.#name !== undefined) this.#operation.setAttribute('graphql.operation.name', this.#name);
  }

  operationEnded(errorCodes: Iterable<string>, { streams } = { streams: false }): void {
    if (this.#operation) {
      if (this.isSampled) markFailed(this.#operation, errorCodes);
      this.#operation.end();
      this.#operation = undefined;
      this.innermost = this.#http;
    }
    // A subscription's response is an event stream: 200.
    if (streams) this.responded({ status: 200, aborted: false });
  }

  responded({ status, aborted }: { status: number; aborted: boolean }): void {
    if (this.#operation && this.#http) this.operationEnded([]);
    const http = this.#http;
    this.#http = undefined;
    this.innermost = undefined;
    if (!http) return;
    if (this.isSampled) {
      http.setAttribute('http.response.status_code', status);
      if (status >= 500) http.setStatus({ code: SpanStatusCode.ERROR });
      const problem = aborted ? 'aborted' : status >= 500 ? `${status}` : undefined;
      if (problem !== undefined) http.setAttribute('error.type', problem);
    }
    http.end();
  }

  event(): EventTrace | undefined {
    if (!this.isSampled) return undefined;
    const attributes = {
      'graphql.operation.type': 'subscription',
      'writ.request_id': this.#requestId,
      ...(this.#name !== undefined && { 'graphql.operation.name': this.#name }),
    };
    const root = this.following('subscription event', attributes);
    const event = new Trace(this.#environment, root);
    const { observer, runStep } = event;
    return {
      observer,
      runStep,
      end() {
        event.innermost = undefined;
        root.end();
      },
    };
  }
}
