import { NotFound } from '../errors.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import { CRON_JOBS, type CronJob } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { isScheduledSession } from '../model/schedule.ts';
import type { ScheduleLocation } from './trigger-job.ts';

/** BAD_USER_INPUT unless both are names. @param prefix of the arguments' paths, such as `input.` */
export function parseLocation(project: string, name: string, prefix = ''): ScheduleLocation {
  return {
    namespace: parseNamespace(project, `${prefix}project`),
    name: parseName(name, `${prefix}name`),
  };
}

/** The schedule as the user sees it. NOT_FOUND also for a CronJob of another tool. */
export async function readSchedule(
  user: UserCluster,
  { namespace, name }: ScheduleLocation,
): Promise<CronJob> {
  const cronJob = await user.find<CronJob>(CRON_JOBS, namespace, name);
  if (cronJob && isScheduledSession(cronJob)) return cronJob;
  const details = { project: namespace, name };
  throw new NotFound(`Project ${namespace} has no scheduled session "${name}"`, details);
}
