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
 * Stops a session: says so on it, then deletes its Job and the pods with it. It is Stopped when no pod remains.
 * Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (nothing runs, or somebody else has changed it just now).
 */
export async function stopSession(
  { user, authorize, runners }: SessionDependencies,
  project: string,
  name: string,
): Promise<AgenticSession> {
  const namespace = parseNamespace(project, 'project');
  const seen = await readSession(user, namespace, parseName(name, 'name'));
  const jobs =
    runners.mode === 'operator' ? [] : (await readJobs(user, seen)).filter((job) => !finishedCondition(job));
  // With a Job that runs there is something to stop, whatever the status says.
  if (jobs.length === 0) assertActionInPhase(seen, 'STOP');

  const writ = await authorize(user, 'stopSession', { namespace, name });
  const session = await writ.setDesiredPhase(seen, 'Stopped', new Date().toISOString());
  if (runners.mode === 'operator') return session;
  for (const job of jobs) await writ.deleteJob(job).catch(nullIfNotFound);
  return writ.updateSessionStatus(stopRequestedStatus(jobs.length > 0));
}
