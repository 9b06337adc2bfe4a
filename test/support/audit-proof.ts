import type { RecordedRequest } from '../../src/sandbox/sandbox.ts';
import type { AuditEvent } from '../cluster/audit-log.ts';
import { type GuardedOperation, guardViolations } from './guard-check.ts';

/** One request to Writ, and whose it was. */
export interface AuditedOperation extends GuardedOperation {
  /** The response's x-request-id: every call to the cluster carries it in its Audit-ID. */
  requestId: string;
  coordinate: string;
}

export interface AuditProof {
  operations: number;
  calls: number;
  reviews: number;
  writesByBackend: number;
  violations: string[];
}

/**
 * Holds what the cluster itself wrote down against what was asked of Writ: whose each call was, and for each write by
 * the backend the review before it, by the API server's own clock.
 */
export function proveFromAuditLog(events: AuditEvent[], operations: AuditedOperation[]): AuditProof {
  const byRequest = Map.groupBy(
    events.filter((event) => event.userAgent?.startsWith('writ/')),
    (event) => event.auditID.split('.')[0] ?? '',
  );
  const known = new Set(operations.map(({ requestId }) => requestId));
  const proof: AuditProof = {
    operations: operations.length,
    calls: 0,
    reviews: 0,
    writesByBackend: 0,
    violations: [],
  };

  for (const [requestId, stray] of byRequest) {
    if (known.has(requestId) || requestId === 'probe') continue;
    proof.violations.push(`calls of no operation: ${stray.map(describe).join(', ')}`);
  }
  for (const operation of operations) {
    const calls = (byRequest.get(operation.requestId) ?? []).sort((a, b) =>
      a.requestReceivedTimestamp.localeCompare(b.requestReceivedTimestamp),
    );
    const violations = [
      ...guardViolations(calls.map(asRecorded), operation),
      ...writesBeforeReview(calls, operation),
      ...(calls.length === 0 ? ['no call in the audit log'] : []),
    ];
    proof.calls += calls.length;
    proof.reviews += calls.filter(isAccessReview).length;
    proof.writesByBackend += calls.filter(
      (event) => event.user.username === operation.backend && !isAccessReview(event),
    ).length;
    proof.violations.push(
      ...violations.map((said) => `${operation.coordinate} as ${operation.user}: ${said}`),
    );
  }
  return proof;
}

/** The review must have been answered before the API server received the write. */
function writesBeforeReview(calls: AuditEvent[], { backend, user, schedule }: AuditedOperation): string[] {
  const reviewer = schedule ? backend : user;
  const answered = calls
    .filter((event) => isAccessReview(event) && event.user.username === reviewer)
    .filter((event) => event.responseObject?.status?.allowed === true)
    .map((event) => event.stageTimestamp);
  return calls
    .filter((event) => event.user.username === backend && !isAccessReview(event))
    .filter((write) => !answered.some((at) => at <= write.requestReceivedTimestamp))
    .map((write) => `received before a review was answered: ${describe(write)}`);
}

function isAccessReview({ objectRef }: AuditEvent): boolean {
  return ['selfsubjectaccessreviews', 'localsubjectaccessreviews'].includes(objectRef?.resource ?? '');
}

function describe({ user, verb, requestURI }: AuditEvent): string {
  return `${user.username}: ${verb} ${requestURI}`;
}

function asRecorded(event: AuditEvent): RecordedRequest {
  const { objectRef = {} } = event;
  return {
    at: Date.parse(event.requestReceivedTimestamp),
    user: event.user.username,
    method: '',
    path: event.requestURI,
    verb: event.verb,
    group: objectRef.apiGroup ?? '',
    resource: objectRef.resource ?? '',
    auditId: event.auditID,
    status: event.responseStatus?.code ?? 0,
    body: event.responseObject,
    ...(objectRef.subresource !== undefined && { subresource: objectRef.subresource }),
    ...(objectRef.namespace !== undefined && { namespace: objectRef.namespace }),
    ...(objectRef.name !== undefined && { name: objectRef.name }),
  };
}
