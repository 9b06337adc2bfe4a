import { type PolicyRule, ruleAllows } from '../kubernetes/rbac/policy-rule.ts';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { SELF_SUBJECT_RULES_REVIEWS } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { PROJECT_ROLES, type ProjectRole } from '../model/project-role.ts';
import { ROLE_RIGHTS } from '../model/role-rights.ts';

/** A user's rules in a namespace. For display only: Kubernetes says not to base authorization decisions on them. */
export interface Rules {
  /** Whether an authorizer could not list all of its rules: it may then allow more than they say. */
  incomplete: boolean;
  resourceRules: PolicyRule[];
}

/** SelfSubjectRulesReview (authorization.k8s.io/v1) with the user's own token. */
export async function reviewRules(
  user: UserCluster,
  namespace: string,
  options: { transient?: boolean } = {},
): Promise<Rules> {
  const spec = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
  const review = await user.selfReview<{ status?: Partial<Rules> }>(
    SELF_SUBJECT_RULES_REVIEWS,
    spec,
    options,
  );
  const { incomplete, resourceRules } = review.status ?? {};
  return { incomplete: incomplete !== false, resourceRules: resourceRules ?? [] };
}

/** The role of a user in a project by its rules there; undefined if the rules are incomplete. */
export interface RoleReview {
  role: ProjectRole | null | undefined;
}

/** As {@link reviewRules}, of which it keeps the role alone: the rules of many projects are large. */
export async function reviewRole(user: UserCluster, namespace: string): Promise<RoleReview> {
  const rules = await reviewRules(user, namespace, { transient: true });
  if (rules.incomplete) return { role: undefined };
  let highest: ProjectRole | null = null;
  for (const role of PROJECT_ROLES) {
    if (!isAllowedBy(rules, { ...ROLE_RIGHTS[role], namespace })) break;
    highest = role;
  }
  return { role: highest };
}

/** Whether one of the rules allows it, with the semantics of RBAC. */
export function isAllowedBy({ resourceRules }: Rules, attributes: ResourceAttributes): boolean {
  return resourceRules.some((rule) => ruleAllows(rule, attributes));
}
