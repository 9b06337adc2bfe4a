import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../model/session.ts';
import { readSession } from './read-session.ts';

/**
 * Deletes a session as the user; garbage collection then deletes its run. It returns the session as it was read right
 * before. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (the name belongs to another session by then).
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
