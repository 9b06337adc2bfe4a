import { Conflict } from '../errors.ts';
import type { CronJob } from '../kubernetes/resources.ts';
import { DISPLAY_NAME } from '../model/labels-and-annotations.ts';
import {
  CONCURRENCY_POLICY,
  type ConcurrencyPolicy,
  DEFAULT_CONCURRENCY_POLICY,
  SESSION_TEMPLATE,
  SUSPENDED_REASON,
} from '../model/schedule.ts';
import { scheduleAccountName } from '../model/schedule-account.ts';
import { parseSessionTemplate, type SessionTemplateInput } from '../sessions/create-session.ts';
import { assertRunnerSecretKeys } from '../sessions/runner-secret-keys.ts';
import { check } from '../sessions/session-fields.ts';
import type { ScheduleDependencies } from './create-schedule.ts';
import { assertComplete, editSchedule } from './edit-schedule.ts';
import { parseLocation } from './read-schedule.ts';
import { DEFAULT_TIME_ZONE, rejectedInput, updateScheduleFields } from './schedule-fields.ts';
import { templateAnnotation } from './session-template.ts';
import { requireTriggers, triggerJob } from './trigger-job.ts';

export interface UpdateScheduleInput {
  project: string;
  name: string;
  resourceVersion?: string | null | undefined;
  displayName?: string | null | undefined;
  schedule?: string | undefined;
  timeZone?: string | null | undefined;
  concurrencyPolicy?: ConcurrencyPolicy | null | undefined;
  session?: SessionTemplateInput | undefined;
}

/**
 * Changes a schedule, and makes the caller its owner. A field that is absent stays unchanged; null removes the display name, and
 * resets the others. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT, UNAVAILABLE (schedules are not configured).
 */
export async function updateSchedule(
  dependencies: ScheduleDependencies,
  { project, name, session, ...rawInput }: UpdateScheduleInput,
): Promise<CronJob> {
  const { runners, triggers } = dependencies;
  const settings = requireTriggers(triggers);
  const location = parseLocation(project, name, 'input.');
  const input = check(updateScheduleFields, rawInput, 'input');
  let template: string | undefined;
  if (session !== undefined) {
    const checked = parseSessionTemplate(session, runners.template, 'input.session');
    template = templateAnnotation(checked, 'input.session');
    const path = 'input.session.runnerType';
    await assertRunnerSecretKeys(dependencies, location.namespace, checked.runnerType, path);
  }
  return editSchedule(dependencies, 'updateScheduledSession', location, (read) => {
    assertComplete(read);
    const { resourceVersion, uid } = read.metadata;
    if (input.resourceVersion != null && input.resourceVersion !== resourceVersion) {
      throw new Conflict('The scheduled session has changed since it was read', { project, name });
    }
    const changes = {
      annotations: {
        [DISPLAY_NAME]: removedIfAbsent(read, DISPLAY_NAME, input.displayName),
        [CONCURRENCY_POLICY]:
          input.concurrencyPolicy === null ? DEFAULT_CONCURRENCY_POLICY : input.concurrencyPolicy,
        [SESSION_TEMPLATE]: template,
      },
      spec: {
        ...(input.schedule !== undefined && { schedule: input.schedule }),
        ...(input.timeZone !== undefined && { timeZone: input.timeZone ?? DEFAULT_TIME_ZONE }),
        jobTemplate: triggerJob(settings, location, scheduleAccountName(uid)),
      },
    };
    return (writ) => writ.schedule.update(read, changes).catch(rejectedInput);
  });
}

/**
 * Lets a schedule run again, in the name of the caller, who becomes its owner: the former one may have lost the rights that it
 * needs. A schedule that is not suspended is returned as it is. Errors: as of {@link updateSchedule}.
 */
export async function resumeSchedule(
  dependencies: ScheduleDependencies,
  project: string,
  name: string,
): Promise<CronJob> {
  const settings = requireTriggers(dependencies.triggers);
  const location = parseLocation(project, name);
  return editSchedule(dependencies, 'resumeScheduledSession', location, (read) => {
    if (read.spec?.suspend !== true) return undefined;
    assertComplete(read);
    const jobTemplate = triggerJob(settings, location, scheduleAccountName(read.metadata.uid));
    return (writ) =>
      writ.schedule.update(read, {
        annotations: { [SUSPENDED_REASON]: removedIfAbsent(read, SUSPENDED_REASON, null) },
        spec: { suspend: false, jobTemplate },
      });
  });
}

/**
 * Suspends a schedule; its owner stays the same. One that is suspended already is returned as it is. Sessions that it has
 * created go on. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT.
 */
export async function suspendSchedule(
  dependencies: ScheduleDependencies,
  project: string,
  name: string,
): Promise<CronJob> {
  const location = parseLocation(project, name);
  return editSchedule(dependencies, 'suspendScheduledSession', location, (read) =>
    read.spec?.suspend === true ? undefined : (writ) => writ.schedule.suspend(read),
  );
}

/** An annotation that does not exist is not removed. */
function removedIfAbsent(
  { metadata }: CronJob,
  key: string,
  value: string | null | undefined,
): string | null | undefined {
  return value === null && metadata.annotations?.[key] === undefined ? undefined : value;
}
