import type { KubeObject } from '../objects.ts';
import type { Attributes } from '../request-info.ts';
import type { Registry } from '../storage/registry.ts';
import { type Binding, type PolicyRule, parseBinding, parseRole, ruleAllows } from './policy.ts';
import type { UserInfo } from './user-info.ts';

const group = 'rbac.authorization.k8s.io';

/** RBAC over the roles and bindings in the store. */
export class Rbac {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  allows(user: UserInfo, attributes: Attributes): boolean {
    return this.reason(user, attributes) !== undefined;
  }

  /** The binding that allows it, as Kubernetes words it in a review; undefined if none does. */
  reason(user: UserInfo, attributes: Attributes): string | undefined {
    for (const { kind, metadata, roleRef, subject, rules } of this.#grants(user, attributes.namespace)) {
      if (!rules.some((rule) => ruleAllows(rule, attributes))) continue;
      const binding = [metadata.name, metadata.namespace].filter(Boolean).join('/');
      const home = subject.kind === 'ServiceAccount' ? `/${subject.namespace ?? metadata.namespace}` : '';
      return `RBAC: allowed by ${kind} "${binding}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${subject.name}${home}"`;
    }
    return undefined;
  }

  /** The user's cluster-wide rules and, with a namespace, those in it. */
  rulesOf(user: UserInfo, namespace: string | undefined): PolicyRule[] {
    return [...this.#grants(user, namespace)].flatMap(({ rules }) => rules);
  }

  /** Undefined if the role does not exist. */
  rulesOfRole(ref: Binding['roleRef'], namespace: string | undefined): PolicyRule[] | undefined {
    const isRole = ref.kind === 'Role';
    const resource = this.#registry.resource(group, isRole ? 'roles' : 'clusterroles');
    const role = this.#registry.store.get(resource, isRole ? namespace : undefined, ref.name);
    return role && parseRole(role);
  }

  *#grants(user: UserInfo, namespace: string | undefined) {
    const bindings = this.#bindings('clusterrolebindings');
    if (namespace) bindings.push(...this.#bindings('rolebindings', namespace));
    for (const binding of bindings) {
      const { kind, metadata } = binding;
      const { roleRef, subjects } = parseBinding(binding);
      const subject = subjects.find((candidate) => isSubject(user, candidate, metadata.namespace));
      if (!subject) continue;
      yield { kind, metadata, roleRef, subject, rules: this.rulesOfRole(roleRef, metadata.namespace) ?? [] };
    }
  }

  #bindings(plural: string, namespace?: string): KubeObject[] {
    const resource = this.#registry.resource(group, plural);
    return this.#registry.store.list(resource, namespace).map(([, object]) => object);
  }
}

function isSubject(user: UserInfo, subject: Binding['subjects'][number], ownNamespace?: string): boolean {
  const { kind, name, namespace = ownNamespace } = subject;
  if (kind === 'User') return user.username === name;
  if (kind === 'Group') return user.groups.includes(name);
  return kind === 'ServiceAccount' && user.username === `system:serviceaccount:${namespace}:${name}`;
}
