import { BadUserInput } from '../errors.ts';
import type { CronJob } from '../kubernetes/resources.ts';
import { isTick } from './cron.ts';

/** How late a tick may be, besides the schedule's own startingDeadlineSeconds: its pod has to start, and may have to retry. */
const MAX_LATENESS_MS = 15 * 60_000;
const MAX_STARTING_DEADLINE_SECONDS = 3_600;
/** How far the clock of Kubernetes' controllers may be ahead of Writ's. */
const SKEW_MS = 30_000;

const JOB_RULE = 'must be the name of a Job that Kubernetes has created for the schedule at one of its times';

/**
 * The time for which Kubernetes has created a Job of the schedule: its name ends in the minutes since 1970 (getJobName in
 * pkg/controller/cronjob). BAD_USER_INPUT with this `path` for any other name.
 */
export function tickOfJob(schedule: string, job: string, path: string): Date {
  const minutes = /^-(\d{1,9})$/.exec(job.slice(schedule.length))?.[1];
  if (!job.startsWith(schedule) || minutes === undefined)
    throw new BadUserInput([{ path, message: JOB_RULE }]);
  return new Date(Number(minutes) * 60_000);
}

/**
 * BAD_USER_INPUT with this `path` unless the schedule has this tick now: Kubernetes has a reason to run it. The pod could
 * name any time, so that only this bounds how many sessions it can create.
 */
export function assertTick({ spec }: CronJob, tick: Date, now: number, path: string): void {
  const ageMs = now - tick.getTime();
  const deadlineSeconds = Math.min(spec?.startingDeadlineSeconds ?? 0, MAX_STARTING_DEADLINE_SECONDS);
  const problem =
    ageMs < -SKEW_MS
      ? 'is of a time in the future'
      : ageMs > MAX_LATENESS_MS + deadlineSeconds * 1_000
        ? 'is of a time too long ago'
        : !isTick(spec?.schedule ?? '', spec?.timeZone ?? 'Etc/UTC', tick)
          ? 'is of a time that the schedule does not have'
          : undefined;
  if (problem) throw new BadUserInput([{ path, message: problem }]);
}
