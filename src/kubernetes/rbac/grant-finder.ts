import type { RequestBudget } from '../../budgets/request-budget.ts';
import { memoryBytes } from '../../budgets/value-size.ts';
import { isDenied } from '../kubernetes-error.ts';
import { isDnsLabel, isRbacName } from '../path.ts';
import type { Reader } from '../reader.ts';
import { type ResourceAttributes, toReviewAttributes } from '../resource-attributes.ts';
import {
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  ROLE_BINDINGS,
  ROLES,
  type Role,
  type Stored,
} from '../resources.ts';
import { scanPages } from '../scan.ts';
import {
  bindingOf,
  type RbacObject,
  type RbacUser,
  reasonOf,
  type StoredBinding,
  type UserBinding,
} from './binding.ts';
import { type FullPolicyRule, fullRule, type PolicyRule, ruleAllows } from './policy-rule.ts';

/** The maximum number of roles that are read to find the one that allows something. */
const MAX_ROLES = 50;

/** The rules of a role; `unreadable` if the user may not read it, or its name has characters that a URL would encode. */
type Rules = readonly PolicyRule[] | 'unreadable';

/** What allows something. */
export interface AccessGrant extends UserBinding {
  /** Null if the user may not read the role. The API server has then named the binding. */
  rule: FullPolicyRule | null;
}

/** An allowed review, which is to be explained. */
export interface AllowedAccess {
  user: RbacUser;
  attributes: ResourceAttributes;
  /** The reason that the API server has given for it. Any authorizer can have written it. */
  reason: string | null;
}

/**
 * Finds the binding and the rule that allow something, among the RBAC objects that the reader's own identity may read. Lists and
 * roles are read once, so it belongs to one request.
 */
export class GrantFinder {
  readonly #reader: Reader;
  readonly #scanLimit: number;
  readonly #budget: RequestBudget | undefined;
  readonly #bindings = new Map<string, Promise<UserBinding[]>>();
  readonly #roles = new Map<string, Promise<Rules>>();

  /** @param scanLimit the maximum number of bindings that a list reads */
  constructor(reader: Reader, scanLimit: number, budget?: RequestBudget) {
    this.#reader = reader;
    this.#scanLimit = scanLimit;
    this.#budget = budget;
  }

  /**
   * Null if there is none among the objects that the reader may read: they do not include it, or another authorizer allows it.
   * Errors: those of a read, but for a denied one.
   */
  async find({ user, attributes, reason }: AllowedAccess): Promise<AccessGrant | null> {
    const { namespace } = toReviewAttributes(attributes);
    // Of two that allow it the one in the namespace is shown, which more users may read.
    for (const source of namespace && isDnsLabel(namespace) ? [namespace, undefined] : [undefined]) {
      const bindings = await this.#bindingsOf(user, source);
      const isNamed = (binding: UserBinding) => reasonOf(binding) === reason;
      const ordered = [...bindings.filter(isNamed), ...bindings.filter((each) => !isNamed(each))];
      for (const binding of ordered) {
        const rules = await this.#rulesOf(binding.role);
        if (rules === undefined) return null;
        const rule = rules !== 'unreadable' && rules.find((each) => ruleAllows(each, attributes));
        if (rule) return { ...binding, rule: fullRule(rule) };
        if (rules === 'unreadable' && isNamed(binding)) return { ...binding, rule: null };
      }
    }
    return null;
  }

  /** @param namespace undefined for ClusterRoleBindings */
  #bindingsOf(user: RbacUser, namespace: string | undefined): Promise<UserBinding[]> {
    const key = JSON.stringify([user.username, user.groups, namespace ?? '']);
    const bindings = this.#bindings.get(key) ?? this.#listBindings(user, namespace);
    this.#bindings.set(key, bindings);
    return bindings;
  }

  /** Of the objects only what is about the user is kept. */
  async #listBindings(user: RbacUser, namespace: string | undefined): Promise<UserBinding[]> {
    const [type, kind] =
      namespace === undefined
        ? ([CLUSTER_ROLE_BINDINGS, 'ClusterRoleBinding'] as const)
        : ([ROLE_BINDINGS, 'RoleBinding'] as const);
    const found: UserBinding[] = [];
    let read = 0;
    try {
      for await (const { items } of scanPages<StoredBinding>(this.#reader, type, namespace)) {
        for (const item of items) {
          const binding = bindingOf(user, kind, item);
          if (!binding) continue;
          this.#budget?.keep(memoryBytes(binding));
          found.push(binding);
        }
        read += items.length;
        if (read >= this.#scanLimit) break;
      }
    } catch (error) {
      if (!isDenied(error)) throw error;
    }
    return found;
  }

  /** None for a role that does not exist; undefined if too many have been read. */
  async #rulesOf(role: RbacObject): Promise<Rules | undefined> {
    const key = JSON.stringify([role.kind, role.namespace ?? '', role.name]);
    const known = this.#roles.get(key);
    if (!known && this.#roles.size >= MAX_ROLES) return undefined;
    const rules = known ?? this.#readRole(role);
    this.#roles.set(key, rules);
    return rules;
  }

  async #readRole({ kind, name, namespace }: RbacObject): Promise<Rules> {
    if (!isRbacName(name)) return 'unreadable';
    try {
      const role = await this.#reader.find<Stored<Role>>(
        kind === 'Role' ? ROLES : CLUSTER_ROLES,
        namespace,
        name,
      );
      return role?.rules ?? [];
    } catch (error) {
      if (isDenied(error)) return 'unreadable';
      throw error;
    }
  }
}
