import { resumeSchedule, suspendSchedule } from '../../schedules/update-schedule.ts';
import { mutation } from '../mutation.ts';
import { scheduleArgs } from './arguments.ts';
import { schedulePayload } from './payload.ts';

mutation('suspendScheduledSession', {
  payload: schedulePayload('suspendScheduledSession', 'The scheduled session, which is suspended.'),
  description:
    'Suspends a schedule: it creates no sessions until it is resumed. Its owner stays the same, and its sessions go on. The caller needs permission to get the CronJob and to create agenticsessions in the project. A schedule that is suspended already is returned as it is. It fails with NOT_FOUND if there is no such schedule.',
  args: scheduleArgs,
  cost: 20,
  resolve: async ({ project, name }, context) => ({
    scheduledSession: await suspendSchedule(context, project, name),
  }),
});

mutation('resumeScheduledSession', {
  payload: schedulePayload('resumeScheduledSession', 'The scheduled session, which is not suspended.'),
  description:
    'Lets a suspended schedule create sessions again, in the name of the caller, who becomes its owner: read what it does before. Times that have passed are not made up for. The caller needs permission to get the CronJob and to create agenticsessions in the project. A schedule that is not suspended is returned as it is, with its former owner. It fails with NOT_FOUND if there is no such schedule, with CONFLICT if another user edits it at the same moment, or its creation was interrupted, and with UNAVAILABLE if the administrator has not configured schedules.',
  args: scheduleArgs,
  cost: 20,
  resolve: async ({ project, name }, context) => ({
    scheduledSession: await resumeSchedule(context, project, name),
  }),
});
