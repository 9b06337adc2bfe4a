import {
  apiVersionOf,
  NAMESPACES,
  type Namespace,
  type ObjectMeta,
  ROLE_BINDINGS,
  type RoleBinding,
} from '../kubernetes/resources.ts';
import {
  DESCRIPTION,
  DISPLAY_NAME,
  MANAGED_BY_WRIT,
  MANAGED_LABEL,
  REQUESTED_BY,
} from './labels-and-annotations.ts';
import { clusterRoleOf, type ProjectRolePrefix } from './project-role.ts';

/** What a project says about itself. Undefined: unchanged or absent, null: cleared. */
export interface ProjectTexts {
  displayName?: string | null | undefined;
  description?: string | null | undefined;
}

/** The annotations of {@link ProjectTexts}: those that Writ may change on a project that exists. */
export function textAnnotations({ displayName, description }: ProjectTexts): Record<string, string | null> {
  return {
    ...(displayName !== undefined && { [DISPLAY_NAME]: displayName }),
    ...(description !== undefined && { [DESCRIPTION]: description }),
  };
}

/** The binding of the user who has created the project. */
export const CREATOR_BINDING = 'writ-creator';

export const RBAC_API = 'rbac.authorization.k8s.io';

/**
 * The namespace of a new project. It enforces the restricted Pod Security Standard, with which runs comply.
 *
 * @param createdBy the username of the only user whom the policy writ-role-bindings lets Writ make the admin
 */
export function projectNamespace(name: string, createdBy: string, texts: ProjectTexts) {
  const annotations = Object.entries(textAnnotations(texts)).filter(([, text]) => text !== null);
  return {
    apiVersion: apiVersionOf(NAMESPACES),
    kind: NAMESPACES.kind,
    metadata: {
      name,
      labels: {
        [MANAGED_LABEL]: 'true',
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': 'latest',
      },
      annotations: { [REQUESTED_BY]: createdBy, ...Object.fromEntries(annotations) },
    },
  };
}

/** Writ's own rights in a project: the same as deploy/project/role-bindings.yaml. */
export function writBindings(namespace: string): RoleBinding[] {
  const own = (role: string, name: string) =>
    binding({ name: role, namespace, labels: { 'app.kubernetes.io/part-of': 'writ' } }, role, {
      kind: 'ServiceAccount',
      namespace: 'writ-system',
      name,
    });
  return [own('writ-backend-project', 'writ-api'), own('writ-controller-project', 'writ-controller')];
}

/** Makes the creator an admin. A service account is bound by its username too: RBAC takes it for the same. */
export function creatorBinding(namespace: string, username: string, prefix: ProjectRolePrefix): RoleBinding {
  return binding(
    { name: CREATOR_BINDING, namespace, labels: MANAGED_BY_WRIT },
    clusterRoleOf('admin', prefix),
    { apiGroup: RBAC_API, kind: 'User', name: username },
  );
}

function binding(
  metadata: ObjectMeta,
  clusterRole: string,
  subject: NonNullable<RoleBinding['subjects']>[number],
): RoleBinding {
  return {
    apiVersion: apiVersionOf(ROLE_BINDINGS),
    kind: ROLE_BINDINGS.kind,
    metadata,
    roleRef: { apiGroup: RBAC_API, kind: 'ClusterRole', name: clusterRole },
    subjects: [subject],
  };
}

export function isManaged({ metadata }: Pick<Namespace, 'metadata'>): boolean {
  return metadata.labels?.[MANAGED_LABEL] === 'true';
}
