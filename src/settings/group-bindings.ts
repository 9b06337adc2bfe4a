import { createHash } from 'node:crypto';
import type { RoleBinding, Stored } from '../kubernetes/resources.ts';
import { MANAGED_BY_LABEL, MEMBER_ORIGIN_LABEL } from '../model/labels-and-annotations.ts';
import {
  clusterRoleOf,
  type ProjectRole,
  type ProjectRolePrefix,
  projectRoleOf,
} from '../model/project-role.ts';

export interface GroupAccess {
  groupName: string;
  role: ProjectRole;
}

export type StoredBinding = Stored<RoleBinding>;

const LABELS = { [MANAGED_BY_LABEL]: 'writ', [MEMBER_ORIGIN_LABEL]: 'settings' };
const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** The RoleBinding that gives the group its role in the project. */
export function bindingFor({ groupName, role }: GroupAccess, project: string, prefix: ProjectRolePrefix) {
  const clusterRole = clusterRoleOf(role, prefix);
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: 'RoleBinding',
    metadata: { name: nameOf(clusterRole, groupName), namespace: project, labels: LABELS },
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: clusterRole },
    subjects: [{ apiGroup: RBAC_GROUP, kind: 'Group', name: groupName }],
  } satisfies RoleBinding;
}

/**
 * Whether it is a binding as {@link bindingFor} builds it, of either prefix. Labels alone prove nothing: everyone who may
 * write bindings can set them on one that others rely on, or add subjects to one of these.
 */
export function isForSettings({ metadata, roleRef, subjects }: StoredBinding): boolean {
  const [subject, ...others] = subjects ?? [];
  return (
    Object.entries(LABELS).every(([key, value]) => metadata.labels?.[key] === value) &&
    roleRef.kind === 'ClusterRole' &&
    projectRoleOf(roleRef.name) !== undefined &&
    subject?.kind === 'Group' &&
    others.length === 0 &&
    metadata.name === nameOf(roleRef.name, subject.name)
  );
}

export function bindsAdmins({ roleRef, subjects }: StoredBinding): boolean {
  return (
    roleRef.kind === 'ClusterRole' && projectRoleOf(roleRef.name) === 'admin' && (subjects ?? []).length > 0
  );
}

/** A group's name can have any characters; the name of a RoleBinding is a path segment. */
function nameOf(clusterRole: string, groupName: string): string {
  const digest = createHash('sha256').update(`${clusterRole}\0${groupName}`).digest('hex');
  return `settings-${digest.slice(0, 40)}`;
}
