/** One write of Writ's own identities, as it is logged. */
export interface AuditRecord<Act extends string = string> {
  act: Act;
  object: { kind: string; namespace: string; name?: string | undefined; uid?: string | undefined };
  outcome: 'done' | 'failed';
  /** Also part of the Audit-ID of the call in the cluster's own audit log. */
  requestId: string;
  durationMs: number;
}

export interface AuditedWrite<Act extends string> {
  act: Act;
  kind: string;
  namespace: string;
  /** Undefined if the cluster generates it. */
  name: string | undefined;
  requestId: string;
}

/** Performs a write and logs one record of it, whether it succeeds or fails. */
export async function audited<Act extends string, T>(
  { act, kind, namespace, name, requestId }: AuditedWrite<Act>,
  log: (record: AuditRecord<Act>) => void,
  perform: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const record = (outcome: AuditRecord['outcome'], stored?: StoredObject | null) =>
    log({
      act,
      object: { kind, namespace, name: stored?.metadata?.name ?? name, uid: stored?.metadata?.uid },
      outcome,
      requestId,
      durationMs: Math.round(performance.now() - startedAt),
    });
  try {
    const result = await perform();
    record('done', result as StoredObject | null);
    return result;
  } catch (error) {
    record('failed');
    throw error;
  }
}

/** What the cluster returns for a write of an object; a Status has no UID. */
interface StoredObject {
  metadata?: { name?: string; uid?: string };
}
