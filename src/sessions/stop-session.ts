import { nullIfNotFound } from '../kubernetes/kubernetes-error.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { AgenticSession } from '../model/session.ts';
import type { SessionDependencies } from './create-session.ts';
import { readJobs } from './read-jobs.ts';
import { readSession } from './read-session.ts';
import { finishedCondition } from './run/job-state.ts';
import { stopRequestedStatus } from './status/request-status.ts';
import { assertActionInPhase } from './status/session-phase.ts';

/**
 * Stops a session: sets its desired phase, then deletes its Jobs with their pods. Its phase is Stopping until they are
 * deleted. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (nothing is running, or the session has changed since it
 * was read).
 */
export async function stopSession(
  { user, authorize, runners }: SessionDependencies,
  project: string,
  name: string,
): Promise<AgenticSession> {
  const namespace = parseNamespace(project, 'project');
  const session = await readSession(user, namespace, parseName(name, 'name'));
  const jobs =
    runners.mode === 'operator'
      ? []
      : (await readJobs(user, session)).filter((job) => !finishedCondition(job));
  // A Job that has not finished can be stopped in any phase.
  if (jobs.length === 0) assertActionInPhase(session, 'STOP');

  const writ = await authorize(user, 'stopSession', { namespace, name });
  const stopped = await writ.setDesiredPhase(session, 'Stopped', new Date().toISOString());
  if (runners.mode === 'operator') return stopped;
  for (const job of jobs) await writ.deleteJob(job).catch(nullIfNotFound);
  return writ.updateSessionStatus(stopRequestedStatus(jobs.length > 0));
}
