import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import type { ResourceType } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';

/** authorization.k8s.io/v1 ResourceRule. */
interface ResourceRule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

/** What a user may do in a namespace, where the cluster could say all of it. For display alone. */
export interface Rules {
  /** An authorizer could not list its rules: what they do not allow is not known to be denied. */
  incomplete: boolean;
  resourceRules: ResourceRule[];
}

const RULES_REVIEWS: ResourceType = Object.freeze({
  group: 'authorization.k8s.io',
  version: 'v1',
  resource: 'selfsubjectrulesreviews',
  kind: 'SelfSubjectRulesReview',
  namespaced: false,
});

/** SelfSubjectRulesReview (authorization.k8s.io/v1) with the user's own token. */
export async function reviewRules(user: UserCluster, namespace: string): Promise<Rules> {
  const answer = await user.selfReview<{ status?: Partial<Rules> }>(RULES_REVIEWS, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace },
  });
  const { incomplete, resourceRules } = answer.status ?? {};
  return { incomplete: incomplete !== false, resourceRules: resourceRules ?? [] };
}

/** Whether one of the rules allows it, as RBAC reads them. */
export function isAllowedBy({ resourceRules }: Rules, attributes: ResourceAttributes): boolean {
  const { verb, group, resource, name } = attributes;
  const covers = (listed: string[] | undefined, wanted: string) =>
    listed?.includes('*') === true || listed?.includes(wanted) === true;
  return resourceRules.some(
    ({ verbs, apiGroups, resources, resourceNames = [] }) =>
      covers(verbs, verb) &&
      covers(apiGroups, group) &&
      covers(resources, resource) &&
      (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name))),
  );
}
