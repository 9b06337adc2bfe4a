import { changesOf } from '../app/use-draft.ts';
import type { ComparedField } from '../components/conflict-notice.tsx';
import type {
  ConcurrencyPolicy,
  CreateScheduledSessionInput,
  ScheduleDetailsFragment,
  UpdateScheduledSessionInput,
} from '../generated/graphql.ts';
import {
  comparedSessionFields,
  EMPTY_SESSION,
  type SessionValues,
  templateOf,
  valuesOfTemplate,
} from '../session-fields/session-values.ts';
import { schedules } from '../text/schedules.ts';

const text = schedules.fields;

/** A schedule as its form has it. */
export interface ScheduleDraft {
  name: string;
  displayName: string;
  schedule: string;
  timeZone: string;
  concurrencyPolicy: ConcurrencyPolicy;
  suspended: boolean;
  session: SessionValues;
}

export function draftOf(stored: ScheduleDetailsFragment | null): ScheduleDraft {
  return {
    name: stored?.name ?? '',
    displayName: stored?.displayName ?? '',
    schedule: stored?.schedule ?? '0 9 * * 1-5',
    timeZone: stored?.timeZone ?? viewerTimeZone(),
    concurrencyPolicy: stored?.concurrencyPolicy ?? 'FORBID',
    suspended: stored?.suspended ?? false,
    session: stored?.sessionTemplate
      ? valuesOfTemplate(stored.sessionTemplate)
      : { ...EMPTY_SESSION, stopOnRunFinished: true },
  };
}

export function createInput(draft: ScheduleDraft): Omit<CreateScheduledSessionInput, 'project'> {
  const { concurrencyPolicy, suspended } = draft;
  return {
    name: draft.name.trim(),
    displayName: draft.displayName.trim() || null,
    schedule: draft.schedule.trim(),
    timeZone: draft.timeZone.trim(),
    concurrencyPolicy,
    suspended,
    session: templateOf(draft.session),
  };
}

/**
 * What was changed alone, so that what others have changed meanwhile stays. The template is replaced as a whole.
 *
 * @param base what the form began with
 * @param current what is stored now
 */
export function changedInput(
  draft: ScheduleDraft,
  base: ScheduleDetailsFragment,
  current: ScheduleDetailsFragment,
): Omit<UpdateScheduledSessionInput, 'project'> {
  const before = draftOf(base);
  const { displayName, schedule, timeZone, concurrencyPolicy, session } = changesOf(before, draft);
  return {
    name: base.name,
    resourceVersion: current.resourceVersion,
    ...(displayName !== undefined && { displayName: displayName.trim() || null }),
    ...(schedule !== undefined && { schedule: schedule.trim() }),
    ...(timeZone !== undefined && { timeZone: timeZone.trim() }),
    ...(concurrencyPolicy && { concurrencyPolicy }),
    // A malformed template is replaced by what the form shows.
    ...((session || !current.sessionTemplate) && {
      session: {
        ...templateOf({ ...draftOf(current).session, ...changesOf(before.session, draft.session) }),
        annotations: current.sessionTemplate?.annotations.map(({ key, value }) => ({ key, value })) ?? null,
      },
    }),
  };
}

export function comparedFieldsOf(stored: ScheduleDetailsFragment): ComparedField[] {
  const { displayName, schedule, timeZone, concurrencyPolicy } = stored;
  return [
    { label: text.displayName, value: displayName },
    { label: text.schedule, value: schedule },
    { label: text.timeZone, value: timeZone },
    { label: text.concurrency, value: concurrencyPolicy, text: schedules.policies[concurrencyPolicy] },
    ...comparedSessionFields(draftOf(stored).session),
  ];
}

export function viewerTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
