import type { RequestBudget } from '../budgets/request-budget.ts';

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
  /** Called with each warning of the API server about a write. */
  onWarning?(text: string): void;
  /** What the calls count towards. Absent for Writ's own calls outside of any request. */
  readonly budget?: RequestBudget;
}

/** The scope of calls outside of any request: one signal ends reads and writes. */
export function createScope(id: string, signal: AbortSignal): CallScope {
  return { requestId: id, signal, deadline: signal, nextAuditId: callIds(id).nextAuditId };
}

/** @param id of the request, or the ids of another scope, which go on */
export function createRequestScope(
  id: string | CallIds,
  signal: AbortSignal,
  timeoutMs: number,
  more: Pick<CallScope, 'budget' | 'onWarning'> = {},
): CallScope {
  const endsAt = performance.now() + timeoutMs;
  const { requestId, nextAuditId } = typeof id === 'string' ? callIds(id) : id;
  let deadline: AbortSignal | undefined;
  return {
    requestId,
    signal,
    // Created on first use: most requests write nothing and need no timer.
    get deadline() {
      const left = Math.ceil(endsAt - performance.now());
      deadline ??= left > 0 ? AbortSignal.timeout(left) : AbortSignal.abort();
      return deadline;
    },
    endsAt,
    nextAuditId,
    ...more,
  };
}

export type CallIds = Pick<CallScope, 'requestId' | 'nextAuditId'>;

/** The ids of calls: `<id>.1`, `<id>.2` and so on. */
export function callIds(id: string): CallIds {
  let calls = 0;
  return { requestId: id, nextAuditId: () => `${id}.${++calls}` };
}
