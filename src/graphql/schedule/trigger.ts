import { triggerSchedule } from '../../schedules/trigger-schedule.ts';
import { mutation } from '../mutation.ts';
import { asPayload, sessionPayload } from '../session/payload.ts';
import { scheduleArgs } from './arguments.ts';

mutation('triggerScheduledSession', {
  payload: sessionPayload('triggerScheduledSession', 'The new session, which was created by the caller.'),
  description:
    'Creates and starts a session from a schedule now, in the name of the caller and not of the owner. It does so also if the schedule is suspended, and whatever its concurrency policy is. The caller needs permission to get the CronJob and to create agenticsessions in the project. It fails with NOT_FOUND if there is no such schedule, and with BAD_USER_INPUT for a path in `sessionTemplate` if `createSession` would not accept its template. An error after the session was created names it in `extensions.session`.',
  args: scheduleArgs,
  cost: 50,
  resolve: ({ project, name }, context) => asPayload(triggerSchedule(context, project, name)),
});
