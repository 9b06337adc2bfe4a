import { QueryTooComplex } from '../../errors.ts';
import { CRON_JOBS, type CronJob } from '../../kubernetes/resources.ts';
import { scan } from '../../kubernetes/scan.ts';
import { isScheduledSession, SCHEDULED_SESSIONS } from '../../model/schedule.ts';
import { parseLocation } from '../../schedules/read-schedule.ts';
import { builder, LIST_MULTIPLIER, ONE_CALL } from '../builder.ts';
import { Project } from '../project/type.ts';
import { ScheduledSession } from './type.ts';

/** Of one project. */
const MAX_SCHEDULES = 500;

builder.queryField('scheduledSession', (t) =>
  t.field({
    type: ScheduledSession,
    nullable: true,
    description:
      'The scheduled session with this name; null if it does not exist. FORBIDDEN if the caller may not get CronJobs.',
    args: {
      project: t.arg.string({ required: true, description: 'The name of the project.' }),
      name: t.arg.string({ required: true, description: 'The name of the scheduled session.' }),
    },
    complexity: ONE_CALL,
    resolve: async (_, { project, name }, { loaders }) => {
      const cronJob = await loaders.find<CronJob>(CRON_JOBS, parseLocation(project, name));
      return cronJob && isScheduledSession(cronJob) ? cronJob : null;
    },
  }),
);

builder.objectField(Project, 'scheduledSessions', (t) =>
  t.field({
    type: [ScheduledSession],
    nullable: true,
    description: `The scheduled sessions of the project, ordered by name. It fails with FORBIDDEN if the caller may not list CronJobs, and with QUERY_TOO_COMPLEX if there are more than ${MAX_SCHEDULES}.`,
    complexity: { ...ONE_CALL, multiplier: LIST_MULTIPLIER },
    resolve: async ({ metadata }, _, { reader }) => {
      const { items, truncated } = await scan<CronJob>(reader, CRON_JOBS, metadata.name, MAX_SCHEDULES, {
        labelSelector: SCHEDULED_SESSIONS,
      });
      if (!truncated) return items;
      const message = `The project has more than ${MAX_SCHEDULES} scheduled sessions`;
      throw new QueryTooComplex(message, { limit: 'scannedObjects', maximum: MAX_SCHEDULES });
    },
  }),
);
