/** What a member of a project may do, from least to most. */
export const PROJECT_ROLES = ['view', 'edit', 'admin'] as const;
export type ProjectRole = (typeof PROJECT_ROLES)[number];

/**
 * What the names of the ClusterRoles of the project roles begin with: those of the platform's own manifests (and of Writ's
 * full installation), and those that Writ has under names of its own, where the platform owns the former.
 */
export const PROJECT_ROLE_PREFIXES = ['ambient-project-', 'writ-project-'] as const;
export type ProjectRolePrefix = (typeof PROJECT_ROLE_PREFIXES)[number];

/** The ClusterRole that RoleBindings of Writ refer to for a role, such as `ambient-project-edit`. */
export function clusterRoleOf(role: ProjectRole, prefix: ProjectRolePrefix): string {
  return `${prefix}${role}`;
}

/** The role that a ClusterRole of either prefix stands for; undefined if it is none of them. */
export function projectRoleOf(clusterRole: string): ProjectRole | undefined {
  return PROJECT_ROLES.find((role) =>
    PROJECT_ROLE_PREFIXES.some((prefix) => clusterRole === clusterRoleOf(role, prefix)),
  );
}
