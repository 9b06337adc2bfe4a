import { isBindingOf, memberBinding, type StoredBinding } from '../model/member.ts';
import { clusterRoleOf, type ProjectRole, type ProjectRolePrefix } from '../model/project-role.ts';

export interface GroupAccess {
  groupName: string;
  role: ProjectRole;
}

/** The RoleBinding that gives the group its role in the project. */
export function bindingFor({ groupName, role }: GroupAccess, project: string, prefix: ProjectRolePrefix) {
  const subject = { kind: 'GROUP', name: groupName } as const;
  return memberBinding(project, subject, clusterRoleOf(role, prefix), 'settings');
}

/** Whether it is a binding as {@link bindingFor} builds it, of either prefix. */
export function isForSettings(binding: StoredBinding): boolean {
  return isBindingOf(binding, 'settings');
}
