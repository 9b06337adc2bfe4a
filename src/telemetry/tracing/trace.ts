import type { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { toWritError } from '../../errors.ts';
import type { CallObserver, ObservedCall, SentCall } from '../../kubernetes/call-observer.ts';
import type { RunStep } from '../../kubernetes/scope.ts';
import { attributesOfCall, attributesOfOutcome, isFailure, nameOfCall } from './call-span.ts';
import { AFTER_SAMPLED } from './sampler.ts';
import { traceParentOf } from './trace-parent.ts';

/** What all traces of a process share. */
export interface TraceEnvironment {
  tracer: Tracer;
  /** The step that runs. */
  current: AsyncLocalStorage<CurrentStep>;
  /** Of the API server. */
  server: Attributes;
  propagate: boolean;
}

/** Work that waits for its turn can be continued by another request: so a step is only used by its own trace. */
export interface CurrentStep {
  trace: Trace;
  span: Span;
}

const NOT_RECORDED: ObservedCall = { ended() {} };

/** The spans of a request, of an event or of a pass: its steps, and the calls that they make. */
export class Trace {
  readonly observer: CallObserver = { sent: (call) => this.sent(call) };
  readonly runStep: RunStep = (step, perform) => this.#runStep(step, perform);
  readonly #environment: TraceEnvironment;
  readonly #root: Span;
  readonly #isSampled: boolean;
  #notSampled: ObservedCall | undefined;
  /** The innermost open span, outside of steps. Undefined at the end. */
  innermost: Span | undefined;
  hasCalls = false;

  constructor(environment: TraceEnvironment, root: Span) {
    this.#environment = environment;
    this.#root = root;
    this.#isSampled = (root.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
    this.innermost = root;
  }

  get traceId(): string {
    return this.#root.spanContext().traceId;
  }
  get root(): Span {
    return this.#root;
  }
  get isSampled(): boolean {
    return this.#isSampled;
  }

  /** A span below the innermost one. */
  child(name: string, attributes: Attributes = {}, kind = SpanKind.INTERNAL): Span {
    const parent = this.#parent();
    const { tracer } = this.#environment;
    if (parent) return tracer.startSpan(name, { attributes, kind }, trace.setSpan(ROOT_CONTEXT, parent));
    // What goes on after the end, such as the feed of a subscription, would let the trace grow for hours.
    return this.following(name, attributes, kind);
  }

  /** The root of another trace, which links to this one. It is sampled as this one is. */
  following(name: string, attributes: Attributes, kind = SpanKind.INTERNAL): Span {
    const links = [{ context: this.#root.spanContext() }];
    return this.#environment.tracer.startSpan(name, { attributes, kind, links, root: true }, AFTER_SAMPLED);
  }

  sent(call: SentCall): ObservedCall {
    this.hasCalls = true;
    if (!this.#isSampled) return this.#sentUnsampled();
    const attributes = { ...attributesOfCall(call), ...this.#environment.server };
    const span = this.child(nameOfCall(call), attributes, SpanKind.CLIENT);
    return {
      ...(this.#environment.propagate && { headers: traceParentOf(span.spanContext()) }),
      ended(outcome) {
        span.setAttributes(attributesOfOutcome(call, outcome));
        if (isFailure(call, outcome)) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  /** The API server learns that the trace is not sampled. */
  #sentUnsampled(): ObservedCall {
    if (!this.#environment.propagate || !this.innermost) return NOT_RECORDED;
    this.#notSampled ??= { ...NOT_RECORDED, headers: traceParentOf(this.#root.spanContext()) };
    return this.#notSampled;
  }

  #runStep<T>({ name, attributes }: Parameters<RunStep>[0], perform: () => T): T {
    if (!this.#isSampled || !this.innermost) return perform();
    const span = this.child(name, attributes);
    return endWith(span, () => this.#environment.current.run({ trace: this, span }, perform));
  }

  #parent(): Span | undefined {
    const step = this.#environment.current.getStore();
    return step?.trace === this && step.span.isRecording() ? step.span : this.innermost;
  }
}

/** Performs something, and ends the span when it is done. */
function endWith<T>(span: Span, perform: () => T): T {
  const failed = (error: unknown) => {
    markFailed(span, [toWritError(error).code]);
    span.end();
  };
  let result: T;
  try {
    result = perform();
  } catch (error) {
    failed(error);
    throw error;
  }
  if (result instanceof Promise) result.then(() => span.end(), failed);
  else span.end();
  return result;
}

/** Codes by which the client is not at fault. */
const SERVER_ERRORS = new Set(['INTERNAL', 'UNAVAILABLE', 'TIMEOUT']);

/** Notes the codes of errors. Their messages can have what users have typed. */
export function markFailed(span: Span, codes: Iterable<string>): void {
  const [code] = codes;
  if (code === undefined) return;
  span.setAttribute('error.type', code);
  if (SERVER_ERRORS.has(code)) span.setStatus({ code: SpanStatusCode.ERROR });
}
