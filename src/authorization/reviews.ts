import { Unavailable } from '../errors.ts';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import type { ResourceType } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';

/** Who the cluster says that the caller is. `uid` is empty for users that have none (certificates). */
export interface Subject {
  username: string;
  uid: string;
  groups: string[];
}

export interface AccessReview {
  allowed: boolean;
  reason: string | null;
}

const ACCESS_REVIEWS = clusterScoped(
  'authorization.k8s.io',
  'selfsubjectaccessreviews',
  'SelfSubjectAccessReview',
);
const SUBJECT_REVIEWS = clusterScoped('authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview');

function clusterScoped(group: string, resource: string, kind: string): ResourceType {
  return { group, version: 'v1', resource, kind, namespaced: false };
}

/** SelfSubjectAccessReview (authorization.k8s.io/v1) with the user's own token. Never cached. */
export async function reviewAccess(user: UserCluster, attributes: ResourceAttributes): Promise<AccessReview> {
  const answer = await user.selfReview<{ status?: { allowed?: boolean; denied?: boolean; reason?: string } }>(
    ACCESS_REVIEWS,
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: toReviewAttributes(attributes) },
    },
  );
  const status = answer.status;
  if (typeof status?.allowed !== 'boolean')
    throw new Unavailable('The cluster gave a review without an answer');
  return { allowed: status.allowed && status.denied !== true, reason: status.reason || null };
}

/** SelfSubjectReview (authentication.k8s.io/v1) with the user's own token. Never cached. */
export async function reviewSubject(user: UserCluster): Promise<Subject> {
  const answer = await user.selfReview<{
    status?: { userInfo?: { username?: string; uid?: string; groups?: string[] } };
  }>(SUBJECT_REVIEWS, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
  const info = answer.status?.userInfo;
  if (!info?.username) throw new Unavailable('The cluster gave a review without a user');
  return { username: info.username, uid: info.uid ?? '', groups: info.groups ?? [] };
}

/**
 * The attributes as the API server would see them on the real request, which a review must match exactly:
 * - a create of a collection has no name: with one, a rule with resourceNames would say yes where the POST is 403;
 * - a request on a namespace carries that name as its namespace too, so that roles in it count.
 */
export function toReviewAttributes(attributes: ResourceAttributes): ResourceAttributes {
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const isCollectionCreate = (verb === 'create' || verb === 'deletecollection') && !subresource;
  const isNamespace = group === '' && resource === 'namespaces';
  return {
    verb,
    group,
    resource,
    ...(subresource && { subresource }),
    ...(isNamespace ? name && !isCollectionCreate && { namespace: name } : namespace && { namespace }),
    ...(name && !isCollectionCreate && { name }),
  };
}
