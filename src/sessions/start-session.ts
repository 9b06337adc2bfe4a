import { Conflict } from '../errors.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { AgenticSession } from '../model/session.ts';
import type { SessionDependencies } from './create-session.ts';
import { readJobs } from './read-jobs.ts';
import { readSession } from './read-session.ts';
import { createRun, isRunConflict, reportFailure, setRunNotCreated } from './run/create-run.ts';
import { finishedCondition } from './run/job-state.ts';
import { nextRunNumber } from './run/run-objects.ts';
import { assertActionInPhase } from './status/session-phase.ts';

/**
 * Starts a session: creates a run with the next number. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (it is
 * already running, or has changed since it was read). An error after the desired phase was set has `session` in its
 * extensions.
 */
export async function startSession(
  { user, authorize, runners }: SessionDependencies,
  project: string,
  name: string,
): Promise<AgenticSession> {
  const namespace = parseNamespace(project, 'project');
  const session = await readSession(user, namespace, parseName(name, 'name'));
  let number = 0;
  if (runners.mode === 'operator') {
    assertActionInPhase(session, 'START');
  } else {
    // Its Jobs decide, and not its status, which its runner may write.
    const jobs = await readJobs(user, session);
    if (session.metadata.deletionTimestamp || !jobs.every(finishedCondition)) {
      throw new Conflict('The session is already running, or is being deleted', { project, name });
    }
    number = nextRunNumber(jobs);
  }

  const writ = await authorize(user, 'startSession', { namespace, name });
  const started = await writ.setDesiredPhase(session, 'Running', new Date().toISOString());
  if (runners.mode === 'operator') return started;
  try {
    return await createRun(writ, started, number, runners.template);
  } catch (error) {
    // An earlier run may have left the object. Only the controller may read it, and then adopt or replace it.
    if (isRunConflict(error)) return setRunNotCreated(writ, started, error);
    throw await reportFailure(writ, started, error);
  }
}
