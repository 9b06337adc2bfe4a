import { Unavailable } from '../errors.ts';
import {
  type AccessReview,
  accessReviewOf,
  observedReview,
  parseAccessReview,
} from '../kubernetes/access-review.ts';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { SELF_SUBJECT_ACCESS_REVIEWS, SELF_SUBJECT_REVIEWS } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';

/** The caller, as the cluster has authenticated it. `uid` is empty for users without one (client certificates). */
export interface Subject {
  username: string;
  uid: string;
  groups: string[];
}

/** What the cluster is asked for: before a write, to show what a user may do, while one follows changes, for a schedule. */
export type ReviewPurpose = 'mutation' | 'display' | 'subscription' | 'owner';

/** SelfSubjectAccessReview (authorization.k8s.io/v1) with the user's own token. Never cached. */
export function reviewAccess(
  user: UserCluster,
  attributes: ResourceAttributes,
  purpose: ReviewPurpose,
): Promise<AccessReview> {
  return observedReview(user.scope, purpose, async () =>
    parseAccessReview(await user.selfReview(SELF_SUBJECT_ACCESS_REVIEWS, accessReviewOf(attributes))),
  );
}

/** Further attributes that an authenticator gives a user, and an authorizer may need. */
export type SubjectExtra = Record<string, string[]>;

/** SelfSubjectReview (authentication.k8s.io/v1) with the user's own token. Never cached. */
export async function reviewSubject(user: UserCluster): Promise<Subject> {
  return (await reviewUser(user)).subject;
}

/** As {@link reviewSubject}, with all that the cluster says of the user. */
export async function reviewUser(user: UserCluster): Promise<{ subject: Subject; extra: SubjectExtra }> {
  const review = await user.selfReview<{
    status?: { userInfo?: { username?: string; uid?: string; groups?: string[]; extra?: SubjectExtra } };
  }>(SELF_SUBJECT_REVIEWS, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
  const info = review.status?.userInfo;
  if (!info?.username) throw new Unavailable('The cluster returned a SelfSubjectReview without a username');
  const subject = { username: info.username, uid: info.uid ?? '', groups: info.groups ?? [] };
  return { subject, extra: info.extra ?? {} };
}
