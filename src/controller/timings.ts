import { LIST_WATCH_TIMINGS, type ListWatchTimings } from '../kubernetes/list-watch.ts';
import type { LeaseTimings } from './runtime/leader-elector.ts';
import type { WorkQueueTimings } from './runtime/work-queue.ts';

/** Every duration of the controller. Names that end in `Ms` are in milliseconds. */
export interface ControllerTimings extends SessionTimings {
  schedules: ScheduleTimings;
  watch: ListWatchTimings;
  lease: LeaseTimings;
  queue: WorkQueueTimings;
  sweep: {
    everyMs: number;
    /** How long an object must have been an orphan before it is deleted. */
    graceMs: number;
  };
  /** Between attempts of a watch that the cluster forbids. */
  forbiddenWatch: { baseMs: number; maxMs: number };
  /** Between attempts to create the shared key. */
  keyRetryMs: number;
}

/** Between two reviews of the same schedule's owner. */
export interface ScheduleTimings {
  reviewEveryMs: number;
  /** After a time of the schedule, or another owner, at the earliest. */
  spacingMs: number;
  /** After a denial: the second in a row suspends the schedule. */
  confirmMs: number;
}

export interface SessionTimings {
  /** How long a start may be without an object of its run, as after a start with kubectl, before the run is created. */
  createAfterMs: number;
  /** How long a run may be incomplete before it is repaired: longer than a request takes to create one. */
  repairAfterMs: number;
  /** How long until a run is attempted again that the cluster will not accept, unless the session changes. */
  giveUpMs: number;
  /** For the events of a run that has not started: how long until they are read first, and then again. */
  events: { delayMs: number; spacingMs: number };
  token: {
    /** The fraction of its lifetime after which a token is renewed. */
    renewAtFraction: number;
    /** The minimum time between two checks of the same token. */
    spacingMs: number;
  };
}

export const CONTROLLER_TIMINGS: ControllerTimings = {
  watch: LIST_WATCH_TIMINGS,
  lease: { seconds: 15, renewMs: 5_000, retryMs: 2_000 },
  queue: { concurrency: 16, spacingMs: 500, backoff: { baseMs: 500, maxMs: 60_000 } },
  createAfterMs: 5_000,
  repairAfterMs: 40_000,
  giveUpMs: 600_000,
  events: { delayMs: 5_000, spacingMs: 10_000 },
  token: { renewAtFraction: 0.8, spacingMs: 60_000 },
  sweep: { everyMs: 300_000, graceMs: 600_000 },
  forbiddenWatch: { baseMs: 500, maxMs: 30_000 },
  keyRetryMs: 10_000,
  schedules: { reviewEveryMs: 300_000, spacingMs: 30_000, confirmMs: 15_000 },
};
