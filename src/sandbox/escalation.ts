import type { KubeObject } from './objects.ts';
import { type PolicyRule, parseBinding, parseRole, type Rbac, type UserInfo } from './rbac.ts';
import type { Resource } from './resources.ts';
import { forbidden, notFound } from './status.ts';

/**
 * The escalation check: nobody writes a role or a binding that gives more than he has in that place, unless he
 * may `escalate` the role or `bind` it.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export function refuseEscalation(rbac: Rbac, user: UserInfo, resource: Resource, object: KubeObject): void {
  if (resource.kind === 'Role' || resource.kind === 'ClusterRole') {
    refuseGrant(
      rbac,
      user,
      resource,
      object,
      'escalate',
      resource.plural,
      object.metadata.name,
      parseRole(object),
    );
  }
  if (resource.kind === 'RoleBinding' || resource.kind === 'ClusterRoleBinding') {
    const { roleRef } = parseBinding(object);
    const plural = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
    const rules = rbac.rulesOfRole(roleRef, object.metadata.namespace);
    refuseGrant(rbac, user, resource, object, 'bind', plural, roleRef.name, rules);
  }
}

function refuseGrant(
  rbac: Rbac,
  user: UserInfo,
  resource: Resource,
  object: KubeObject,
  verb: 'bind' | 'escalate',
  rolePlural: string,
  roleName: string,
  rules: PolicyRule[] | undefined,
): void {
  const { group } = resource;
  const namespace = object.metadata.namespace ?? '';
  if (rbac.allows(user, { verb, group, resource: rolePlural, name: roleName, namespace })) return;
  if (!rules) throw notFound(resource, roleName);
  const held = rbac.rulesOf(user, namespace);
  const missing = rules.flatMap(single).filter((rule) => !held.some((holds) => covers(holds, rule)));
  if (missing.length === 0) return;
  const who = `user ${JSON.stringify(user.username)} (groups=${JSON.stringify(user.groups)})`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n`;
  throw forbidden(resource, object.metadata.name, why + compacted(missing).map(describe).join('\n'));
}

/** A rule as rules of one verb on one resource (and name), or on one path. */
function single(rule: PolicyRule): PolicyRule[] {
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

function covers(holds: PolicyRule, wanted: PolicyRule): boolean {
  const all = (held: string[], values: string[]) =>
    held.includes('*') || values.every((v) => held.includes(v));
  if (!all(holds.verbs, wanted.verbs)) return false;
  const [url] = wanted.nonResourceURLs;
  if (url)
    return holds.nonResourceURLs.some(
      (u) => u === url || (u.endsWith('*') && url.startsWith(u.slice(0, -1))),
    );
  const subresource = wanted.resources[0]?.split('/')[1];
  return (
    all(holds.apiGroups, wanted.apiGroups) &&
    (all(holds.resources, wanted.resources) ||
      (!!subresource && holds.resources.includes(`*/${subresource}`))) &&
    (holds.resourceNames.length === 0 ||
      (wanted.resourceNames.length > 0 && wanted.resourceNames.every((n) => holds.resourceNames.includes(n))))
  );
}

/** With the verbs on the same thing in one rule. */
function compacted(rules: PolicyRule[]): PolicyRule[] {
  const byThing = new Map<string, PolicyRule>();
  for (const { verbs, ...thing } of rules) {
    const key = JSON.stringify(thing);
    byThing.set(key, { ...thing, verbs: [...(byThing.get(key)?.verbs ?? []), ...verbs] });
  }
  return [...byThing.values()];
}

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
