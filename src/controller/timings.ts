import { WATCH_TIMINGS, type WatchTimings } from '../kubernetes/watch.ts';

/** Every duration of the controller. What ends in `Ms` is in milliseconds. */
export interface ControllerTimings {
  watch: WatchTimings;
  lease: {
    /**
     * Within this time of its last renewal another replica has taken over. Whole seconds: that is what a Lease can say.
     * More than renewMs and four times retryMs together.
     */
    seconds: number;
    renewMs: number;
    /** Between attempts to take the lease, and to renew it after a failure. */
    retryMs: number;
  };
  queue: {
    concurrency: number;
    /** Between two turns of the same session at the least. */
    spacingMs: number;
    backoff: { baseMs: number; maxMs: number };
  };
  /** How long a run may be missing of which nothing is there yet: nobody makes it, as with a start by kubectl. */
  untouchedAfterMs: number;
  /** How long a run may be half made until it is made good: longer than a request may take to make it. */
  repairAfterMs: number;
  sweep: {
    everyMs: number;
    /** How long an object must have been seen without its session. */
    graceMs: number;
  };
  token: {
    /** When a token is renewed, as a part of its life. */
    renewAtFraction: number;
    /** Between two renewals of the same token at the least. */
    spacingMs: number;
  };
  /** Between attempts of a watch that the cluster refuses: somebody has to change a role. */
  refusedMs: number;
}

export const CONTROLLER_TIMINGS: ControllerTimings = {
  watch: WATCH_TIMINGS,
  lease: { seconds: 15, renewMs: 5_000, retryMs: 2_000 },
  queue: { concurrency: 16, spacingMs: 500, backoff: { baseMs: 500, maxMs: 60_000 } },
  untouchedAfterMs: 5_000,
  repairAfterMs: 40_000,
  sweep: { everyMs: 300_000, graceMs: 600_000 },
  token: { renewAtFraction: 0.8, spacingMs: 60_000 },
  refusedMs: 30_000,
};
