import { BadUserInput } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { JOBS, type Job, SECRETS } from '../../kubernetes/resources.ts';
import type { RunTemplate } from '../../model/run-template.ts';
import type { AgenticSession } from '../../model/session.ts';
import type { JobManifest } from '../../sessions/run/build-job.ts';
import { buildRun } from '../../sessions/run/build-run.ts';
import { causeOf, createRunObjects, step } from '../../sessions/run/create-run-objects.ts';
import { finishedCondition } from '../../sessions/run/job-state.ts';
import { readStoredSession } from '../../sessions/run/read-stored-session.ts';
import { RunNumbersUsedUp, runName, sessionOf } from '../../sessions/run/run-objects.ts';
import { startRequestOf } from '../../sessions/run/start-request.ts';
import { isWanted } from '../../sessions/status/desired-state.ts';
import { permanentFailure } from '../../sessions/status/permanent-failure.ts';
import { RUN_EXISTS, type RunReason, runNotCreated } from '../../sessions/status/run-reason.ts';
import { findLiveSession } from './live-session.ts';
import { NotOwned } from './not-owned.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { RepairActs } from './repair-acts.ts';
import { deleteChildren, findChildren } from './run-children.ts';
import type { Run } from './session-cache.ts';

interface Repair {
  /** The session's condition RunCreated after the repair; undefined if there was nothing to repair. */
  runCreated?: RunReason;
  /** The error after which the repair is retried with backoff. */
  failure?: unknown;
  /**
   * Whether a retry cannot succeed while the session stays as it is. Nothing of the run exists then, unless there is a failure
   * too: the cluster did not let its objects be deleted.
   */
  isPermanent?: boolean;
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
  try {
    return await createRun(client, session, (latest?.number ?? 0) + 1, template);
  } catch (error) {
    if (!(error instanceof RunNumbersUsedUp)) throw error;
    return { runCreated: runNotCreated(error), isPermanent: true };
  }
}

/** The maximum number of run numbers that one repair tries. */
const MAX_NUMBERS = 8;

/**
 * Creates a run, with the first number whose Secret does not exist or can be replaced. A run whose Secret is unknown, because
 * its ServiceAccount was not created or is of an earlier version of Writ, is abandoned. Throws RunNumbersUsedUp.
 */
async function createRun(
  client: ReconcileClient,
  session: AgenticSession,
  first: number,
  template: RunTemplate,
): Promise<Repair> {
  const { namespace = '', uid } = session.metadata;
  for (let number = first; ; number += 1) {
    const name = runName(uid, number);
    const acts = new RepairActs(client, namespace);
    try {
      const run = buildRun(readStoredSession(session, template), number, template, client);
      await checkJob(client, namespace, run.job);
      await createRunObjects(acts, run);
      return { runCreated: RUN_EXISTS };
    } catch (error) {
      const isAbandoned = isUnknownSecret(error) && number < first + MAX_NUMBERS - 1;
      const runCreated = notCreated(error);
      if (!isAbandoned && !isPermanent(error)) return { runCreated, failure: error };
      try {
        const job = await client.findListed<Job>(JOBS, namespace, name);
        // Its creation timed out earlier, and arrived after the Jobs were listed. It is the run's last object: the run exists.
        if (job && sessionOf(job.metadata)?.uid === uid) return {};
        await acts.undo();
        const isTaken = causeOf(error) instanceof NotOwned && !isAbandoned;
        // No request can complete the run where another's Job has its name.
        if (!isTaken || job) await deleteRun(client, namespace, name);
      } catch (failure) {
        // Where the deletion is denied, another attempt would mint another token and could not delete it either.
        return { runCreated, failure, isPermanent: isPermanent(failure) };
      }
      if (!isAbandoned) return { runCreated, isPermanent: true };
    }
  }
}

/** Whether the cluster would accept the Job, before anything else is created and a token is minted for nothing. */
async function checkJob(client: ReconcileClient, namespace: string, job: JobManifest): Promise<void> {
  const check = client.dryRunCreate(JOBS, namespace, job).catch((error: unknown) => {
    if (error instanceof KubernetesError && error.isAlreadyExists) throw new NotOwned(JOBS.kind);
    throw error;
  });
  await step(JOBS.kind, check);
}

/** Deletes what a request or an earlier repair has left of a run that is given up. */
async function deleteRun(client: ReconcileClient, namespace: string, name: string): Promise<void> {
  await deleteChildren(client, 'deleteRunObject', await findChildren(client, namespace, name));
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

function isUnknownSecret(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof NotOwned && cause.kind === SECRETS.kind;
}

function isPermanent(error: unknown): boolean {
  const cause = causeOf(error);
  const isOfSession = cause instanceof BadUserInput;
  return isOfSession || cause instanceof NotOwned || permanentFailure(cause) !== undefined;
}

function notCreated(error: unknown): RunReason {
  const cause = causeOf(error);
  if (!(cause instanceof NotOwned)) return runNotCreated(error);
  return {
    status: 'False',
    reason: 'NotOwned',
    message: `The run could not be created: ${cause.message}`,
  };
}
