import type { AgenticSession } from '../model/session.ts';
import { authorizeDuring } from '../sessions/authorize-during.ts';
import { beginSession, type SessionDependencies } from '../sessions/create-session.ts';
import { assertRunnerSecretKeys } from '../sessions/runner-secret-keys.ts';
import { buildScheduledSession } from './build-scheduled-session.ts';
import { parseLocation, readSchedule } from './read-schedule.ts';
import { readSessionTemplate } from './session-template.ts';

/**
 * Creates and starts a session from a schedule at once, in the name of the caller and whatever the schedule's concurrency
 * policy: also of one that is suspended. Errors: as of createSession, with paths in `sessionTemplate`.
 */
export async function triggerSchedule(
  dependencies: SessionDependencies,
  project: string,
  name: string,
): Promise<AgenticSession> {
  const { user, authorize, runners } = dependencies;
  const location = parseLocation(project, name);
  const schedule = await readSchedule(user, location);
  const { runnerType } = readSessionTemplate(schedule, runners.template);
  const path = 'sessionTemplate.runnerType';
  const [, writ] = await authorizeDuring(
    assertRunnerSecretKeys(dependencies, location.namespace, runnerType, path),
    () => authorize(user, 'triggerScheduledSession', location),
  );
  const session = await writ.session.create(buildScheduledSession(schedule, writ, runners.template));
  return beginSession(dependencies, writ, session, true);
}
