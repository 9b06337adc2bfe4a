import { PROJECT_SETTINGS } from './project.ts';
import type { ProjectRole } from './project-role.ts';
import { AGENTIC_SESSIONS } from './session.ts';

/**
 * The right that distinguishes each role from the one below it, in Writ's own ClusterRoles and in those of the platform. Who
 * has these rights in a project has the role, whatever gives them. It is for display: nothing is decided by a role.
 */
export const ROLE_RIGHTS = {
  view: { verb: 'list', group: AGENTIC_SESSIONS.group, resource: AGENTIC_SESSIONS.resource },
  edit: { verb: 'create', group: AGENTIC_SESSIONS.group, resource: AGENTIC_SESSIONS.resource },
  admin: { verb: 'update', group: PROJECT_SETTINGS.group, resource: PROJECT_SETTINGS.resource },
} satisfies Record<ProjectRole, object>;
