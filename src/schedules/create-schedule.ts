import type { Authorize } from '../authorization/authorize.ts';
import type { CronJobManifest } from '../authorization/schedule-object.ts';
import { apiVersionOf, CRON_JOBS, type CronJob } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { DISPLAY_NAME, MANAGED_BY_WRIT } from '../model/labels-and-annotations.ts';
import type { Runners } from '../model/run-template.ts';
import {
  CONCURRENCY_POLICY,
  type ConcurrencyPolicy,
  DEFAULT_CONCURRENCY_POLICY,
  SCHEDULED_SESSION_LABEL,
  SESSION_TEMPLATE,
  type TriggerSettings,
  UNSET_ACCOUNT,
} from '../model/schedule.ts';
import { scheduleAccountName } from '../model/schedule-account.ts';
import { parseSessionTemplate, type SessionTemplateInput } from '../sessions/create-session.ts';
import { assertRunnerSecretKeys, type KnownDenials } from '../sessions/runner-secret-keys.ts';
import { check } from '../sessions/session-fields.ts';
import { createScheduleFields, DEFAULT_TIME_ZONE, rejectedInput } from './schedule-fields.ts';
import { templateAnnotation } from './session-template.ts';
import { requireTriggers, STARTING_DEADLINE_SECONDS, triggerJob } from './trigger-job.ts';

export interface ScheduleDependencies {
  user: UserCluster;
  authorize: Authorize;
  runners: Runners;
  reviews: KnownDenials;
  /** Undefined: the administrator has not configured schedules. */
  triggers: TriggerSettings | undefined;
}

export interface CreateScheduleInput {
  project: string;
  name: string;
  displayName?: string | null | undefined;
  schedule: string;
  timeZone?: string | null | undefined;
  suspended?: boolean | null | undefined;
  concurrencyPolicy?: ConcurrencyPolicy | null | undefined;
  session: SessionTemplateInput;
}

/**
 * Creates a scheduled session, whose owner is the caller. It is suspended until its ServiceAccount exists; what a failure leaves
 * stays suspended. Errors: BAD_USER_INPUT, FORBIDDEN, CONFLICT (the name is taken), NOT_FOUND (no such namespace), UNAVAILABLE
 * (schedules are not configured).
 */
export async function createSchedule(
  dependencies: ScheduleDependencies,
  { session, ...rawInput }: CreateScheduleInput,
): Promise<CronJob> {
  const { user, authorize, runners, triggers } = dependencies;
  const settings = requireTriggers(triggers);
  const input = check(createScheduleFields, rawInput, 'input');
  const template = parseSessionTemplate(session, runners.template, 'input.session');
  const stored = templateAnnotation(template, 'input.session');
  const target = { namespace: input.project, name: input.name };
  const { runnerType } = template;
  await assertRunnerSecretKeys(dependencies, target.namespace, runnerType, 'input.session.runnerType');
  const manifest: CronJobManifest = {
    apiVersion: apiVersionOf(CRON_JOBS),
    kind: CRON_JOBS.kind,
    metadata: {
      ...target,
      labels: { [SCHEDULED_SESSION_LABEL]: 'true', ...MANAGED_BY_WRIT },
      annotations: {
        ...(input.displayName && { [DISPLAY_NAME]: input.displayName }),
        [CONCURRENCY_POLICY]: input.concurrencyPolicy ?? DEFAULT_CONCURRENCY_POLICY,
        [SESSION_TEMPLATE]: stored,
      },
    },
    spec: {
      schedule: input.schedule,
      timeZone: input.timeZone ?? DEFAULT_TIME_ZONE,
      suspend: true,
      // Of the triggers, which end at once: `concurrencyPolicy` of a schedule is about its sessions.
      concurrencyPolicy: 'Allow',
      startingDeadlineSeconds: STARTING_DEADLINE_SECONDS,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: triggerJob(settings, target, UNSET_ACCOUNT),
    },
  };

  const writ = await authorize(user, 'createScheduledSession', target);
  const created = await writ.schedule.create(manifest).catch(rejectedInput);
  try {
    await writ.schedule.createAccount();
    const jobTemplate = triggerJob(settings, target, scheduleAccountName(created.metadata.uid));
    return await writ.schedule.update(created, {
      spec: { suspend: input.suspended ?? false, jobTemplate },
    });
  } catch (error) {
    // If this fails too, the user sees a suspended schedule, and can delete it.
    await writ.schedule.delete(created).catch(() => {});
    throw error;
  }
}
