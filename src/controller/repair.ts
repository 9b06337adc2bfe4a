import { BadUserInput, KubernetesError, toWritError } from '../errors.ts';
import { AGENTIC_SESSIONS, type AgenticSession, JOBS, type Job } from '../kubernetes/resources.ts';
import { buildRun } from '../sessions/run/build-run.ts';
import { ensureRun, RunStepFailed } from '../sessions/run/ensure-run.ts';
import { type RunnableSession, readStoredSession } from '../sessions/run/read-stored-session.ts';
import { finishedCondition, nextRunNumber, sessionOf } from '../sessions/run/run-objects.ts';
import type { RunTemplate } from '../sessions/run/run-template.ts';
import { ForeignChild } from './children.ts';
import type { Turn } from './controller-cluster.ts';
import { RepairActs } from './run-acts.ts';
import type { RunReason } from './run-reason.ts';
import { startRequestOf } from './runs.ts';
import { isWanted } from './wanted.ts';

export interface Repair {
  /** What the session's condition RunCreated says from now on; undefined where there was nothing to repair. */
  runCreated?: RunReason;
  /** Worth another attempt by itself, later. */
  failure?: unknown;
}

/**
 * Makes the run that the session asks for and that nobody has made. It decides on what the cluster stores at this
 * moment: the session read again as hostile input, the run's number from its Jobs by their owner.
 */
export async function repairRun(turn: Turn, seen: AgenticSession, template: RunTemplate): Promise<Repair> {
  const { namespace = '', name, uid } = seen.metadata;
  const session = await turn.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name);
  if (session?.metadata.uid !== uid || session.metadata.deletionTimestamp || !isWanted(session)) return {};
  const jobs = (await turn.list<Job>(JOBS, namespace)).filter(
    ({ metadata }) => sessionOf(metadata)?.uid === uid,
  );
  const number = nextRunNumber(jobs);
  const isServed = jobs.some(
    (job) =>
      sessionOf(job.metadata)?.number === number - 1 && startRequestOf(job) === startRequestOf(session),
  );
  if (isServed || jobs.some((job) => !finishedCondition(job))) return {};

  let runnable: RunnableSession;
  try {
    runnable = readStoredSession(session, template);
  } catch (error) {
    if (error instanceof BadUserInput) return { runCreated: invalidSession(error) };
    throw error;
  }
  try {
    await ensureRun(new RepairActs(turn, namespace), buildRun(runnable, number, template, turn));
  } catch (error) {
    return { runCreated: notCreated(error), failure: error };
  }
  return { runCreated: { status: 'True', reason: 'RunCreated', message: 'The Job and what it needs exist' } };
}

/** Says where, and nothing of what stands there. */
function invalidSession({ fields }: BadUserInput): RunReason {
  const paths = fields.slice(0, 5).map(({ path }) =>
    path
      .split('.')
      .slice(1, 6)
      .map((part) => (/^\w{1,64}$/.test(part) ? part : '*'))
      .join('.'),
  );
  const message = `No run can be made from the session as it is stored: ${[...new Set(paths)].join(', ')}`;
  return { status: 'False', reason: 'InvalidSession', message };
}

function notCreated(error: unknown): RunReason {
  const cause = error instanceof RunStepFailed ? error.cause : error;
  const step = error instanceof RunStepFailed ? error.step : 'run';
  const message = `The run's ${step} could not be made`;
  if (cause instanceof ForeignChild)
    return { status: 'False', reason: 'ForeignChild', message: `${message}: ${cause.message}` };
  const reason = cause instanceof KubernetesError ? toWritError(cause).code : 'UNAVAILABLE';
  return { status: 'False', reason, message };
}
