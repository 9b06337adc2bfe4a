import { type UpdateScheduleInput, updateSchedule } from '../../schedules/update-schedule.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { schedulePayload } from './payload.ts';
import { SessionTemplateInput } from './session-template.ts';
import { ConcurrencyPolicy } from './type.ts';

const Input = builder.inputType('UpdateScheduledSessionInput', {
  description:
    'The changes to a schedule. An absent field stays unchanged. Null clears `displayName`, and resets `timeZone` and `concurrencyPolicy` to their defaults.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project that contains the schedule.' }),
    name: t.string({ required: true, description: 'The name of the scheduled session.' }),
    resourceVersion: t.string({
      description:
        'The expected `ScheduledSession.resourceVersion`; the mutation fails with CONFLICT if the schedule has another one. If it is absent, any version is accepted.',
    }),
    displayName: t.string({ description: 'The name for display: a single line of at most 256 characters.' }),
    schedule: t.string({
      description: 'The cron expression of five fields, as in `createScheduledSession`.',
    }),
    timeZone: t.string({ description: 'The name of the time zone, such as Europe/Berlin.' }),
    concurrencyPolicy: t.field({
      type: ConcurrencyPolicy,
      description: 'What happens while a session of the schedule is still active at the next time.',
    }),
    session: t.field({
      type: SessionTemplateInput,
      description:
        'What the sessions have in common. It takes the place of the whole former template: what it does not have is not kept.',
    }),
  }),
});

mutation('updateScheduledSession', {
  payload: schedulePayload('updateScheduledSession', 'The scheduled session after the change.'),
  description:
    'Changes a schedule, and makes the caller its owner: from then on it creates sessions in their name. The caller needs permission to get the CronJob and to create agenticsessions in the project. A suspended schedule stays suspended. It fails with NOT_FOUND if there is no such schedule, with CONFLICT if another user edits it at the same moment, or its creation was interrupted, and with UNAVAILABLE if the administrator has not configured schedules.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The schedule and its changes.' }),
  })),
  cost: 20,
  resolve: async ({ input }, context) => ({
    scheduledSession: await updateSchedule(context, input as UpdateScheduleInput),
  }),
});
