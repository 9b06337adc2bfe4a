import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';

/** What a privileged mutation has sent to the cluster, to be compared with the cluster's audit log. */
export interface Receipt {
  requestId: string;
  /** The Audit-IDs of the review's calls and of all calls of acts, in order of sending. */
  auditIds: string[];
  /** Those without a response: the API server may have performed them, or has never received them. */
  unansweredAuditIds: string[];
  /** What was reviewed, and allowed. */
  reviewed: ResourceAttributes;
  /** When the review was requested, by Writ's clock (RFC 3339). */
  reviewedAt: string;
}
