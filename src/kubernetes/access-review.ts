import { Unavailable } from '../errors.ts';
import { type ResourceAttributes, toReviewAttributes } from './resource-attributes.ts';

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

/** The result of a review. Unavailable if it has none. */
export function parseAccessReview(review: unknown): AccessReview {
  const { status } = review as { status?: { allowed?: boolean; denied?: boolean; reason?: string } };
  if (typeof status?.allowed !== 'boolean')
    throw new Unavailable('The cluster returned an access review without a result');
  return { allowed: status.allowed && status.denied !== true, reason: status.reason || null };
}
