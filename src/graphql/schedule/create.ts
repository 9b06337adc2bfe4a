import { type CreateScheduleInput, createSchedule } from '../../schedules/create-schedule.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';
import { schedulePayload } from './payload.ts';
import { SessionTemplateInput } from './session-template.ts';
import { ConcurrencyPolicy } from './type.ts';

const Input = builder.inputType('CreateScheduledSessionInput', {
  description:
    'The schedule that `createScheduledSession` creates. Null has the same effect as an absent field.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project.' }),
    name: t.string({
      required: true,
      description: 'The name of the schedule, a DNS label of at most 52 characters.',
    }),
    displayName: t.string({ description: 'The name for display: a single line of at most 256 characters.' }),
    schedule: t.string({
      required: true,
      description:
        'The cron expression of five fields, such as `0 9 * * 1-5`. Sunday is 0. Kubernetes decides what it accepts; forms such as @hourly and time zones in the expression are BAD_USER_INPUT too.',
    }),
    timeZone: t.string({
      defaultValue: 'Etc/UTC',
      description: 'The name of the time zone in which the expression is read, such as Europe/Berlin.',
    }),
    suspended: t.boolean({
      defaultValue: false,
      description: 'Whether the schedule is created suspended, to be resumed later.',
    }),
    concurrencyPolicy: t.field({
      type: ConcurrencyPolicy,
      defaultValue: 'FORBID',
      description: 'What happens while a session of the schedule is still active at the next time.',
    }),
    session: t.field({
      type: SessionTemplateInput,
      required: true,
      description: 'What the sessions that the schedule creates have in common.',
    }),
  }),
});

mutation('createScheduledSession', {
  payload: schedulePayload('createScheduledSession', 'The new scheduled session.'),
  description:
    'Creates a schedule by which sessions are created and started in the name of the caller, its owner, as long as the cluster allows the owner to create agenticsessions in the project. The caller needs that permission too. It fails with CONFLICT if the name is taken, and with UNAVAILABLE if the administrator has not configured schedules.',
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The schedule to create.' }),
  })),
  cost: 50,
  resolve: async ({ input }, context) => ({
    scheduledSession: await createSchedule(context, input as CreateScheduleInput),
  }),
});
