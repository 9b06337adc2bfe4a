import { z } from 'zod';
import type { KubeObject } from './objects.ts';
import type { Registry } from './registry.ts';
import { badRequest } from './status.ts';

export interface UserInfo {
  username: string;
  uid: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

/** What an authorizer decides about: a resource, or a path that is none. */
export interface Attributes {
  verb: string;
  group?: string;
  version?: string;
  resource?: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  /** Of a request that is not about a resource. */
  path?: string;
}

const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const policyRule = z.object({
  verbs: strings,
  apiGroups: strings,
  resources: strings,
  resourceNames: strings,
  nonResourceURLs: strings,
});
export type PolicyRule = z.infer<typeof policyRule>;

const roleShape = z.object({ rules: z.array(policyRule).nullish() });

const bindingShape = z.object({
  roleRef: z.object({ kind: z.string(), name: z.string().min(1) }),
  subjects: z
    .array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }))
    .nullish()
    .transform((list) => list ?? []),
});
export type Binding = z.infer<typeof bindingShape>;

export function parseRole(role: KubeObject): PolicyRule[] {
  const parsed = roleShape.safeParse(role);
  if (!parsed.success) throw badRequest(`${role.kind} cannot be decoded: ${z.prettifyError(parsed.error)}`);
  return parsed.data.rules ?? [];
}

export function parseBinding(binding: KubeObject): Binding {
  const parsed = bindingShape.safeParse(binding);
  if (!parsed.success)
    throw badRequest(`${binding.kind} cannot be decoded: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

const has = (list: string[], value: string) => list.includes('*') || list.includes(value);

function resourceMatches(rule: PolicyRule, resource: string, subresource: string | undefined): boolean {
  const full = subresource ? `${resource}/${subresource}` : resource;
  return has(rule.resources, full) || (!!subresource && rule.resources.includes(`*/${subresource}`));
}

function pathMatches(rule: PolicyRule, path: string): boolean {
  return rule.nonResourceURLs.some(
    (url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))),
  );
}

export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  const { verb, path, group = '', resource = '', subresource, name } = attributes;
  if (!has(rule.verbs, verb)) return false;
  if (path !== undefined) return pathMatches(rule, path);
  return (
    has(rule.apiGroups, group) &&
    resourceMatches(rule, resource, subresource) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name ?? ''))
  );
}

/** RBAC over the roles and bindings in the store. */
export class Rbac {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  allows(user: UserInfo, attributes: Attributes): boolean {
    return this.reason(user, attributes) !== undefined;
  }

  /** Which binding allows it, in Kubernetes' words; undefined where none does. */
  reason(user: UserInfo, attributes: Attributes): string | undefined {
    for (const { kind, metadata, roleRef, subject, rules } of this.#grants(user, attributes.namespace)) {
      if (!rules.some((rule) => ruleAllows(rule, attributes))) continue;
      const binding = [metadata.name, metadata.namespace].filter(Boolean).join('/');
      return `RBAC: allowed by ${kind} "${binding}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${subject.name}"`;
    }
    return undefined;
  }

  /** All rules that hold for the user in the namespace, or for the cluster when there is none. */
  rulesOf(user: UserInfo, namespace: string | undefined): PolicyRule[] {
    return [...this.#grants(user, namespace)].flatMap(({ rules }) => rules);
  }

  *#grants(user: UserInfo, namespace: string | undefined) {
    const bindings = this.#bindings('clusterrolebindings');
    if (namespace) bindings.push(...this.#bindings('rolebindings', namespace));
    for (const { kind, metadata, ...binding } of bindings) {
      const { roleRef, subjects } = parseBinding({ kind, metadata, ...binding });
      const subject = subjects.find((candidate) => isSubject(user, candidate, metadata.namespace));
      if (!subject) continue;
      yield { kind, metadata, roleRef, subject, rules: this.rulesOfRole(roleRef, metadata.namespace) ?? [] };
    }
  }

  rulesOfRole(ref: Binding['roleRef'], namespace: string | undefined): PolicyRule[] | undefined {
    const plural = ref.kind === 'Role' ? 'roles' : 'clusterroles';
    const resource = this.#registry.resource('rbac.authorization.k8s.io', plural);
    const role = this.#registry.store.get(resource, ref.kind === 'Role' ? namespace : undefined, ref.name);
    return role && parseRole(role);
  }

  #bindings(plural: string, namespace?: string): KubeObject[] {
    const resource = this.#registry.resource('rbac.authorization.k8s.io', plural);
    return this.#registry.store.list(resource, namespace).map(([, object]) => object);
  }
}

function isSubject(user: UserInfo, subject: Binding['subjects'][number], ownNamespace?: string): boolean {
  const { kind, name, namespace = ownNamespace } = subject;
  if (kind === 'User') return user.username === name;
  if (kind === 'Group') return user.groups.includes(name);
  return kind === 'ServiceAccount' && user.username === `system:serviceaccount:${namespace}:${name}`;
}
