import { type ResourceAttributes, toReviewAttributes } from '../resource-attributes.ts';

/** rbac.authorization.k8s.io/v1 PolicyRule, as stored. A rule for `nonResourceURLs` has none of the other lists. */
export interface PolicyRule {
  verbs?: readonly string[] | null;
  apiGroups?: readonly string[] | null;
  resources?: readonly string[] | null;
  resourceNames?: readonly string[] | null;
}

/** A rule with all of its lists. Without `resourceNames` it is about all objects. */
export interface FullPolicyRule {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
  resourceNames: string[];
}

export function fullRule({ verbs, apiGroups, resources, resourceNames }: PolicyRule): FullPolicyRule {
  return {
    verbs: [...(verbs ?? [])],
    apiGroups: [...(apiGroups ?? [])],
    resources: [...(resources ?? [])],
    resourceNames: [...(resourceNames ?? [])],
  };
}

/**
 * Whether the rule allows it, as Kubernetes' RBAC authorizer decides (pkg/apis/rbac/v1/evaluation_helpers.go). `*` alone is a
 * wildcard. A resource does not include its subresources; `*` before a slash and a subresource is that of any resource.
 */
export function ruleAllows(rule: PolicyRule, attributes: ResourceAttributes): boolean {
  const { verb, group, resource, subresource, name = '' } = toReviewAttributes(attributes);
  const { resources, resourceNames } = rule;
  const full = subresource ? `${resource}/${subresource}` : resource;
  return (
    matches(rule.verbs, verb) &&
    matches(rule.apiGroups, group) &&
    (matches(resources, full) || (!!subresource && resources?.includes(`*/${subresource}`) === true)) &&
    (!resourceNames?.length || resourceNames.includes(name))
  );
}

function matches(list: readonly string[] | null | undefined, value: string): boolean {
  return list?.includes('*') === true || list?.includes(value) === true;
}
