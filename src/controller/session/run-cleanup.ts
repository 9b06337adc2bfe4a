import { nullIfNotFound } from '../../kubernetes/kubernetes-error.ts';
import { JOBS, type Job } from '../../kubernetes/resources.ts';
import type { AgenticSession } from '../../model/session.ts';
import { finishedAt } from '../../sessions/run/job-state.ts';
import { runName } from '../../sessions/run/run-objects.ts';
import { isWanted } from '../../sessions/status/desired-state.ts';
import { ENDED_PHASES } from '../../sessions/status/session-status.ts';
import type { Result } from '../runtime/work-queue.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { DONE, REQUEUE, runSteps } from './reconcile-result.ts';
import { type Child, deleteChild, findChildren } from './run-children.ts';
import type { Run, SessionCache } from './session-cache.ts';
import type { SessionWrites } from './session-writes.ts';

/** Deletes Jobs, their pods first. */
export async function deleteJobs(client: ReconcileClient, jobs: Job[]): Promise<void> {
  for (const { metadata } of jobs) {
    const { namespace = '', name, uid } = metadata;
    await client.delete({ act: 'deleteJob', type: JOBS, namespace, name }, { uid }).catch(nullIfNotFound);
  }
}

/** Deletes the objects of runs whose Job is gone. */
export async function deleteRunsWithoutJob(
  { client, key, session }: { client: ReconcileClient; key: string; session: AgenticSession },
  cache: SessionCache,
  writes: SessionWrites,
): Promise<Result> {
  const { namespace = '', uid } = session.metadata;
  const numbers = cache.runsWithoutJob(key);
  if (numbers.length === 0) return DONE;
  const children: Child[] = [];
  for (const number of numbers)
    children.push(...(await findChildren(client, namespace, runName(uid, number))));
  // Read after that: what a start creates from now on has other UIDs.
  const live = await writes.live(client, session);
  if (!live || isWanted(live)) return REQUEUE;
  await deleteChildren(client, children);
  cache.forgetRunsWithoutJob(key, numbers);
  return DONE;
}

/**
 * Deletes finished Jobs, and what else belongs to their runs, when their time to live is over. The latest Job stays until
 * the session's status says how the run ended.
 *
 * @param phase the phase in the session's status as it is stored
 */
export async function deleteFinishedRuns(
  client: ReconcileClient,
  runs: Run[],
  phase: string | undefined,
  ttlSeconds: number,
): Promise<Result> {
  let next: number | undefined;
  for (const { job } of runs) {
    const ended = finishedAt(job);
    if (ended === undefined || job.metadata.deletionTimestamp) continue;
    const remainingMs = ended + ttlSeconds * 1_000 - Date.now();
    if (remainingMs > 0) {
      next = Math.min(next ?? remainingMs, remainingMs);
      continue;
    }
    if (job === runs.at(-1)?.job && !ENDED_PHASES.includes(phase ?? '')) continue;
    const { namespace = '', name, uid } = job.metadata;
    const children = await findChildren(client, namespace, name);
    // Read after that: another run may have the number by now.
    const live = await client.findListed<Job>(JOBS, namespace, name);
    if (live?.metadata.uid !== uid) continue;
    await deleteChildren(client, children);
    await deleteJobs(client, [job]);
  }
  return { requeueAfterMs: next };
}

/** A child that cannot be deleted does not keep the others. */
async function deleteChildren(client: ReconcileClient, children: Child[]): Promise<void> {
  const deletions = children.map((child) => async () => {
    await deleteChild(client, 'deleteRunObject', child).catch(nullIfNotFound);
    return DONE;
  });
  await runSteps(...deletions);
}
