import { type Job, type ObjectMeta, type Pod, START_REQUESTED_AT } from '../kubernetes/resources.ts';
import { finishedCondition } from '../sessions/run/run-objects.ts';

/** A run of a session: the Job that is its proof, and its number. */
export interface Run {
  number: number;
  job: Job;
}

/** Namespace and UID: what tells a session from one that had its name before. */
export function keyOf(namespace: string | undefined, uid: string): string {
  return `${namespace}/${uid}`;
}

/** The Job that a pod belongs to, by its controller reference. */
export function jobOf(pod: Pod): { uid: string; name: string } | undefined {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner?.kind === 'Job' ? { uid: owner.uid, name: owner.name } : undefined;
}

/** Whether its containers may still run. */
export function isAlive({ status }: Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

/** When a finished Job ended, in ms since 1970; undefined while it has not. */
export function finishedAt(job: Job): number | undefined {
  const finished = finishedCondition(job);
  if (!finished) return undefined;
  return timeOf(job.status?.completionTime) ?? timeOf(finished.lastTransitionTime) ?? Date.now();
}

/** What a time in an annotation may have of letters. */
export const MAX_TIMESTAMP = 64;

/** Which start of its session a Job answers to; two without any answer to the same. */
export function startRequestOf({ metadata }: { metadata: ObjectMeta }): string | undefined {
  const at = metadata.annotations?.[START_REQUESTED_AT] ?? '';
  return at.length > 0 && at.length <= MAX_TIMESTAMP ? at : undefined;
}

export function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
