import { createHash } from 'node:crypto';
import { Informer } from '../../kubernetes/informer.ts';
import { ALL_NAMESPACES, type AnyObject } from '../../kubernetes/reader.ts';
import { CRON_JOBS, type CronJob, type Stored } from '../../kubernetes/resources.ts';
import { ACTIVE_SESSIONS, SCHEDULE_OWNER, SCHEDULE_UID, SCHEDULED_SESSIONS } from '../../model/schedule.ts';
import type { AgenticSession } from '../../model/session.ts';
import type { AnyInformer, CacheOptions } from '../session/project-cache.ts';

/** What the controller keeps of a schedule. */
export interface CachedSchedule extends Stored<{ metadata?: CronJob['metadata'] }> {
  isSuspended: boolean;
  /** The note of its active sessions; undefined if there is none. */
  note: string | undefined;
  /** Changes with each time of the schedule, and with its owner. */
  reviewedFor: string;
}

/** Longer notes are not the controller's. */
const MAX_NOTE_LENGTH = 64 * 1_024;

/** Identifies a schedule by namespace and UID, because a name can be used again. */
export function scheduleKey(namespace: string | undefined, uid: string): string {
  return `${namespace}/${uid}`;
}

/** Schedules, and which sessions each has created. */
export class ScheduleCache {
  readonly informer: AnyInformer;
  readonly #schedules = new Map<string, CachedSchedule>();
  /** The schedule of each session, and the sessions of each schedule, whether or not the schedule exists. */
  readonly #scheduleOf = new Map<string, string>();
  readonly #sessionsOf = new Map<string, Set<string>>();
  readonly #onChange: (key: string) => void;

  /** @param onChange is called with the key of each schedule that has changed, or whose sessions have */
  constructor(options: CacheOptions, onChange: (key: string) => void) {
    this.#onChange = onChange;
    this.informer = new Informer<CachedSchedule>({
      ...options,
      namespace: ALL_NAMESPACES,
      type: CRON_JOBS,
      labelSelector: SCHEDULED_SESSIONS,
      trim: trimSchedule,
      onChange: (type, schedule) => this.#changed(type, schedule),
    });
  }

  schedule(key: string): CachedSchedule | undefined {
    return this.#schedules.get(key);
  }

  /** The keys of the sessions that the schedule has created. */
  sessions(key: string): string[] {
    return [...(this.#sessionsOf.get(key) ?? [])];
  }

  /**
   * To be called when a session, its Jobs or its pods have changed.
   *
   * @param session undefined if it does not exist any more
   */
  sessionChanged(sessionKey: string, session: AgenticSession | undefined): void {
    // Writ alone sets the annotation (the policy writ-origin). A label, everybody can set.
    const uid = session?.metadata.annotations?.[SCHEDULE_UID];
    const key = uid === undefined ? undefined : scheduleKey(session?.metadata.namespace, uid);
    const known = this.#scheduleOf.get(sessionKey);
    if (known !== undefined && known !== key) {
      const sessions = this.#sessionsOf.get(known);
      sessions?.delete(sessionKey);
      if (sessions?.size === 0) this.#sessionsOf.delete(known);
      this.#scheduleOf.delete(sessionKey);
      this.#onChange(known);
    }
    if (key === undefined) return;
    this.#scheduleOf.set(sessionKey, key);
    this.#sessionsOf.set(key, (this.#sessionsOf.get(key) ?? new Set()).add(sessionKey));
    this.#onChange(key);
  }

  #changed(type: string, schedule: CachedSchedule): void {
    const key = scheduleKey(schedule.metadata.namespace, schedule.metadata.uid);
    if (type === 'DELETED') this.#schedules.delete(key);
    else this.#schedules.set(key, schedule);
    this.#onChange(key);
  }
}

/** Tenants may write large objects. Of the owner, a digest tells whether it has changed. */
function trimSchedule(object: AnyObject): CachedSchedule {
  const { metadata, spec, status } = object as CronJob;
  const { name, namespace, uid, resourceVersion, creationTimestamp, annotations = {} } = metadata;
  const note = annotations[ACTIVE_SESSIONS];
  const digest = createHash('sha256');
  digest.update(JSON.stringify([annotations[SCHEDULE_OWNER] ?? null, status?.lastScheduleTime ?? null]));
  return {
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp },
    isSuspended: spec?.suspend === true,
    note: note !== undefined && note.length > MAX_NOTE_LENGTH ? '' : note,
    reviewedFor: digest.digest('base64'),
  };
}
