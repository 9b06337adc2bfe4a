import { JOBS, type Job } from '../kubernetes/resources.ts';
import { scan } from '../kubernetes/scan.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { SESSION_UID_LABEL } from '../model/labels-and-annotations.ts';
import type { AgenticSession } from '../model/session.ts';
import { sessionOf } from './run/run-objects.ts';

const MAX_JOBS = 1_000;

/**
 * The Jobs of the session's runs as the user sees them, identified by their owner and name. The label selector only makes
 * the list shorter.
 */
export async function readJobs(user: UserCluster, session: AgenticSession): Promise<Job[]> {
  const { namespace, uid } = session.metadata;
  const labelSelector = `${SESSION_UID_LABEL}=${uid}`;
  const { items } = await scan<Job>(user, JOBS, namespace, MAX_JOBS, { labelSelector });
  return items.filter(({ metadata }) => sessionOf(metadata)?.uid === uid);
}
