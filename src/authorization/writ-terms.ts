import type { ResourceAttributes } from '../errors.ts';
import type { RequestScope } from '../kubernetes/scope.ts';
import type { BackendCluster } from './backend-cluster.ts';
import type { Act, GrantName, Target } from './grants.ts';
import type { Subject } from './reviews.ts';

/** One privileged act, as it is logged. */
export interface ActRecord {
  act: Act;
  grant: GrantName;
  subject: Subject;
  reviewed: ResourceAttributes;
  object: { kind: string; namespace: string; name?: string | undefined; uid?: string | undefined };
  outcome: 'done' | 'failed';
  requestId: string;
  durationMs: number;
}

export interface WritTerms {
  grant: GrantName;
  target: Target;
  subject: Subject;
  reviewed: ResourceAttributes;
  /** When the review was answered: `performance.now()`. */
  reviewedAt: number;
  scope: RequestScope;
  backend: BackendCluster;
  /** The first act must start within this time of the review, in ms. */
  maxAgeMs: number;
  audit: (record: ActRecord) => void;
}
