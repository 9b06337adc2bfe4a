import type { AnyObject } from '../../kubernetes/reader.ts';
import type { ContainerStatus, Job, Pod } from '../../kubernetes/resources.ts';
import { parseTimestamp } from '../../model/timestamps.ts';

/** The condition with which a Job finished; undefined if it has not finished. */
export function finishedCondition({ status }: Job) {
  return status?.conditions?.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

/** When a Job finished, in ms since 1970: now if the Job does not tell; undefined if it has not finished. */
export function finishedAt(job: Job): number | undefined {
  const finished = finishedCondition(job);
  if (!finished) return undefined;
  return (
    parseTimestamp(job.status?.completionTime) ?? parseTimestamp(finished.lastTransitionTime) ?? Date.now()
  );
}

/** The name of the container of a run. A cluster can add others to its pod. */
export const RUNNER_CONTAINER = 'runner';

export function isRunnerStatus({ name }: ContainerStatus): boolean {
  return name === RUNNER_CONTAINER;
}

/** Neither finished nor being deleted. */
export function isActive(job: Job): boolean {
  return !finishedCondition(job) && !job.metadata.deletionTimestamp;
}

/** The Job that controls a pod. */
export function jobOf(pod: Pod): { uid: string; name: string } | undefined {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner?.kind === 'Job' ? { uid: owner.uid, name: owner.name } : undefined;
}

/** The Job's pods, newest first. */
export function podsOf(job: Job, pods: Pod[]): Pod[] {
  return pods.filter((pod) => jobOf(pod)?.uid === job.metadata.uid).sort(newestFirst);
}

/** Creation times have whole seconds. Within a second the number at the end of the name decides, which counts the runs. */
export function newestFirst(a: AnyObject, b: AnyObject): number {
  const later = Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp);
  return later || b.metadata.name.localeCompare(a.metadata.name, 'en', { numeric: true });
}

/** Whether containers of the pod may still be running. */
export function isAlive({ status }: Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

/** Whether a run may still be at work: a Job that has not finished, or a pod whose Job has not finished or was deleted. */
export function isBusy(jobs: Job[], pods: Pod[]): boolean {
  const finished = new Set(jobs.filter(finishedCondition).map(({ metadata }) => metadata.uid));
  return (
    finished.size < jobs.length || pods.some((pod) => isAlive(pod) && !finished.has(jobOf(pod)?.uid ?? ''))
  );
}
