import { JOBS, type Job } from '../kubernetes/resources.ts';
import { scan } from '../kubernetes/scan.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { SESSION_UID_LABEL } from '../model/labels-and-annotations.ts';
import type { AgenticSession } from '../model/session.ts';
import { sessionOf } from './run/run-objects.ts';

const MAX_JOBS = 1_000;

/** The session's runs as the user sees them: its Jobs by their owner's UID and their name. A label narrows the list. */
export async function readJobs(user: UserCluster, session: AgenticSession): Promise<Job[]> {
  const { namespace, uid } = session.metadata;
  const labelSelector = `${SESSION_UID_LABEL}=${uid}`;
  const { items } = await scan<Job>(user, JOBS, namespace, MAX_JOBS, { labelSelector });
  return items.filter(({ metadata }) => sessionOf(metadata)?.uid === uid);
}
