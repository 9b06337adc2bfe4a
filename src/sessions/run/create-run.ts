import type { Writ } from '../../authorization/writ.ts';
import { Conflict, toWritError, type WritError } from '../../errors.ts';
import type { UserCluster } from '../../kubernetes/user-cluster.ts';
import type { Runners } from '../../model/run-template.ts';
import type { AgenticSession } from '../../model/session.ts';
import { creatingStatus, notCreatedStatus } from '../status/request-status.ts';
import { buildRun } from './build-run.ts';
import { causeOf, createRunObjects, RunCreationFailed } from './create-run-objects.ts';
import { readProjectTemplate } from './project-template.ts';
import { readStoredSession } from './read-stored-session.ts';

/**
 * Creates a run with the acts of the Writ, and sets the session's status. {@link reportFailure} handles its errors.
 *
 * @param firstStatus sets the status of a new session, while the run's Secret is created
 */
export async function createRun(
  writ: Writ,
  user: UserCluster,
  session: AgenticSession,
  number: number,
  runners: Runners,
  firstStatus?: () => Promise<unknown>,
): Promise<AgenticSession> {
  const template = await readProjectTemplate(user, session.metadata.namespace ?? '', runners);
  const origin = { requestId: writ.requestId, requestedBy: writ.subject.username };
  await createRunObjects(
    writ.session,
    buildRun(readStoredSession(session, template), number, template, origin),
    firstStatus,
  );
  return writ.session.updateStatus(creatingStatus(session, new Date()));
}

/** Sets the condition RunCreated to False, if possible. Returns the error that the client sees, which names the session. */
export async function reportFailure(writ: Writ, session: AgenticSession, error: unknown): Promise<WritError> {
  await setRunNotCreated(writ, session, error).catch(() => {});
  const { namespace: project, name, uid } = session.metadata;
  return toWritError(causeOf(error)).with({ session: { project, name, uid } });
}

/** Sets the condition RunCreated to False. */
export function setRunNotCreated(
  writ: Writ,
  session: AgenticSession,
  error: unknown,
): Promise<AgenticSession> {
  return writ.session.updateStatus(notCreatedStatus(session, error, new Date()));
}

/** Whether an object of the run could not be created because of an existing one, which an earlier run may have left. */
export function isRunConflict(error: unknown): boolean {
  return error instanceof RunCreationFailed && toWritError(error.cause) instanceof Conflict;
}
