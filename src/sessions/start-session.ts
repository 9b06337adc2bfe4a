import { Conflict } from '../errors.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { AgenticSession } from '../model/session.ts';
import { samePhase, sameSession } from '../model/session-preconditions.ts';
import { authorizeDuring } from './authorize-during.ts';
import type { SessionDependencies } from './create-session.ts';
import { readJobs } from './read-jobs.ts';
import { assertNotStartedSince, retryOnConflict } from './retry-on-conflict.ts';
import { createRun, isRunConflict, reportFailure, setRunNotCreated } from './run/create-run.ts';
import { finishedCondition } from './run/job-state.ts';
import { nextRunNumber } from './run/run-objects.ts';
import { assertActionInPhase } from './status/session-phase.ts';

/**
 * Starts a session: creates a run with the next number. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (it is
 * already running, another request starts it, or it is being deleted). An error after the desired phase was set has
 * `session` in its extensions.
 */
export async function startSession(
  { user, authorize, runners }: SessionDependencies,
  project: string,
  name: string,
): Promise<AgenticSession> {
  const namespace = parseNamespace(project, 'project');
  const target = { namespace, name: parseName(name, 'name') };
  const isOperated = runners.mode === 'operator';
  const { writ, number, started } = await retryOnConflict({
    user,
    ...target,
    preconditions: (session) => [sameSession(session), isOperated && samePhase(session)],
    write: async (session, first) => {
      assertNotStartedSince(first, session);
      if (isOperated) assertActionInPhase(session, 'START');
      const [number, writ] = await authorizeDuring(
        isOperated ? Promise.resolve(0) : numberOfNextRun(user, session),
        () => authorize(user, 'startSession', target),
      );
      const requestedAt = new Date().toISOString();
      const started = await writ.session.setDesiredPhase(session, 'Running', requestedAt, isOperated);
      return { writ, number, started };
    },
  });
  if (isOperated) return started;
  try {
    return await createRun(writ, user, started, number, runners);
  } catch (error) {
    // An earlier run may have left the object. Only the controller may read it, and then adopt or replace it.
    if (isRunConflict(error)) return setRunNotCreated(writ, started, error);
    throw await reportFailure(writ, started, error);
  }
}

/** Its Jobs decide whether it can be started, and not its status, which its runner may write. */
async function numberOfNextRun(user: UserCluster, session: AgenticSession): Promise<number> {
  const jobs = await readJobs(user, session);
  const { namespace: project, name, deletionTimestamp } = session.metadata;
  if (deletionTimestamp || !jobs.every(finishedCondition)) {
    throw new Conflict('The session is already running, or is being deleted', { project, name });
  }
  return nextRunNumber(jobs);
}
