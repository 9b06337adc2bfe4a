import type { Job, Pod } from '../../kubernetes/resources.ts';
import { finishedCondition, podsOf } from '../../sessions/run/job-state.ts';
import { failureReason, type RunReason } from '../../sessions/status/run-reason.ts';

/** Why each session's latest Job failed. Only its pod shows that, and the pod may be deleted before the Job. */
export class FailureReasons {
  readonly #reasons = new Map<string, { jobUid: string; reason: RunReason }>();

  forget(key: string): void {
    this.#reasons.delete(key);
  }

  /** Undefined for a Job that has not failed. */
  reasonOf(key: string, job: Job, pods: Pod[]): RunReason | undefined {
    if (finishedCondition(job)?.type !== 'Failed') return undefined;
    const { uid: jobUid } = job.metadata;
    const [pod] = podsOf(job, pods);
    const known = this.#reasons.get(key);
    const reason = !pod && known?.jobUid === jobUid ? known.reason : failureReason(job, pod);
    this.#reasons.set(key, { jobUid, reason });
    return reason;
  }
}
