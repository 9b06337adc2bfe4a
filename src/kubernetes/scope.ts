import type { RequestBudget } from '../budgets/request-budget.ts';
import type { CallObserver } from './call-observer.ts';
import type { OnWrite } from './observed-write.ts';

/** @param purpose what the review was for, from a closed list of the caller's */
export type OnReview = (purpose: string, decision: 'allowed' | 'denied' | 'error') => void;

/** Runs a step of a request that makes calls, which are told to be part of it. */
export type RunStep = <T>(step: { name: string; attributes?: Record<string, number> }, perform: () => T) => T;

/**
 * What the calls of one GraphQL request, or of one pass of the controller, share: an id, which the cluster's audit log
 * shows, and the signals that end them.
 */
export interface CallScope {
  readonly requestId: string;
  /** Ends reads: the client has disconnected, or the request's deadline has passed. */
  readonly signal: AbortSignal;
  /** Ends writes: only the deadline does, so that a client that disconnects leaves nothing half done. */
  readonly deadline: AbortSignal;
  /** When the deadline passes: `performance.now()`. Absent: not known in advance. */
  readonly endsAt?: number;
  /** The next `Audit-ID`: `<request id>.<sequence number>`. */
  nextAuditId(): string;
  /** Told of each call. */
  readonly observers?: readonly CallObserver[];
  /** Absent: nobody is told of steps. */
  readonly runStep?: RunStep;
  /** Called with each warning of the API server about a write. */
  onWarning?(text: string): void;
  /** Called before each write that is sent. @returns is called when it has ended */
  onWrite?: OnWrite | undefined;
  /** Called with the outcome of each access review, and what it was for. */
  onReview?: OnReview | undefined;
  /** What the calls count towards. Absent for Writ's own calls outside of any request. */
  readonly budget?: RequestBudget;
}

/**
 * One signal ends reads and writes.
 *
 * @param id of the scope, or the ids of another one, which go on
 */
export function createScope(id: string | CallIds, signal: AbortSignal): CallScope {
  return { ...idsOf(id), signal, deadline: signal };
}

/** @param id of the request, or the ids of another scope, which go on */
export function createRequestScope(
  id: string | CallIds,
  signal: AbortSignal,
  timeoutMs: number,
  more: Pick<CallScope, 'budget' | 'onWarning' | 'onReview' | 'onWrite'> = {},
): CallScope {
  const endsAt = performance.now() + timeoutMs;
  let deadline: AbortSignal | undefined;
  return {
    ...idsOf(id),
    signal,
    // Created on first use: most requests write nothing and need no timer.
    get deadline() {
      const left = Math.ceil(endsAt - performance.now());
      deadline ??= left > 0 ? AbortSignal.timeout(left) : AbortSignal.abort();
      return deadline;
    },
    endsAt,
    ...more,
  };
}

/** The same scope, whose calls are told to one more observer. */
export function observedScope(scope: CallScope, observer: CallObserver): CallScope {
  const observers = [...(scope.observers ?? []), observer];
  // By inheritance: a copy would start the timer of `deadline`.
  return Object.create(scope, { observers: { value: observers, enumerable: true } }) as CallScope;
}

/** What all scopes of one request share. */
export type CallIds = Pick<CallScope, 'requestId' | 'nextAuditId' | 'observers' | 'runStep'>;

/** The ids of calls: `<id>.1`, `<id>.2` and so on. */
export function callIds(
  id: string,
  observers: readonly CallObserver[] = [],
  runStep?: RunStep,
): CallIds & { /** How many were given. */ count(): number } {
  let calls = 0;
  return {
    requestId: id,
    nextAuditId: () => `${id}.${++calls}`,
    observers,
    ...(runStep && { runStep }),
    count: () => calls,
  };
}

/** The ids alone, for a scope that goes on where another one ends. */
export function idsOf(id: string | CallIds): CallIds {
  if (typeof id === 'string') return callIds(id);
  const { requestId, nextAuditId, observers = [], runStep } = id;
  return { requestId, nextAuditId, observers, ...(runStep && { runStep }) };
}
