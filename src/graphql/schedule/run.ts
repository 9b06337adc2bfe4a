import {
  runScheduledSession,
  type SCHEDULED_RUN_OUTCOMES,
  type ScheduledRun,
} from '../../schedules/run-scheduled-session.ts';
import { builder } from '../builder.ts';
import { mutation } from '../mutation.ts';

const Outcome = builder.enumType('RunScheduledSessionOutcome', {
  description: 'What a scheduled session has done at one of its times.',
  values: {
    CREATED: { description: 'It has created a session.' },
    ALREADY_CREATED: { description: 'An earlier request for the same time has created the session.' },
    SUSPENDED: { description: 'It is suspended, and has created no session.' },
    SKIPPED: {
      description:
        'Its concurrency policy is FORBID and one of its sessions is active, so it has created none.',
    },
  } satisfies Record<(typeof SCHEDULED_RUN_OUTCOMES)[number], { description: string }>,
});

const Input = builder.inputType('RunScheduledSessionInput', {
  description: 'One time of a scheduled session, by the Job that Kubernetes has created for it.',
  fields: (t) => ({
    project: t.string({ required: true, description: 'The name of the project.' }),
    name: t.string({
      required: true,
      description: 'The name of the scheduled session, which is that of its CronJob.',
    }),
    job: t.string({
      required: true,
      description:
        "The name of the Job: the CronJob's, a hyphen and the minutes since 1970. That time must be recent, and one that the schedule has.",
    }),
  }),
});

const Payload = builder.objectRef<ScheduledRun>('RunScheduledSessionPayload').implement({
  description: 'The result of the mutation `runScheduledSession`.',
  fields: (t) => ({
    outcome: t.field({
      type: Outcome,
      description: 'What was done.',
      resolve: ({ outcome }) => outcome,
    }),
    sessionName: t.string({
      nullable: true,
      description: 'The name of the session of that time; null if there is none.',
      resolve: ({ sessionName }) => sessionName,
    }),
    scheduledTime: t.field({
      type: 'DateTime',
      description: "The time in the Job's name.",
      resolve: ({ tick }) => tick.toISOString(),
    }),
  }),
});

mutation('runScheduledSession', {
  payload: Payload,
  description:
    "Creates the session of one time of a scheduled session, in the name of its owner. Only the scheduled session's own service account may call it, from the pod that Kubernetes runs at that time (`writ trigger`); anybody else gets FORBIDDEN, and uses `triggerScheduledSession`. What is created comes from the scheduled session. Its owner needs permission to create agenticsessions in the project and, with the concurrency policy REPLACE, to update the session that is stopped; otherwise it fails with FORBIDDEN, and the controller suspends the scheduled session. A repeated call creates nothing more.",
  args: builder.args((t) => ({
    input: t.field({ type: Input, required: true, description: 'The time, and whose it is.' }),
  })),
  cost: 50,
  resolve: ({ input }, context) => runScheduledSession(context, input),
});
