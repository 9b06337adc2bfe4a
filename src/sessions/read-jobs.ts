import {
  type AgenticSession,
  controllerUidOf,
  JOBS,
  type Job,
  SESSION_UID_LABEL,
} from '../kubernetes/resources.ts';
import { scan } from '../kubernetes/scan.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';

const MAX_JOBS = 1_000;

/** The session's runs as the user sees them: its Jobs by their owner's UID and their name. A label narrows the list. */
export async function readJobs(user: UserCluster, session: AgenticSession): Promise<Job[]> {
  const { namespace, uid } = session.metadata;
  const labelSelector = `${SESSION_UID_LABEL}=${uid}`;
  const { items } = await scan<Job>(user, JOBS, namespace, MAX_JOBS, { labelSelector });
  const ofRun = new RegExp(`^session-${uid}-\\d{1,9}$`);
  return items.filter((job) => controllerUidOf(job) === uid && ofRun.test(job.metadata.name));
}

export function isFinished({ status }: Job): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

/** The number of the run that the Job is, which stands at the end of its name; 0 where it has none. */
export function runNumberOf({ metadata }: Job): number {
  return Number(/-(\d{1,9})$/.exec(metadata.name)?.[1] ?? 0);
}
