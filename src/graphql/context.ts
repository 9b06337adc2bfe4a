import type { Authorize } from '../authorization/authorize.ts';
import type { RequestReviews } from '../authorization/request-reviews.ts';
import type { Subject } from '../authorization/reviews.ts';
import type { Reader } from '../kubernetes/reader.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { Runners } from '../model/run-template.ts';
import type { Loaders } from './loaders.ts';

/** What a resolver has: the cluster as the caller, and no other identity. */
export interface Context {
  /** For use cases, which also write as the caller. */
  user: UserCluster;
  /** For resolvers: reads as the caller. */
  reader: Reader;
  subject: Subject;
  /** For display only: nothing is written because of one of these reviews. */
  reviews: Pick<RequestReviews, 'can' | 'canOneOfMany'>;
  authorize: Authorize;
  loaders: Loaders;
  /** Before each mutation: drops what the request has read, so that later fields see the mutation's effect. */
  refresh(): void;
  runners: Runners;
  /** How many objects a field may read to filter or sort them. */
  scanLimit: number;
  /** Whether the cluster refuses changes of a session's origin by any identity but Writ's. */
  originPolicyInForce: boolean;
}
