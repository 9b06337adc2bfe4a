import { Conflict } from '../../errors.ts';
import {
  apiVersionOf,
  type Job,
  type ObjectMeta,
  type OwnerReference,
  type Pod,
} from '../../kubernetes/resources.ts';
import { AGENTIC_SESSIONS, SESSION_GROUP } from '../../model/session.ts';
import { jobOf } from './job-state.ts';

/** A run is identified by the name of its objects: a name cannot be changed, as labels can. */
const RUN_NAME = /^session-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([1-9]\d{0,8})$/;

/** The session has a Job with the highest number: no run can be named. */
export class RunNumbersUsedUp extends Conflict {}

/** The name of every object of a run. CONFLICT if there is no higher number. */
export function runName(sessionUid: string, number: number): string {
  const name = `session-${sessionUid}-${number}`;
  if (!RUN_NAME.test(name))
    throw new RunNumbersUsedUp('The session has no number left for a run', { number });
  return name;
}

export function parseRunName(name: string): { uid: string; number: number } | undefined {
  const [, uid, number] = RUN_NAME.exec(name) ?? [];
  return uid && number ? { uid, number: Number(number) } : undefined;
}

/** The number of the run that a pod belongs to. */
export function runOf(pod: Pod): number | undefined {
  return parseRunName(jobOf(pod)?.name ?? '')?.number;
}

/** The one owner reference of every object of a run. */
export function ownerReferenceTo({ name, uid }: { name: string; uid: string }): OwnerReference {
  const { kind } = AGENTIC_SESSIONS;
  return { apiVersion: apiVersionOf(AGENTIC_SESSIONS), kind, name, uid, controller: true };
}

/**
 * The session and number of the run that an object belongs to; undefined if it is not an object of a run. The UID in its
 * name must be that of its only owner. The owner's name is not checked.
 */
export function sessionOf(metadata: ObjectMeta): { uid: string; name: string; number: number } | undefined {
  const [owner, ...others] = metadata.ownerReferences ?? [];
  const named = parseRunName(metadata.name ?? '');
  if (!named || !owner || others.length > 0) return undefined;
  const isSession =
    owner.kind === AGENTIC_SESSIONS.kind && owner.apiVersion?.startsWith(`${SESSION_GROUP}/`) === true;
  // The policies do not let Writ change an object that blocks the deletion of its session.
  const isController =
    owner.controller === true && owner.blockOwnerDeletion !== true && owner.uid === named.uid;
  if (!isSession || !isController) return undefined;
  return { uid: named.uid, name: owner.name, number: named.number };
}

/**
 * As `sessionOf`, also for an object without an owner, which an orphaning deletion of its session leaves. Such an object is
 * known by its name alone: it may be deleted if the session does not exist, and is of no other use.
 */
export function formerSessionOf(
  metadata: ObjectMeta,
): { uid: string; name?: string; number: number } | undefined {
  const isOrphaned = (metadata.ownerReferences ?? []).length === 0;
  return isOrphaned ? parseRunName(metadata.name ?? '') : sessionOf(metadata);
}

/** The number of the next run: one more than the highest among the session's Jobs. */
export function nextRunNumber(jobs: Job[]): number {
  return Math.max(0, ...jobs.map(({ metadata }) => sessionOf(metadata)?.number ?? 0)) + 1;
}
