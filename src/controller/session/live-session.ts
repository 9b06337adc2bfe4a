import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';
import type { ReconcileClient } from './reconcile-client.ts';

/** The session as the cluster stores it now; null if it no longer exists, or if another session has its name. */
export async function findLiveSession(
  client: ReconcileClient,
  { namespace = '', name, uid }: { namespace?: string; name: string; uid: string },
): Promise<AgenticSession | null> {
  const live = await client.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
  return live?.metadata.uid === uid ? live : null;
}
