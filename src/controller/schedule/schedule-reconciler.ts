import { mergeOperations } from '../../kubernetes/json-patch.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { CRON_JOBS, type CronJob } from '../../kubernetes/resources.ts';
import {
  ACTIVE_SESSIONS,
  type ActiveSession,
  isScheduledSession,
  SUSPENDED_REASON,
} from '../../model/schedule.ts';
import type { AgenticSession } from '../../model/session.ts';
import { parseTimestamp } from '../../model/timestamps.ts';
import { isBusy } from '../../sessions/run/job-state.ts';
import { startRequestOf } from '../../sessions/run/start-request.ts';
import { isWanted } from '../../sessions/status/desired-state.ts';
import { ENDED_PHASES } from '../../sessions/status/session-status.ts';
import type { Result } from '../runtime/work-queue.ts';
import type { ReconcileClient } from '../session/reconcile-client.ts';
import { DONE, REQUEUE, runSteps } from '../session/reconcile-result.ts';
import type { SessionCache } from '../session/session-cache.ts';
import type { ScheduleTimings } from '../timings.ts';
import { OwnerReviews } from './owner-reviews.ts';
import type { CachedSchedule, ScheduleCache } from './schedule-cache.ts';

interface ScheduleReconcilerOptions {
  schedules: ScheduleCache;
  sessions: SessionCache;
  newClient: () => ReconcileClient;
  timings: ScheduleTimings;
  ownerMaxAgeDays: number;
  /** False where another operator runs the sessions: their status says then whether they have ended. */
  runsSessions: boolean;
  /** A schedule was suspended: its namespace and name. */
  onSuspended: (schedule: string, reason: string) => void;
}

/** The note says that some are active, and which are stopped by REPLACE: more of them would not fit. */
const MAX_NOTED = 50;

/**
 * Reconciles a schedule with its sessions and its owner's rights: it notes the active sessions on the CronJob, where the
 * schedule itself may read them, and suspends it when its owner may not create sessions any more. It creates none.
 */
export class ScheduleReconciler {
  readonly #options: ScheduleReconcilerOptions;
  readonly #reviews: OwnerReviews;
  /** Notes that the cluster has stored, until the watch shows them. */
  readonly #written = new Map<string, { over: string; note: string }>();

  constructor(options: ScheduleReconcilerOptions) {
    this.#options = options;
    this.#reviews = new OwnerReviews(options.timings, options.ownerMaxAgeDays);
  }

  async reconcile(key: string): Promise<Result> {
    const { schedules, sessions, newClient } = this.#options;
    const schedule = schedules.schedule(key);
    if (!schedule || !sessions.projects.isManaged(schedule.metadata.namespace ?? '')) {
      this.#reviews.forget(key);
      this.#written.delete(key);
      return DONE;
    }
    return newClient().during((client) =>
      runSteps(
        () => this.#noteActive(client, key, schedule),
        () => this.#reviewOwner(client, key, schedule),
      ),
    );
  }

  async #noteActive(client: ReconcileClient, key: string, schedule: CachedSchedule): Promise<Result> {
    const { namespace = '', name, uid, resourceVersion } = schedule.metadata;
    const active = this.#active(key);
    const note = JSON.stringify(active);
    const written = this.#written.get(key);
    const stored = written?.over === resourceVersion ? written.note : schedule.note;
    if (note === stored || (active.length === 0 && stored === undefined)) return DONE;
    await client
      .mergePatch(
        { act: 'noteActiveSessions', type: CRON_JOBS, namespace, name },
        { metadata: { uid, annotations: { [ACTIVE_SESSIONS]: note } } },
      )
      .catch(ignoreIfGone);
    this.#written.set(key, { over: resourceVersion, note });
    return DONE;
  }

  /** The newest are not always among them, but there are no more than a few. */
  #active(key: string): ActiveSession[] {
    const { schedules, sessions, runsSessions } = this.#options;
    return schedules
      .sessions(key)
      .flatMap((sessionKey): ActiveSession[] => {
        const session = sessions.session(sessionKey);
        if (!session) return [];
        const jobs = sessions.runs(sessionKey).map(({ job }) => job);
        const isActive = runsSessions
          ? isWanted(session) || isBusy(jobs, sessions.pods(sessionKey))
          : isWanted(session) && !hasEnded(session);
        const { name, uid } = session.metadata;
        return isActive ? [{ name, uid }] : [];
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, MAX_NOTED);
  }

  async #reviewOwner(client: ReconcileClient, key: string, schedule: CachedSchedule): Promise<Result> {
    const { namespace = '', name, uid } = schedule.metadata;
    if (schedule.isSuspended) {
      this.#reviews.forget(key);
      return DONE;
    }
    const dueInMs = this.#reviews.dueInMs(key, schedule);
    if (dueInMs > 0) return { requeueAfterMs: dueInMs };
    const live = await client.findListed<CronJob>(CRON_JOBS, namespace, name);
    if (live?.metadata.uid !== uid || !isScheduledSession(live) || live.spec?.suspend) return DONE;
    const reason = await this.#reviews.review(client, key, schedule, live);
    if (reason === undefined) return { requeueAfterMs: this.#reviews.dueInMs(key, schedule) };
    return this.#suspend(client, key, live, reason);
  }

  /** Of the schedule as it was reviewed, in that version: an edit since has made another owner. */
  async #suspend(client: ReconcileClient, key: string, live: CronJob, reason: string): Promise<Result> {
    const { namespace = '', name, uid, resourceVersion, annotations } = live.metadata;
    try {
      await client.jsonPatch({ act: 'suspendSchedule', type: CRON_JOBS, namespace, name }, [
        { op: 'test', path: '/metadata/uid', value: uid },
        { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
        { op: 'add', path: '/spec/suspend', value: true },
        ...mergeOperations('/metadata/annotations', annotations, { [SUSPENDED_REASON]: reason }),
      ]);
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error;
      if (error.isNotFound) return DONE;
      if (!error.mayBePreconditionFailed) throw error;
      return REQUEUE;
    }
    this.#reviews.forget(key);
    this.#options.onSuspended(`${namespace}/${name}`, reason);
    return DONE;
  }
}

/** For `catch`: the schedule was deleted, and another may have its name. */
function ignoreIfGone(error: unknown): void {
  if (error instanceof KubernetesError && (error.isNotFound || error.mayBePreconditionFailed)) return;
  throw error;
}

/** By its status, which another operator writes, and does not change the desired phase at the end. */
function hasEnded(session: AgenticSession): boolean {
  if (!ENDED_PHASES.includes(session.status?.phase ?? '')) return false;
  const startedAt = parseTimestamp(startRequestOf(session));
  const endedAt = parseTimestamp(session.status?.completionTime);
  // One that was started again keeps the phase of its last run until the new one is there.
  return startedAt === undefined || endedAt === undefined || startedAt <= endedAt;
}
