import type { KubeObject } from '../objects.ts';
import { forbidden, notFound } from '../status.ts';
import type { Resource } from '../storage/resources.ts';
import { type PolicyRule, parseBinding, parseRole, ruleCovers } from './policy.ts';
import type { Rbac } from './rbac.ts';
import type { UserInfo } from './user-info.ts';

/**
 * The escalation check: a user can write a role or a binding only with permissions that the user holds in the same
 * namespace, or with the verb `escalate` on the role or `bind` on the referenced role.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export function refuseEscalation(rbac: Rbac, user: UserInfo, resource: Resource, object: KubeObject): void {
  const granted = grantOf(rbac, resource, object);
  if (!granted) return;
  const { verb, roles, roleName, rules } = granted;
  const { name, namespace = '' } = object.metadata;
  const { group } = resource;
  if (rbac.allows(user, { verb, group, resource: roles, name: roleName, namespace })) return;
  if (!rules) throw notFound(resource, roleName);
  const held = rbac.rulesOf(user, namespace);
  const missing = rules.flatMap(split).filter((rule) => !held.some((each) => ruleCovers(each, rule)));
  if (missing.length === 0) return;
  const who = `user ${JSON.stringify(user.username)} (groups=${JSON.stringify(user.groups)})`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n`;
  throw forbidden(resource, name, why + compacted(missing).map(describe).join('\n'));
}

/** What the object grants, and the verb on which role permits to grant it; undefined for other kinds. */
function grantOf(rbac: Rbac, { kind, plural }: Resource, object: KubeObject) {
  if (kind === 'Role' || kind === 'ClusterRole') {
    return { verb: 'escalate', roles: plural, roleName: object.metadata.name, rules: parseRole(object) };
  }
  if (kind !== 'RoleBinding' && kind !== 'ClusterRoleBinding') return undefined;
  const { roleRef } = parseBinding(object);
  const roles = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  const rules = rbac.rulesOfRole(roleRef, object.metadata.namespace);
  return { verb: 'bind', roles, roleName: roleRef.name, rules };
}

/** The rule as rules of one verb on one resource (and name), or on one path. */
function split(rule: PolicyRule): PolicyRule[] {
  const names = rule.resourceNames.length > 0 ? rule.resourceNames.map((name) => [name]) : [[]];
  const none = { apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
  return rule.verbs.flatMap((verb) => [
    ...rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((resource) =>
        names.map((resourceNames) => ({
          ...none,
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames,
        })),
      ),
    ),
    ...rule.nonResourceURLs.map((url) => ({ ...none, verbs: [verb], nonResourceURLs: [url] })),
  ]);
}

/** One rule with all verbs for each resource or path. */
function compacted(rules: PolicyRule[]): PolicyRule[] {
  const byTarget = new Map<string, PolicyRule>();
  for (const { verbs, ...target } of rules) {
    const key = JSON.stringify(target);
    byTarget.set(key, { ...target, verbs: [...(byTarget.get(key)?.verbs ?? []), ...verbs] });
  }
  return [...byTarget.values()];
}

/** The rule in Go's format, as in Kubernetes' message. */
function describe(rule: PolicyRule): string {
  const fields = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['ResourceNames', rule.resourceNames],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['Verbs', rule.verbs],
  ] as const;
  const list = (values: string[]) => `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
  const shown = fields.filter(([, values]) => values.length > 0).map(([n, v]) => `${n}:${list(v)}`);
  return `{${shown.join(', ')}}`;
}
