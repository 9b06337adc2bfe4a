import type { RequestReviews } from '../authorization/request-reviews.ts';
import { PROJECT_SETTINGS } from '../model/project.ts';
import { PROJECT_ROLES, type ProjectRole } from '../model/project-role.ts';
import { AGENTIC_SESSIONS } from '../model/session.ts';

/** What distinguishes each role from the one below it, in Writ's own ClusterRoles and in those of the platform. */
const DISTINGUISHED_BY = {
  view: { verb: 'list', group: AGENTIC_SESSIONS.group, resource: AGENTIC_SESSIONS.resource },
  edit: { verb: 'create', group: AGENTIC_SESSIONS.group, resource: AGENTIC_SESSIONS.resource },
  admin: { verb: 'update', group: PROJECT_SETTINGS.group, resource: PROJECT_SETTINGS.resource },
} satisfies Record<ProjectRole, object>;

/**
 * The highest role whose rights the user has in a project, together with those of all roles below it; null if none. It is for
 * display: nothing is decided by it.
 */
export async function roleOf(
  reviews: Pick<RequestReviews, 'canInProject'>,
  namespace: string,
): Promise<ProjectRole | null> {
  let highest: ProjectRole | null = null;
  for (const role of PROJECT_ROLES) {
    if (!(await reviews.canInProject({ ...DISTINGUISHED_BY[role], namespace }))) break;
    highest = role;
  }
  return highest;
}
