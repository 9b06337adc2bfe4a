import type { ProjectSettings } from '../model/project.ts';
import { PROJECT_ROLES, type ProjectRole } from '../model/project-role.ts';
import type { GroupAccess } from './group-bindings.ts';

/** The groups in stored settings, which can contain anything: what is not a group with a known role is left out. */
export function groupAccessOf(settings: ProjectSettings | null): GroupAccess[] {
  const stored: unknown = settings?.spec?.groupAccess;
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((item: unknown) => {
    const { groupName, role } = (item ?? {}) as { groupName?: unknown; role?: unknown };
    return typeof groupName === 'string' && isRole(role) ? [{ groupName, role }] : [];
  });
}

function isRole(value: unknown): value is ProjectRole {
  return PROJECT_ROLES.some((role) => role === value);
}
