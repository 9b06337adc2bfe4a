import { BadUserInput } from '../../errors.ts';
import { CRON_JOBS, type CronJob } from '../../kubernetes/resources.ts';
import { DISPLAY_NAME } from '../../model/labels-and-annotations.ts';
import {
  isScheduledSession,
  type ConcurrencyPolicy as Policy,
  SUSPENDED_REASON,
} from '../../model/schedule.ts';
import { readOwner } from '../../model/schedule-owner.ts';
import { nextTimes } from '../../schedules/cron.ts';
import { DEFAULT_TIME_ZONE } from '../../schedules/schedule-fields.ts';
import { storedTemplate } from '../../schedules/session-template.ts';
import { concurrencyPolicyOf } from '../../schedules/stored-schedule.ts';
import { builder } from '../builder.ts';
import { Node, nodeTypes } from '../relay/node.ts';
import { kubernetesNodeType } from '../relay/node-type.ts';
import { SessionUser } from '../session/user.ts';
import { asDateTime, asText } from '../stored-value.ts';
import { SessionTemplate } from './session-template.ts';

const MAX_NEXT_TIMES = 50;

export const ConcurrencyPolicy = builder.enumType('ConcurrencyPolicy', {
  description: 'What happens at a time of a schedule while a session that it has created is still active.',
  values: {
    ALLOW: { description: 'Another session is created.' },
    FORBID: { description: 'No session is created at that time.' },
    REPLACE: { description: 'The active session is stopped, and another one is created.' },
  } satisfies Record<Policy, { description: string }>,
});

export const ScheduledSession = builder.objectRef<CronJob>('ScheduledSession').implement({
  description:
    'A schedule by which sessions are created in a project, in the name of its owner: a Kubernetes CronJob (batch/v1) with the label `ambient-code.io/scheduled-session=true`. Kubernetes decides when it is time.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.string({
      description: 'The name of the schedule, unique within its project.',
      resolve: ({ metadata }) => metadata.name,
    }),
    projectName: t.string({
      description: 'The name of the project, which is the namespace of the CronJob.',
      resolve: ({ metadata }) => metadata.namespace ?? '',
    }),
    displayName: t.string({
      nullable: true,
      description: 'The name for display, which need not be unique; null if the schedule has none.',
      resolve: ({ metadata }) => asText(metadata.annotations?.[DISPLAY_NAME]),
    }),
    resourceVersion: t.string({
      description:
        'The version of the stored object, an opaque string that changes with every write: Kubernetes writes one at each time of the schedule. Pass it to `updateScheduledSession` to get CONFLICT if the schedule has changed since it was read.',
      resolve: ({ metadata }) => metadata.resourceVersion,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the schedule was created.',
      resolve: ({ metadata }) => metadata.creationTimestamp,
    }),
    schedule: t.string({
      description:
        'The cron expression of five fields: minute, hour, day of month, month and day of week, as Kubernetes reads them. A day matches if it matches either of the two fields of days, unless one of them is `*`.',
      resolve: ({ spec }) => asText(spec?.schedule) ?? '',
    }),
    timeZone: t.string({
      description: 'The time zone in which the cron expression is read, such as Europe/Berlin.',
      resolve: timeZoneOf,
    }),
    suspended: t.boolean({
      description: 'Whether the schedule is suspended: it creates no sessions until it is resumed.',
      resolve: ({ spec }) => spec?.suspend === true,
    }),
    suspendedReason: t.string({
      nullable: true,
      description:
        'Why Writ has suspended the schedule, such as that its owner may not create sessions any more; null if it has not.',
      resolve: ({ spec, metadata }) =>
        spec?.suspend === true ? asText(metadata.annotations?.[SUSPENDED_REASON]) : null,
    }),
    concurrencyPolicy: t.field({
      type: ConcurrencyPolicy,
      description: 'What happens while a session of the schedule is still active at the next time.',
      resolve: concurrencyPolicyOf,
    }),
    owner: t.field({
      type: SessionUser,
      description:
        'The user in whose name the schedule creates sessions: whoever has last created, updated or resumed it. `userId` is empty if the record is missing or malformed: then the schedule creates no sessions.',
      resolve: (cronJob, _, { originPolicyInForce }) => {
        const owner = readOwner(cronJob);
        if (!owner) return { userId: '', displayName: null, groups: [], verified: false };
        const { username, groups } = owner;
        return { userId: username, displayName: null, groups, verified: originPolicyInForce };
      },
    }),
    lastScheduleTime: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When Kubernetes last started the schedule; null if it never has.',
      resolve: ({ status }) => asDateTime(status?.lastScheduleTime),
    }),
    nextScheduleTimes: t.field({
      type: ['DateTime'],
      description:
        'The next times of the schedule, which Writ computes as Kubernetes does: where clocks are put forward a time can be missing, and where they are put back it can come twice. The list is empty if the schedule is suspended, or has no next time.',
      args: {
        first: t.arg.int({
          defaultValue: 3,
          description: `The number of times, from 1 to ${MAX_NEXT_TIMES}.`,
        }),
      },
      resolve: (cronJob, { first }) => {
        const count = first ?? 3;
        if (count < 1 || count > MAX_NEXT_TIMES)
          throw new BadUserInput([{ path: 'first', message: `must be from 1 to ${MAX_NEXT_TIMES}` }]);
        if (cronJob.spec?.suspend === true) return [];
        const times = nextTimes(cronJob.spec?.schedule ?? '', timeZoneOf(cronJob), new Date(), count);
        return times.map((time) => time.toISOString());
      },
    }),
    sessionTemplate: t.field({
      type: SessionTemplate,
      nullable: true,
      description: 'What the sessions of the schedule have in common; null if the record is malformed.',
      resolve: storedTemplate,
    }),
  }),
});

function timeZoneOf({ spec }: CronJob): string {
  return asText(spec?.timeZone) ?? DEFAULT_TIME_ZONE;
}

nodeTypes.register(
  kubernetesNodeType<CronJob>('ScheduledSession', CRON_JOBS, async ({ namespace, name }, { loaders }) => {
    const cronJob = await loaders.find<CronJob>(CRON_JOBS, { namespace, name });
    return cronJob && isScheduledSession(cronJob) ? cronJob : null;
  }),
);
