/** The audit record of a write by one of Writ's own identities. */
export interface AuditRecord<Act extends string = string> {
  act: Act;
  object: { kind: string; namespace: string; name?: string | undefined; uid?: string | undefined };
  outcome: 'done' | 'failed';
  /** The cluster's own audit log has it as the prefix of the call's Audit-ID. */
  requestId: string;
  /**
   * The Audit-IDs of the calls that were sent for it, in order: of the write, of the same write sent again, and after a denial of
   * reviews of the identity's own rights. Empty if nothing was sent.
   */
  auditIds: string[];
  /** Those without a response: the API server may have performed them, or has never received them. Absent if there are none. */
  unansweredAuditIds?: string[];
  durationMs: number;
}

/** The calls of a write, which it adds to. */
interface WriteCalls {
  readonly auditIds: string[];
  readonly unansweredAuditIds: string[];
}

interface AuditedWrite<Act extends string> {
  act: Act;
  kind: string;
  namespace: string;
  /** Undefined if the cluster generates it. */
  name: string | undefined;
  requestId: string;
  calls: WriteCalls;
}

/** Performs a write and logs its record, whether it succeeds or fails. */
export async function audited<Act extends string, T>(
  { act, kind, namespace, name, requestId, calls }: AuditedWrite<Act>,
  log: (record: AuditRecord<Act>) => void,
  perform: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const record = (outcome: AuditRecord['outcome'], stored?: StoredObject | null) => {
    const { auditIds, unansweredAuditIds } = calls;
    log({
      act,
      object: { kind, namespace, name: stored?.metadata?.name ?? name, uid: stored?.metadata?.uid },
      outcome,
      requestId,
      auditIds,
      ...(unansweredAuditIds.length > 0 && { unansweredAuditIds }),
      durationMs: Math.round(performance.now() - startedAt),
    });
  };
  let result: T;
  try {
    result = await perform();
  } catch (error) {
    record('failed');
    throw error;
  }
  record('done', result as StoredObject | null);
  return result;
}

/** The cluster's response to a write: the object, or a Status, which has neither name nor UID in its metadata. */
interface StoredObject {
  metadata?: { name?: string; uid?: string };
}
