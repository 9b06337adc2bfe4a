import type { Job, Pod } from '../../kubernetes/resources.ts';
import { eventReason } from '../../sessions/status/event-reason.ts';
import { pendingReason } from '../../sessions/status/pending-reason.ts';
import type { Result } from '../runtime/work-queue.ts';
import type { SessionTimings } from '../timings.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { DONE } from './reconcile-result.ts';
import type { RunHistory } from './run-history.ts';

/** Reads the events of runs that do not start, while neither the Job nor the pod says why. */
export class RunEvents {
  readonly #timings: SessionTimings['events'];
  readonly #history: RunHistory;
  /** The object whose events are to be read, and when (`performance.now()`), by session. */
  readonly #due = new Map<string, { uid: string; at: number }>();

  constructor(timings: SessionTimings['events'], history: RunHistory) {
    this.#timings = timings;
    this.#history = history;
  }

  forget(key: string): void {
    this.#due.delete(key);
  }

  /** Reads them if that is due. Requeues for the next time. */
  async reconcile(client: ReconcileClient, key: string, job: Job, pods: Pod[]): Promise<Result> {
    const { pod, hasStarted } = this.#history.observe(key, job, pods);
    const isExplained = job.spec?.suspend === true || pendingReason(pod, []).reason !== 'Starting';
    if (hasStarted || isExplained) {
      this.forget(key);
      return DONE;
    }
    const { uid, namespace = '' } = (pod ?? job).metadata;
    const now = performance.now();
    const known = this.#due.get(key);
    const due = known?.uid === uid ? known : { uid, at: now + this.#timings.delayMs };
    this.#due.set(key, due);
    if (due.at > now) return { requeueAfterMs: due.at - now };
    due.at = now + this.#timings.spacingMs;
    this.#history.noteProblem(key, uid, eventReason(await client.listEvents(namespace, uid)));
    return { requeueAfterMs: this.#timings.spacingMs };
  }
}
