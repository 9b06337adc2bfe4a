import type { CronJob } from '../kubernetes/resources.ts';
import type { ScheduleDependencies } from './create-schedule.ts';
import { parseLocation, readSchedule } from './read-schedule.ts';

/**
 * Deletes a schedule; Kubernetes then deletes its triggers' Jobs, and its ServiceAccount. The sessions that it has created stay.
 * It returns the schedule as it was read right before. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (another one has
 * its name by then).
 */
export async function deleteSchedule(
  { user, authorize }: Pick<ScheduleDependencies, 'user' | 'authorize'>,
  project: string,
  name: string,
): Promise<CronJob> {
  const location = parseLocation(project, name);
  const read = await readSchedule(user, location);
  const writ = await authorize(user, 'deleteScheduledSession', location);
  await writ.schedule.delete(read);
  return read;
}
