import { nullIfNotFound } from '../kubernetes/kubernetes-error.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { Job } from '../kubernetes/resources.ts';
import type { AgenticSession } from '../model/session.ts';
import { samePhase, sameSession } from '../model/session-preconditions.ts';
import type { SessionDependencies } from './create-session.ts';
import { readJobs } from './read-jobs.ts';
import { retryOnConflict } from './retry-on-conflict.ts';
import { finishedCondition, isActive } from './run/job-state.ts';
import { isStopRequested } from './status/desired-state.ts';
import { stopRequestedStatus } from './status/request-status.ts';
import { actionsInPhase, assertActionInPhase } from './status/session-phase.ts';

/**
 * Stops a session: sets its desired phase, then deletes its Jobs with their pods. Its phase is Stopping until they are
 * deleted. A session that was stopped already stays as it is. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (nothing
 * is running and no stop was requested).
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
      const jobs = isOperated ? [] : (await readJobs(user, session)).filter((job) => !finishedCondition(job));
      const isDone = isStopped(session, jobs);
      if (jobs.length === 0 && !isDone) assertActionInPhase(session, 'STOP');
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

/** Whether an earlier stop has done all that a stop does. */
function isStopped(session: AgenticSession, jobs: Job[]): boolean {
  return isStopRequested(session) && !jobs.some(isActive) && !actionsInPhase(session).includes('STOP');
}
