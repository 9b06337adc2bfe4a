import { Unavailable } from '../errors.ts';
import { oneLine } from './one-line.ts';
import { type ResourceAttributes, toReviewAttributes } from './resource-attributes.ts';
import type { CallScope } from './scope.ts';

export interface AccessReview {
  allowed: boolean;
  reason: string | null;
}

/** SelfSubjectAccessReview (authorization.k8s.io/v1): whether the identity of the call may do this. */
export function accessReviewOf(attributes: ResourceAttributes): object {
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: toReviewAttributes(attributes) },
  };
}

/** A user as an authenticator has described them, for a review of that user's rights. */
export interface ReviewedUser {
  username: string;
  uid: string;
  groups: string[];
  extra: Record<string, string[]>;
}

/** LocalSubjectAccessReview (authorization.k8s.io/v1): whether a user may do this in the namespace. */
export function localAccessReviewOf(
  { username, uid, groups, extra }: ReviewedUser,
  attributes: ResourceAttributes & { namespace: string },
): object {
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'LocalSubjectAccessReview',
    metadata: { namespace: attributes.namespace },
    spec: { resourceAttributes: toReviewAttributes(attributes), user: username, uid, groups, extra },
  };
}

/** Performs a review, and tells its scope the outcome. @param purpose from a closed list */
export async function observedReview(
  { onReview }: Pick<CallScope, 'onReview'>,
  purpose: string,
  perform: () => Promise<AccessReview>,
): Promise<AccessReview> {
  try {
    const review = await perform();
    onReview?.(purpose, review.allowed ? 'allowed' : 'denied');
    return review;
  } catch (error) {
    onReview?.(purpose, 'error');
    throw error;
  }
}

/** A name of RBAC has at most 253 characters, and a reason names up to five of them. */
const MAX_REASON_LENGTH = 2_000;

/** The result of a review. Unavailable if it has none. The reason is the text of any authorizer of the cluster. */
export function parseAccessReview(review: unknown): AccessReview {
  const { status } = review as { status?: { allowed?: boolean; denied?: boolean; reason?: string } };
  if (typeof status?.allowed !== 'boolean')
    throw new Unavailable('The cluster returned an access review without a result');
  const reason = typeof status.reason === 'string' ? oneLine(status.reason, MAX_REASON_LENGTH) : '';
  return { allowed: status.allowed && status.denied !== true, reason: reason || null };
}
