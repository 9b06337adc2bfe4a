import { isDeepStrictEqual } from 'node:util';
import type { CallerGrantName } from '../authorization/grants.ts';
import type { Writ } from '../authorization/writ.ts';
import { Conflict } from '../errors.ts';
import type { CronJob } from '../kubernetes/resources.ts';
import { SCHEDULE_OWNER } from '../model/schedule.ts';
import { scheduleAccountName } from '../model/schedule-account.ts';
import type { ScheduleDependencies } from './create-schedule.ts';
import { readSchedule } from './read-schedule.ts';
import type { ScheduleLocation } from './trigger-job.ts';

const ATTEMPTS = 5;

/**
 * Reads a schedule, and changes it under a Writ. Kubernetes and the controller write to a schedule too: then it is read again.
 * Errors: NOT_FOUND, FORBIDDEN, CONFLICT (another user has edited it meanwhile: nobody becomes the owner of what they have not
 * seen).
 *
 * @param write undefined if there is nothing to change
 */
export async function editSchedule(
  { user, authorize }: Pick<ScheduleDependencies, 'user' | 'authorize'>,
  grant: CallerGrantName,
  location: ScheduleLocation,
  write: (read: CronJob) => ((writ: Writ) => Promise<CronJob>) | undefined,
): Promise<CronJob> {
  const first = await readSchedule(user, location);
  let read = first;
  for (let attempt = 1; ; attempt += 1) {
    const change = write(read);
    if (!change) return read;
    const writ = await authorize(user, grant, location);
    try {
      return await change(writ);
    } catch (error) {
      if (!(error instanceof Conflict) || attempt === ATTEMPTS) throw error;
      const latest = await readSchedule(user, location);
      if (!isSameEdit(latest, first)) throw error;
      read = latest;
    }
  }
}

/** Each edit records its owner anew. */
function isSameEdit(latest: CronJob, first: CronJob): boolean {
  const editOf = ({ metadata, spec }: CronJob) => [
    metadata.uid,
    metadata.annotations?.[SCHEDULE_OWNER],
    spec,
  ];
  return isDeepStrictEqual(editOf(latest), editOf(first));
}

/** CONFLICT if the schedule's ServiceAccount may not exist: its creation was interrupted. */
export function assertComplete({ metadata, spec }: CronJob): void {
  const account = spec?.jobTemplate.spec?.template.spec?.serviceAccountName;
  if (account === scheduleAccountName(metadata.uid)) return;
  const details = { project: metadata.namespace, name: metadata.name };
  throw new Conflict(
    'The creation of the scheduled session was interrupted: delete it, and create it again',
    details,
  );
}
