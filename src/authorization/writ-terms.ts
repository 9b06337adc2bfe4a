import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import type { CallScope } from '../kubernetes/scope.ts';
import type { SentCalls } from '../kubernetes/sent-calls.ts';
import type { AuditRecord } from '../telemetry/audit.ts';
import type { BackendCluster } from './backend-cluster.ts';
import type { Act, GrantName, Target } from './grants.ts';
import type { Subject, SubjectExtra } from './reviews.ts';

/** The audit record of a privileged act. */
export interface ActRecord extends AuditRecord<Act> {
  grant: GrantName;
  subject: Subject;
  reviewed: ResourceAttributes;
  /** The username of the schedule's ServiceAccount that called, if the review was of the schedule's owner: the subject. */
  calledBy?: string;
}

export interface WritTerms {
  grant: GrantName;
  target: Target;
  subject: Subject;
  /** Of the subject. Absent if the review was not of the caller. */
  extra?: SubjectExtra;
  reviewed: ResourceAttributes;
  /** As in {@link ActRecord}. */
  calledBy?: string;
  /** When the review was requested: `performance.now()`. */
  reviewedAt: number;
  /** The same by Writ's clock. */
  reviewedOn: Date;
  /** Those of the review, and of all acts until now. */
  calls: SentCalls;
  scope: CallScope;
  backend: BackendCluster;
  /** The first act must start within this time after `reviewedAt`, in ms. */
  maxAgeMs: number;
  audit: (record: ActRecord) => void;
}
