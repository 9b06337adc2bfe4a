import type { CallIdentity } from './call-identity.ts';
import type { ApiCall } from './calls.ts';
import { codeOf } from './connection/failure.ts';
import type { ResourceAttributes } from './resource-attributes.ts';

/** A request that is sent to the API server. If it is sent again, that is another one, with an Audit-ID of its own. */
export interface SentCall {
  readonly auditId: string;
  readonly identity: CallIdentity;
  readonly method: ApiCall['method'];
  /** With the query string. */
  readonly path: string;
  readonly attributes: ResourceAttributes;
  /** The request's body before its encoding as JSON. It can contain credentials. */
  readonly body: unknown;
}

/** How a call ended: with a status, or without one if no response arrived. */
export interface CallOutcome {
  statusCode?: number;
  /** Why the response is missing or incomplete: a code of the HTTP client or of Node, or the name of an error. */
  errorType?: string;
  /** Of the response's body. Absent for a stream. */
  responseBytes?: number;
  durationMs: number;
}

/** Told of each call to the API server. It must not throw, and must not keep what it is given beyond the call. */
export interface CallObserver {
  /** Called right before the call is sent. */
  sent(call: SentCall): ObservedCall;
}

export interface ObservedCall {
  /** Sent with the call. */
  headers?: Record<string, string>;
  /** Called once: when the response has been read, for a stream when its headers have arrived, or when the call has failed. */
  ended(outcome: CallOutcome): void;
}

/** One call that is told to all its observers. */
export class CallObservation {
  /** Once the headers of the response have arrived. */
  statusCode: number | undefined;
  readonly #observed: readonly ObservedCall[];
  readonly #startedAt = performance.now();
  #hasEnded = false;

  constructor(observers: readonly CallObserver[], call: SentCall) {
    this.#observed = observers.map((observer) => observer.sent(call));
  }

  get headers(): Record<string, string> {
    return Object.assign({}, ...this.#observed.map(({ headers }) => headers));
  }

  ended(outcome: Pick<CallOutcome, 'errorType' | 'responseBytes'> = {}): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { statusCode } = this;
    const durationMs = performance.now() - this.#startedAt;
    for (const observed of this.#observed) {
      observed.ended({ ...(statusCode !== undefined && { statusCode }), ...outcome, durationMs });
    }
  }

  failed(error: unknown): void {
    this.ended({ errorType: codeOf(error) ?? (error instanceof Error ? error.name : typeof error) });
  }
}
