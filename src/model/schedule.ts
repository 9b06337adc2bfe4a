import type { CronJob } from '../kubernetes/resources.ts';

/**
 * A scheduled session is a CronJob with this label. Kubernetes decides when it runs; its pod asks Writ to create the session
 * of the tick. Writ reads what the session is, and who owns the schedule, from the CronJob and never from the pod.
 */
export const SCHEDULED_SESSION_LABEL = 'ambient-code.io/scheduled-session';
export const SCHEDULED_SESSIONS = `${SCHEDULED_SESSION_LABEL}=true`;

/** On a CronJob: a {@link ScheduleOwner} as JSON. The policy writ-schedules lets Writ alone set and change it. */
export const SCHEDULE_OWNER = 'ambient-code.io/schedule-owner';
/** On a CronJob: the input of the sessions that it creates, as JSON. As SCHEDULE_OWNER, it is set by Writ alone. */
export const SESSION_TEMPLATE = 'ambient-code.io/session-template';
/** On a CronJob: a {@link ConcurrencyPolicy} of its sessions. `spec.concurrencyPolicy` is that of the trigger's Jobs. */
export const CONCURRENCY_POLICY = 'ambient-code.io/concurrency-policy';
/** On a CronJob that the controller has suspended: why. */
export const SUSPENDED_REASON = 'ambient-code.io/suspended-reason';
/** On a CronJob: the {@link ActiveSession}s that it has created, as JSON. The controller notes them. */
export const ACTIVE_SESSIONS = 'ambient-code.io/active-sessions';

/**
 * On a session that a schedule has created: the UID of its CronJob. The label selects its sessions; the annotation, which the
 * policy writ-origin lets Writ alone set, proves it.
 */
export const SCHEDULE_UID = 'ambient-code.io/schedule-uid';
/** On such a session: its tick, as RFC 3339. Absent if it was triggered by a user. */
export const SCHEDULED_TIME = 'ambient-code.io/scheduled-time';

/** A CronJob's name has at most 52 characters: Kubernetes appends the tick for the name of its Job. */
export const MAX_SCHEDULE_NAME_LENGTH = 52;

export const CONCURRENCY_POLICIES = ['ALLOW', 'FORBID', 'REPLACE'] as const;
export type ConcurrencyPolicy = (typeof CONCURRENCY_POLICIES)[number];
export const DEFAULT_CONCURRENCY_POLICY: ConcurrencyPolicy = 'FORBID';

/** The ServiceAccount of a new schedule's pods, until its own exists. None has this name, and the schedule is suspended. */
export const UNSET_ACCOUNT = 'schedule-unset';

/** The user in whose name a schedule creates sessions: its last editor, as the cluster authenticated them. */
export interface ScheduleOwner {
  username: string;
  uid: string;
  groups: string[];
  /** Further attributes of the authenticator, which an authorizer may need. */
  extra: Record<string, string[]>;
  /** When the cluster authenticated the owner and allowed the edit, as RFC 3339. */
  reviewedAt: string;
}

/** A session of a schedule that has not ended. */
export interface ActiveSession {
  name: string;
  uid: string;
}

/** How the pods of schedules run, which the administrator decides. */
export interface TriggerSettings {
  /** An image of Writ, which has the command `trigger`. */
  image: string;
  /** Where these pods reach Writ's GraphQL endpoint. */
  url: string;
  /** In which header Writ reads their token. */
  tokenHeader: 'authorization' | 'x-forwarded-access-token';
}

/** Whether a CronJob is a scheduled session, and not a CronJob of another tool. */
export function isScheduledSession(cronJob: CronJob): boolean {
  return cronJob.metadata.labels?.[SCHEDULED_SESSION_LABEL] === 'true';
}
