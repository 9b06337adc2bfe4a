import { NotFound } from '../errors.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../model/session.ts';

/** The session as the user sees it, or NOT_FOUND. */
export async function readSession(user: UserCluster, project: string, name: string): Promise<AgenticSession> {
  const session = await user.find<AgenticSession>(AGENTIC_SESSIONS, project, name);
  if (!session) throw new NotFound(`Project ${project} has no session "${name}"`, { project, name });
  return session;
}
