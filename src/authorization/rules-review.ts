import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { SELF_SUBJECT_RULES_REVIEWS } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';

/** authorization.k8s.io/v1 ResourceRule. */
interface ResourceRule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

/** A user's rules in a namespace. For display only: Kubernetes says not to base authorization decisions on them. */
export interface Rules {
  /** Whether an authorizer could not list all of its rules: it may then allow more than they say. */
  incomplete: boolean;
  resourceRules: ResourceRule[];
}

/** SelfSubjectRulesReview (authorization.k8s.io/v1) with the user's own token. */
export async function reviewRules(user: UserCluster, namespace: string): Promise<Rules> {
  const review = await user.selfReview<{ status?: Partial<Rules> }>(SELF_SUBJECT_RULES_REVIEWS, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace },
  });
  const { incomplete, resourceRules } = review.status ?? {};
  return { incomplete: incomplete !== false, resourceRules: resourceRules ?? [] };
}

/** Whether one of the rules allows it, with the semantics of RBAC. Subresources are not supported. */
export function isAllowedBy({ resourceRules }: Rules, attributes: ResourceAttributes): boolean {
  const { verb, group, resource, name } = attributes;
  const covers = (values: string[] | undefined, value: string) =>
    values?.includes('*') === true || values?.includes(value) === true;
  return resourceRules.some(
    ({ verbs, apiGroups, resources, resourceNames = [] }) =>
      covers(verbs, verb) &&
      covers(apiGroups, group) &&
      covers(resources, resource) &&
      (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name))),
  );
}
