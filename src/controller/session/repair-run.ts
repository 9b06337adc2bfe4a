import { BadUserInput } from '../../errors.ts';
import { JOBS, type Job } from '../../kubernetes/resources.ts';
import type { RunTemplate } from '../../model/run-template.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';
import { buildRun } from '../../sessions/run/build-run.ts';
import { createRunObjects, RunCreationFailed } from '../../sessions/run/create-run-objects.ts';
import { finishedCondition } from '../../sessions/run/job-state.ts';
import { type RunnableSession, readStoredSession } from '../../sessions/run/read-stored-session.ts';
import { sessionOf } from '../../sessions/run/run-objects.ts';
import { startRequestOf } from '../../sessions/run/start-request.ts';
import { isWanted } from '../../sessions/status/desired-state.ts';
import { RUN_EXISTS, type RunReason, runNotCreated } from '../../sessions/status/run-reason.ts';
import { NotOwned } from './not-owned.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { RepairActs } from './repair-acts.ts';
import type { Run } from './session-cache.ts';

export interface Repair {
  /** What the session's condition RunCreated says from now on; undefined where there was nothing to repair. */
  runCreated?: RunReason;
  /** Worth another attempt by itself, later. */
  failure?: unknown;
}

/**
 * Makes the run that the session asks for and that nobody has made. It decides on what the cluster stores at this
 * moment: the session read again as hostile input, the run's number from its Jobs by their owner.
 *
 * @param runs those of the session that were seen
 */
export async function repairRun(
  client: ReconcileClient,
  seen: AgenticSession,
  runs: Run[],
  template: RunTemplate,
): Promise<Repair> {
  const { namespace = '', name, uid } = seen.metadata;
  const session = await client.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
  if (session?.metadata.uid !== uid || session.metadata.deletionTimestamp || !isWanted(session)) return {};
  const jobs = await findJobs(client, session);
  const [latest] = jobs;
  if (latest?.isForStart || (await hasUnfinished(client, namespace, jobs, runs))) return {};
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

/** What the metadata of a session's Job tell. */
interface FoundJob {
  name: string;
  uid: string;
  number: number;
  /** It answers to the present start. */
  isForStart: boolean;
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
        isForStart: startRequestOf({ metadata }) === startRequestOf(session),
      };
    },
  );
  return jobs.sort((a, b) => b.number - a.number);
}

/** A Job that was seen finished stays so; the others are looked at. */
async function hasUnfinished(
  client: ReconcileClient,
  namespace: string,
  jobs: FoundJob[],
  runs: Run[],
): Promise<boolean> {
  const finished = runs.filter(({ job }) => finishedCondition(job)).map(({ job }) => job.metadata.uid);
  const known = new Set(finished);
  for (const { name, uid } of jobs) {
    if (known.has(uid)) continue;
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
