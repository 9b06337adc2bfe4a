import {
  AGENTIC_SESSIONS,
  type Job,
  type ObjectMeta,
  type Pod,
  SESSION_GROUP,
  START_REQUESTED_AT,
} from '../kubernetes/resources.ts';

/** A run of a session: the Job that is its proof, and its number. */
export interface Run {
  number: number;
  job: Job;
}

/** The names that build-run.ts gives. A name never changes, so it can be relied on as labels cannot. */
const RUN_NAME = /^session-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([1-9]\d{0,8})$/;

/** Namespace and UID: what tells a session from one that had its name before. */
export function keyOf(namespace: string | undefined, uid: string): string {
  return `${namespace}/${uid}`;
}

export function parseRunName(name: string): { uid: string; number: number } | undefined {
  const [, uid, number] = RUN_NAME.exec(name) ?? [];
  return uid && number ? { uid, number: Number(number) } : undefined;
}

export function runName(uid: string, number: number): string {
  return `session-${uid}-${number}`;
}

/**
 * The session whose run the object says to belong to, where its name and its one owner agree on the UID. Anything else
 * is not of a run that Writ made.
 */
export function sessionOf(metadata: ObjectMeta): { uid: string; name: string; number: number } | undefined {
  const [owner, ...others] = metadata.ownerReferences ?? [];
  const named = parseRunName(metadata.name ?? '');
  if (!named || !owner || others.length > 0) return undefined;
  const isSession =
    owner.kind === AGENTIC_SESSIONS.kind && owner.apiVersion?.startsWith(`${SESSION_GROUP}/`) === true;
  if (!isSession || owner.controller !== true || owner.uid !== named.uid) return undefined;
  return { uid: named.uid, name: owner.name, number: named.number };
}

/** The Job that a pod belongs to, by its controller reference. */
export function jobOf(pod: Pod): { uid: string; name: string } | undefined {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner?.kind === 'Job' ? { uid: owner.uid, name: owner.name } : undefined;
}

export function finishedCondition({ status }: Job) {
  return status?.conditions?.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

/** When a finished Job ended, in ms since 1970; undefined while it has not. */
export function finishedAt(job: Job): number | undefined {
  const finished = finishedCondition(job);
  if (!finished) return undefined;
  return timeOf(job.status?.completionTime) ?? timeOf(finished.lastTransitionTime) ?? Date.now();
}

/** Which start of its session a Job answers to; two without any answer to the same. */
export function startRequestOf({ metadata }: { metadata: ObjectMeta }): string | undefined {
  return metadata.annotations?.[START_REQUESTED_AT] || undefined;
}

export function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
