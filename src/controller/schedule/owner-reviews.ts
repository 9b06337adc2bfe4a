import type { CronJob } from '../../kubernetes/resources.ts';
import { ownerProblem, readOwner } from '../../model/schedule-owner.ts';
import { AGENTIC_SESSIONS } from '../../model/session.ts';
import type { ReconcileClient } from '../session/reconcile-client.ts';
import type { ScheduleTimings } from '../timings.ts';
import type { CachedSchedule } from './schedule-cache.ts';

interface ReviewRecord {
  /** When the owner was last reviewed: `performance.now()`. */
  at: number;
  reviewedFor: string;
  denials: number;
}

/** How many denials in a row suspend a schedule: an API server that has just started knows no RBAC objects for a moment. */
const DENIALS = 2;

/** When the owners of schedules are reviewed, and what the reviews have said. */
export class OwnerReviews {
  readonly #timings: ScheduleTimings;
  readonly #maxAgeDays: number;
  readonly #records = new Map<string, ReviewRecord>();

  constructor(timings: ScheduleTimings, maxAgeDays: number) {
    this.#timings = timings;
    this.#maxAgeDays = maxAgeDays;
  }

  forget(key: string): void {
    this.#records.delete(key);
  }

  /** How long until the next review is due, in ms; 0 or less if it is. */
  dueInMs(key: string, { reviewedFor }: CachedSchedule): number {
    const record = this.#records.get(key);
    if (!record) return 0;
    const { reviewEveryMs, spacingMs, confirmMs } = this.#timings;
    const isNew = record.reviewedFor !== reviewedFor;
    const afterMs = record.denials > 0 ? confirmMs : isNew ? spacingMs : reviewEveryMs;
    return record.at + afterMs - performance.now();
  }

  /**
   * Reviews the owner of the schedule as it is now. Returns why the schedule is to be suspended; undefined if it is not, or
   * not yet. It throws if the review fails, which is no denial.
   */
  async review(
    client: ReconcileClient,
    key: string,
    { reviewedFor }: CachedSchedule,
    live: CronJob,
  ): Promise<string | undefined> {
    const owner = readOwner(live);
    const problem = ownerProblem(owner, this.#maxAgeDays, Date.now());
    if (problem || !owner) return `${problem}. Whoever edits the schedule becomes its owner.`;
    const { group, resource } = AGENTIC_SESSIONS;
    const { namespace = '' } = live.metadata;
    const at = performance.now();
    const { allowed } = await client.reviewUser(owner, { verb: 'create', group, resource, namespace });
    const denials = allowed ? 0 : (this.#records.get(key)?.denials ?? 0) + 1;
    this.#records.set(key, { at, reviewedFor, denials });
    if (denials < DENIALS) return undefined;
    return `The owner may not create ${resource}.${group} in the project any more. Whoever edits the schedule becomes its owner.`;
  }
}
