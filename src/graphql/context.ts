import type { Authorize } from '../authorization/authorize.ts';
import type { AccessReview, Subject } from '../authorization/reviews.ts';
import type { ResourceAttributes } from '../errors.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { RunnerMode, RunTemplate } from '../sessions/run/run-template.ts';
import type { Loaders } from './loaders.ts';

/** What a resolver has: the cluster as the caller, and no other identity. */
export interface Context {
  user: UserCluster;
  subject: Subject;
  /** A review for display, a few seconds old at the most. Nothing is written on the strength of it. */
  can(attributes: ResourceAttributes): Promise<AccessReview>;
  /**
   * As `can`, for one of many objects of a namespace: asked of all of them first, then by the rules of the namespace,
   * so that a page costs a few reviews; alone only where the rules do not say all.
   */
  canOneOfMany(attributes: ResourceAttributes & { namespace: string; name: string }): Promise<AccessReview>;
  authorize: Authorize;
  /** Made anew before each mutation, so that what it changed is read again. */
  loaders: Loaders;
  refreshLoaders(): void;
  runTemplate: RunTemplate;
  runnerMode: RunnerMode;
  /** How many objects a field may read to filter or sort them. */
  scanLimit: number;
  /** Whether the cluster refuses origin fields from any identity but Writ's. */
  originPolicyInForce: boolean;
}
