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
 * Starts a session: a new run, with the next number. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (it runs
 * already, or somebody else has changed it at the same moment). What fails after the start was noted on the session
 * carries `session` in its extensions.
 */
export async function startSession(
  { user, authorize, runners }: SessionDependencies,
  project: string,
  name: string,
): Promise<AgenticSession> {
  const namespace = parseNamespace(project, 'project');
  const seen = await readSession(user, namespace, parseName(name, 'name'));
  let number = 0;
  if (runners.mode === 'operator') {
    assertActionInPhase(seen, 'START');
  } else {
    // Whether it runs is what its Jobs say: its status may be its runner's word.
    const jobs = await readJobs(user, seen);
    if (seen.metadata.deletionTimestamp || !jobs.every(finishedCondition)) {
      throw new Conflict('The session runs already, or is being deleted', { project, name });
    }
    number = nextRunNumber(jobs);
  }

  const writ = await authorize(user, 'startSession', { namespace, name });
  const session = await writ.setDesiredPhase(seen, 'Running', new Date().toISOString());
  if (runners.mode === 'operator') return session;
  try {
    return await createRun(writ, session, number, runners.template);
  } catch (error) {
    // An earlier run may have left the object. Only the controller may read it, and so adopt or replace it.
    if (isRunConflict(error)) return setRunNotCreated(writ, session, error);
    throw await reportFailure(writ, session, error);
  }
}
