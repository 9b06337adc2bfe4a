import type { Job, Pod } from '../../kubernetes/resources.ts';
import { podsOf } from '../../sessions/run/job-state.ts';
import { hasStarted } from '../../sessions/status/run-health.ts';
import type { RunReason } from '../../sessions/status/run-reason.ts';

export interface RunRecord {
  jobUid: string;
  /** The Job's newest pod, as it was before its deletion began: after that its containers say nothing about the cause. */
  pod: Pod | undefined;
  hasStarted: boolean;
  /** What the events of an object say: the Job without a pod, or the pod. */
  problem?: { uid: string; reason: RunReason | undefined };
}

/**
 * What this replica has seen of each session's latest run. A pod can be deleted before its Job finishes, and events after an
 * hour: only the memory of them tells then why the run failed, and that it had started.
 */
export class RunHistory {
  readonly #records = new Map<string, RunRecord>();

  forget(key: string): void {
    this.#records.delete(key);
  }

  /** Records what the cache shows of a Job, and returns all that was seen of it. */
  observe(key: string, job: Job, pods: Pod[]): RunRecord {
    const known = this.#records.get(key);
    const own = podsOf(job, pods);
    // Suspending a Job ends its pod, as when a queue takes its place away: the next pod starts the run anew.
    const isQueued = job.spec?.suspend === true && own.length === 0;
    const record: RunRecord =
      known?.jobUid === job.metadata.uid && !isQueued
        ? known
        : { jobUid: job.metadata.uid, pod: undefined, hasStarted: false };
    record.hasStarted ||= own.some(hasStarted);
    if (own[0]) record.pod = lastSeen(own[0], record.pod);
    this.#records.set(key, record);
    return record;
  }

  /** Records what the events of the object with this UID say. */
  noteProblem(key: string, uid: string, reason: RunReason | undefined): void {
    const record = this.#records.get(key);
    if (record) record.problem = { uid, reason };
  }
}

/** What events say about the run as it is now: the object is the pod, or the Job if there is no pod. */
export function problemOf({ jobUid, pod, problem }: RunRecord): RunReason | undefined {
  return problem?.uid === (pod?.metadata.uid ?? jobUid) ? problem.reason : undefined;
}

/** The conditions are taken also from a pod that is being deleted: they tell why, and the deletion does not change them. */
function lastSeen(pod: Pod, known: Pod | undefined): Pod {
  if (!pod.metadata.deletionTimestamp || known?.metadata.uid !== pod.metadata.uid) return pod;
  const { conditions } = pod.status ?? {};
  return { ...known, status: { ...known.status, ...(conditions && { conditions }) } };
}
