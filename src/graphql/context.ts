import type { Authorize } from '../authorization/authorize.ts';
import type { RequestReviews } from '../authorization/request-reviews.ts';
import type { Subject } from '../authorization/reviews.ts';
import type { Keys } from '../keys/shared-keys.ts';
import type { Reader } from '../kubernetes/reader.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { Runners } from '../model/run-template.ts';
import type { Loaders } from './loaders.ts';
import type { CursorCodec } from './relay/cursor.ts';

/** The context of a request: the cluster as the caller, and no other identity. */
export interface Context {
  /** For use cases, which also write as the caller. */
  user: UserCluster;
  /** For resolvers, which only read. */
  reader: Reader;
  subject: Subject;
  /** For display only: no write depends on one of these reviews. */
  reviews: Pick<RequestReviews, 'can' | 'canOneOfMany'>;
  authorize: Authorize;
  loaders: Loaders;
  /** Drops everything that the request has read, so that fields after a mutation see its effect. */
  refresh(): void;
  /** Cursors of the caller. */
  cursors: CursorCodec;
  keys: Pick<Keys, 'idempotency'>;
  runners: Runners;
  /** The maximum number of objects that a field reads to filter, sort or group them. */
  scanLimit: number;
  /** Whether an admission policy prevents every identity except Writ from changing the origin of a session. */
  originPolicyInForce: boolean;
}
