import { Conflict } from '../../errors.ts';
import type { Job, ObjectMeta } from '../../kubernetes/resources.ts';
import { AGENTIC_SESSIONS, SESSION_GROUP } from '../../model/session.ts';

/** A name never changes, so it can be relied on as labels cannot. */
const RUN_NAME = /^session-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([1-9]\d{0,8})$/;

/** What every object of a run is called. Conflict where the numbers are used up. */
export function runName(sessionUid: string, number: number): string {
  const name = `session-${sessionUid}-${number}`;
  if (!RUN_NAME.test(name)) throw new Conflict('The session has no number left for a run', { number });
  return name;
}

export function parseRunName(name: string): { uid: string; number: number } | undefined {
  const [, uid, number] = RUN_NAME.exec(name) ?? [];
  return uid && number ? { uid, number: Number(number) } : undefined;
}

/**
 * The session whose run the object says to belong to, and the run's number, where its name and its one owner agree on
 * the UID. Anything else is not of a run that Writ made.
 */
export function sessionOf(metadata: ObjectMeta): { uid: string; name: string; number: number } | undefined {
  const [owner, ...others] = metadata.ownerReferences ?? [];
  const named = parseRunName(metadata.name ?? '');
  if (!named || !owner || others.length > 0) return undefined;
  const isSession =
    owner.kind === AGENTIC_SESSIONS.kind && owner.apiVersion?.startsWith(`${SESSION_GROUP}/`) === true;
  // The policies let Writ touch nothing that keeps its session from being deleted.
  const isRuns = owner.controller === true && owner.blockOwnerDeletion !== true && owner.uid === named.uid;
  if (!isSession || !isRuns) return undefined;
  return { uid: named.uid, name: owner.name, number: named.number };
}

/** The number of the run after these. */
export function nextRunNumber(jobs: Job[]): number {
  return Math.max(0, ...jobs.map(({ metadata }) => sessionOf(metadata)?.number ?? 0)) + 1;
}
