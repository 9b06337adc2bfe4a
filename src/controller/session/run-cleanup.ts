import { nullIfNotFound } from '../../kubernetes/kubernetes-error.ts';
import { JOBS, type Job } from '../../kubernetes/resources.ts';
import type { AgenticSession } from '../../model/session.ts';
import { finishedAt } from '../../sessions/run/job-state.ts';
import { runName } from '../../sessions/run/run-objects.ts';
import { isWanted } from '../../sessions/status/desired-state.ts';
import { ENDED_PHASES } from '../../sessions/status/session-status.ts';
import type { Result } from '../runtime/work-queue.ts';
import { findLiveSession } from './live-session.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { DONE, REQUEUE } from './reconcile-result.ts';
import { type Child, deleteChildren, findChildren } from './run-children.ts';
import type { Run, SessionCache } from './session-cache.ts';

/** Deletes a Job, after its pods (foreground deletion). */
export async function deleteJob(client: ReconcileClient, cache: SessionCache, job: Job): Promise<void> {
  const { namespace = '', name, uid } = job.metadata;
  await client.delete({ act: 'deleteJob', type: JOBS, namespace, name }, { uid }).catch(nullIfNotFound);
  cache.noteJobDeletion(job);
}

/** Deletes the remaining objects of runs whose Job was deleted, unless a run is desired. */
export async function deleteRunsWithoutJob(
  { client, key, session }: { client: ReconcileClient; key: string; session: AgenticSession },
  cache: SessionCache,
): Promise<Result> {
  const { namespace = '', uid } = session.metadata;
  const numbers = cache.runsWithoutJob(key);
  if (numbers.length === 0) return DONE;
  const children: Child[] = [];
  for (const number of numbers)
    children.push(...(await findChildren(client, namespace, runName(uid, number))));
  // Read after the objects: those that a later start creates have other UIDs.
  const live = await findLiveSession(client, session.metadata);
  if (!live || isWanted(live)) return REQUEUE;
  await deleteChildren(client, 'deleteRunObject', children);
  cache.forgetRunsWithoutJob(key, numbers);
  return DONE;
}

/**
 * Deletes finished runs whose time to live is over, the Job last. The latest run is kept until the phase of the cached session
 * is one of an ended run. Requeues for the next one.
 */
export async function deleteFinishedRuns(
  { client, key, runs }: { client: ReconcileClient; key: string; runs: Run[] },
  cache: SessionCache,
  ttlSeconds: number,
): Promise<Result> {
  const phase = cache.session(key)?.status?.phase;
  let nextMs: number | undefined;
  for (const { job, isDeleted } of runs) {
    const finished = finishedAt(job);
    if (finished === undefined || isDeleted || job.metadata.deletionTimestamp) continue;
    const remainingMs = finished + ttlSeconds * 1_000 - Date.now();
    if (remainingMs > 0) {
      nextMs = Math.min(nextMs ?? remainingMs, remainingMs);
      continue;
    }
    if (job === runs.at(-1)?.job && !ENDED_PHASES.includes(phase ?? '')) continue;
    const { namespace = '', name, uid } = job.metadata;
    const children = await findChildren(client, namespace, name);
    // Read after the children: they may belong to another run with this number.
    const live = await client.findListed<Job>(JOBS, namespace, name);
    if (live?.metadata.uid !== uid) continue;
    await deleteChildren(client, 'deleteRunObject', children);
    await deleteJob(client, cache, job);
  }
  return { requeueAfterMs: nextMs };
}
