import type { AsJson, RoleBinding, Stored } from '../resources.ts';

/** A user as the authenticator describes them. */
export interface RbacUser {
  readonly username: string;
  readonly groups: readonly string[];
}

export type StoredBinding = Stored<AsJson<RoleBinding>>;

export interface RbacObject {
  kind: string;
  name: string;
  /** Undefined for what is not in a namespace. */
  namespace: string | undefined;
}

type BindingSubject = NonNullable<StoredBinding['subjects']>[number];

/** What a RoleBinding or ClusterRoleBinding gives to one user. */
export interface UserBinding {
  binding: RbacObject;
  role: RbacObject;
  /** The first of its subjects that is the user. A service account has a namespace. */
  subject: RbacObject;
}

/** Undefined if the user is none of its subjects. */
export function bindingOf(
  user: RbacUser,
  kind: 'RoleBinding' | 'ClusterRoleBinding',
  { metadata, roleRef, subjects }: StoredBinding,
): UserBinding | undefined {
  const namespace = kind === 'RoleBinding' ? metadata.namespace : undefined;
  const subject = subjects?.find((each) => isUser(user, each, namespace));
  if (!subject) return undefined;
  return {
    binding: { kind, name: metadata.name, namespace },
    role: {
      kind: roleRef.kind,
      name: roleRef.name,
      namespace: roleRef.kind === 'Role' ? namespace : undefined,
    },
    subject: {
      kind: subject.kind,
      name: subject.name,
      namespace: subject.kind === 'ServiceAccount' ? subject.namespace || namespace : undefined,
    },
  };
}

/** A service account without a namespace is one of the RoleBinding's own. */
function isUser({ username, groups }: RbacUser, subject: BindingSubject, ownNamespace = ''): boolean {
  const { kind, name, namespace } = subject;
  if (kind === 'User') return username === name;
  if (kind === 'Group') return groups.includes(name);
  const home = namespace || ownNamespace;
  return kind === 'ServiceAccount' && home !== '' && username === `system:serviceaccount:${home}:${name}`;
}

/**
 * How the API server names the binding as the reason of a review that it allows (plugin/pkg/auth/authorizer/rbac). Names that Go
 * quotes in another way than JSON come out differently.
 */
export function reasonOf({ binding, role, subject }: UserBinding): string {
  const named = ({ name, namespace }: RbacObject) =>
    JSON.stringify(namespace === undefined ? name : `${name}/${namespace}`);
  const roleName = JSON.stringify(role.name);
  return `RBAC: allowed by ${binding.kind} ${named(binding)} of ${role.kind} ${roleName} to ${subject.kind} ${named(subject)}`;
}
