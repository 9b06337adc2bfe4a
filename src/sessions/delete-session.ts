import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../model/session.ts';
import { readSession } from './read-session.ts';

/**
 * Deletes, as the user, the very session that the user sees under this name; the cluster then collects its run.
 * Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (another session has taken the name meanwhile).
 */
export async function deleteSession(
  user: UserCluster,
  project: string,
  name: string,
): Promise<AgenticSession> {
  const namespace = parseNamespace(project, 'project');
  const session = await readSession(user, namespace, parseName(name, 'name'));
  await user.delete(AGENTIC_SESSIONS, namespace, name, { uid: session.metadata.uid });
  return session;
}
