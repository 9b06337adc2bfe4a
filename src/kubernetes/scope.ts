/**
 * What all calls to the cluster for one GraphQL request share: its id, which the cluster's audit log then shows,
 * and the signals that end them.
 */
export interface RequestScope {
  readonly requestId: string;
  /** Ends reads: the client went away, or the request's deadline passed. */
  readonly signal: AbortSignal;
  /** Ends writes: the deadline alone, so that a client that hangs up leaves nothing half made. */
  readonly deadline: AbortSignal;
  /** The next `Audit-ID`: `<request id>.<sequence number>`. */
  nextAuditId(): string;
}

export function createRequestScope(requestId: string, signal: AbortSignal, timeoutMs: number): RequestScope {
  const endsAt = performance.now() + timeoutMs;
  let deadline: AbortSignal | undefined;
  let calls = 0;
  return {
    requestId,
    signal,
    // Most requests write nothing and need no timer.
    get deadline() {
      const left = Math.ceil(endsAt - performance.now());
      deadline ??= left > 0 ? AbortSignal.timeout(left) : AbortSignal.abort();
      return deadline;
    },
    nextAuditId() {
      calls += 1;
      return `${requestId}.${calls}`;
    },
  };
}
