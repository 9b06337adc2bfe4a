import { Unavailable } from '../errors.ts';
import { type ResourceAttributes, toReviewAttributes } from '../kubernetes/resource-attributes.ts';
import { SELF_SUBJECT_ACCESS_REVIEWS, SELF_SUBJECT_REVIEWS } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';

/** The caller, as the cluster has authenticated it. `uid` is empty for users without one (client certificates). */
export interface Subject {
  username: string;
  uid: string;
  groups: string[];
}

export interface AccessReview {
  allowed: boolean;
  reason: string | null;
}

/** SelfSubjectAccessReview (authorization.k8s.io/v1) with the user's own token. Never cached. */
export async function reviewAccess(user: UserCluster, attributes: ResourceAttributes): Promise<AccessReview> {
  const { status } = await user.selfReview<{
    status?: { allowed?: boolean; denied?: boolean; reason?: string };
  }>(SELF_SUBJECT_ACCESS_REVIEWS, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: toReviewAttributes(attributes) },
  });
  if (typeof status?.allowed !== 'boolean')
    throw new Unavailable('The cluster returned an access review without a result');
  return { allowed: status.allowed && status.denied !== true, reason: status.reason || null };
}

/** SelfSubjectReview (authentication.k8s.io/v1) with the user's own token. Never cached. */
export async function reviewSubject(user: UserCluster): Promise<Subject> {
  const review = await user.selfReview<{
    status?: { userInfo?: { username?: string; uid?: string; groups?: string[] } };
  }>(SELF_SUBJECT_REVIEWS, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
  const info = review.status?.userInfo;
  if (!info?.username) throw new Unavailable('The cluster returned a SelfSubjectReview without a username');
  return { username: info.username, uid: info.uid ?? '', groups: info.groups ?? [] };
}
