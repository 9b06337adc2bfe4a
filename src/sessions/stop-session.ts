import { nullIfNotFound } from '../kubernetes/kubernetes-error.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { Job } from '../kubernetes/resources.ts';
import type { AgenticSession } from '../model/session.ts';
import { samePhase, sameSession } from '../model/session-preconditions.ts';
import type { SessionDependencies } from './create-session.ts';
import { readJobs } from './read-jobs.ts';
import { retryOnConflict } from './retry-on-conflict.ts';
import { finishedCondition, isActive } from './run/job-state.ts';
import { startRequestOf } from './run/start-request.ts';
import { isStopRequested, isWanted } from './status/desired-state.ts';
import { stopRequestedStatus } from './status/request-status.ts';
import { actionsInPhase, assertActionInPhase, phaseOf, type SessionPhase } from './status/session-phase.ts';

/**
 * Stops a session: sets its desired phase, then deletes its Jobs with their pods. Its phase is Stopping until they are
 * deleted. A session that has ended, or is being stopped, stays as it is; a start that no run has served yet is withdrawn.
 * Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (it is being deleted, or its phase is not one that Writ knows).
 */
export async function stopSession(
  { user, authorize, runners }: SessionDependencies,
  project: string,
  name: string,
): Promise<AgenticSession> {
  const namespace = parseNamespace(project, 'project');
  const target = { namespace, name: parseName(name, 'name') };
  const isOperated = runners.mode === 'operator';
  const { writ, jobs, stopped } = await retryOnConflict({
    user,
    ...target,
    // The phase matters only without a Job. It is no precondition otherwise: a runner could prevent its stop.
    preconditions: (session) => [sameSession(session), samePhase(session)],
    write: async (session) => {
      const all = isOperated ? [] : await readJobs(user, session);
      const jobs = all.filter((job) => !finishedCondition(job));
      const hasEnded = jobs.length === 0 && isAtItsEnd(session);
      const isDone = isStopped(session, jobs) || (hasEnded && !mayStartAgain(session, all));
      if (jobs.length === 0 && !hasEnded && !isDone) assertActionInPhase(session, 'STOP');
      const writ = await authorize(user, 'stopSession', target);
      if (isDone) return { jobs, stopped: session };
      const requestedAt = new Date().toISOString();
      const stopped = await writ.session.setDesiredPhase(session, 'Stopped', requestedAt, jobs.length === 0);
      return { writ, jobs, stopped };
    },
  });
  if (!writ || isOperated) return stopped;
  for (const job of jobs) await writ.session.deleteJob(job).catch(nullIfNotFound);
  return writ.session.updateStatus(stopRequestedStatus(jobs.length > 0));
}

/** Whether its run has ended or is being stopped, according to its status. */
function isAtItsEnd(session: AgenticSession): boolean {
  return !session.metadata.deletionTimestamp && AT_ITS_END.includes(phaseOf(session));
}

const AT_ITS_END: readonly SessionPhase[] = ['STOPPING', 'STOPPED', 'COMPLETED', 'FAILED'];

/**
 * Whether a start that was requested may still lead to a run: a stop must withdraw it. Whoever writes the status could claim
 * the times of a run, so only a Job shows that the start was served.
 */
function mayStartAgain(session: AgenticSession, jobs: Job[]): boolean {
  return isWanted(session) && !jobs.some((job) => startRequestOf(job) === startRequestOf(session));
}

/** Whether an earlier stop has done all that a stop does. */
function isStopped(session: AgenticSession, jobs: Job[]): boolean {
  return isStopRequested(session) && !jobs.some(isActive) && !actionsInPhase(session).includes('STOP');
}
