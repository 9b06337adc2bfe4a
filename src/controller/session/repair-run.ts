import { BadUserInput } from '../../errors.ts';
import { JOBS, type Job } from '../../kubernetes/resources.ts';
import type { RunTemplate } from '../../model/run-template.ts';
import type { AgenticSession } from '../../model/session.ts';
import { buildRun } from '../../sessions/run/build-run.ts';
import { createRunObjects, RunCreationFailed } from '../../sessions/run/create-run-objects.ts';
import { finishedCondition } from '../../sessions/run/job-state.ts';
import { type RunnableSession, readStoredSession } from '../../sessions/run/read-stored-session.ts';
import { sessionOf } from '../../sessions/run/run-objects.ts';
import { startRequestOf } from '../../sessions/run/start-request.ts';
import { isWanted } from '../../sessions/status/desired-state.ts';
import { RUN_EXISTS, type RunReason, runNotCreated } from '../../sessions/status/run-reason.ts';
import { findLiveSession } from './live-session.ts';
import { NotOwned } from './not-owned.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { RepairActs } from './repair-acts.ts';
import type { Run } from './session-cache.ts';

interface Repair {
  /** The session's condition RunCreated after the repair; undefined if there was nothing to repair. */
  runCreated?: RunReason;
  /** The error after which the repair is retried with backoff. */
  failure?: unknown;
}

/**
 * Creates the run of a start that no Job serves, from what the cluster stores now: the live session, checked as untrusted
 * input, and a number from the metadata of its Jobs.
 *
 * @param cached the session in the cache
 * @param runs those in the cache
 */
export async function repairRun(
  client: ReconcileClient,
  cached: AgenticSession,
  runs: Run[],
  template: RunTemplate,
): Promise<Repair> {
  const { namespace = '' } = cached.metadata;
  const session = await findLiveSession(client, cached.metadata);
  if (!session || !isWanted(session)) return {};
  const jobs = await findJobs(client, session);
  const [latest] = jobs;
  if (latest?.servesStart || (await hasUnfinished(client, namespace, jobs, runs))) return {};
  const number = (latest?.number ?? 0) + 1;

  let runnable: RunnableSession;
  try {
    runnable = readStoredSession(session, template);
  } catch (error) {
    if (error instanceof BadUserInput) return { runCreated: runNotCreated(error) };
    throw error;
  }
  try {
    await createRunObjects(new RepairActs(client, namespace), buildRun(runnable, number, template, client));
  } catch (error) {
    return { runCreated: notCreated(error), failure: error };
  }
  return { runCreated: RUN_EXISTS };
}

/** The metadata of a session's Job, as far as it is used. */
interface FoundJob {
  name: string;
  uid: string;
  number: number;
  /** Whether it serves the session's latest start. */
  servesStart: boolean;
}

/** The session's Jobs, the latest first. */
async function findJobs(client: ReconcileClient, session: AgenticSession): Promise<FoundJob[]> {
  const jobs = await client.listMetadata(
    JOBS,
    session.metadata.namespace ?? '',
    (metadata): FoundJob | undefined => {
      const { name, uid } = metadata;
      const owner = sessionOf(metadata);
      if (owner?.uid !== session.metadata.uid) return undefined;
      return {
        name,
        uid,
        number: owner.number,
        servesStart: startRequestOf({ metadata }) === startRequestOf(session),
      };
    },
  );
  return jobs.sort((a, b) => b.number - a.number);
}

/** A Job that was finished in the cache stays finished; the others are read. */
async function hasUnfinished(
  client: ReconcileClient,
  namespace: string,
  jobs: FoundJob[],
  runs: Run[],
): Promise<boolean> {
  const finished = runs.filter(({ job }) => finishedCondition(job)).map(({ job }) => job.metadata.uid);
  const finishedUids = new Set(finished);
  for (const { name, uid } of jobs) {
    if (finishedUids.has(uid)) continue;
    const job = await client.findListed<Job>(JOBS, namespace, name);
    if (job && !finishedCondition(job)) return true;
  }
  return false;
}

function notCreated(error: unknown): RunReason {
  const cause = error instanceof RunCreationFailed ? error.cause : error;
  if (!(cause instanceof NotOwned)) return runNotCreated(error);
  return {
    status: 'False',
    reason: 'NotOwned',
    message: `The run could not be created: ${cause.message}`,
  };
}
