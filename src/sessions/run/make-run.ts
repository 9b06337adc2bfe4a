import type { Writ } from '../../authorization/writ.ts';
import { Conflict, toWritError } from '../../errors.ts';
import type { Condition } from '../../kubernetes/resources.ts';
import type { RunTemplate } from '../../model/run-template.ts';
import type { AgenticSession } from '../../model/session.ts';
import { buildRun } from './build-run.ts';
import { ensureRun, RunStepFailed } from './ensure-run.ts';
import { readStoredSession } from './read-stored-session.ts';

/** Makes a run of the session under its Writ, and says so in the session's status. What it throws: {@link reportFailure}. */
export async function makeRun(
  writ: Writ,
  session: AgenticSession,
  number: number,
  template: RunTemplate,
): Promise<AgenticSession> {
  const origin = { requestId: writ.requestId, requestedBy: writ.subject.username };
  const run = buildRun(readStoredSession(session, template), number, template, origin);
  await ensureRun(writ, run);
  return writ.updateSessionStatus({
    phase: 'Creating',
    conditions: withCondition(session, 'True', 'RunCreated', 'The Job and what it needs exist'),
  });
}

export function pending(session: AgenticSession) {
  const { generation } = session.metadata;
  return { phase: 'Pending', ...(generation !== undefined && { observedGeneration: generation }) };
}

/** Says it in a condition, as far as the cluster lets us, and in the error that the caller gets. */
export async function reportFailure(writ: Writ, session: AgenticSession, error: unknown): Promise<Error> {
  const failure = toWritError(error instanceof RunStepFailed ? error.cause : error);
  await reportCondition(writ, session, error).catch(() => {});
  const { namespace: project, name, uid } = session.metadata;
  return failure.with({ session: { project, name, uid } });
}

/** RunCreated=False with the error's code as its reason. The controller makes good what can be made good. */
export function reportCondition(
  writ: Writ,
  session: AgenticSession,
  error: unknown,
): Promise<AgenticSession> {
  const failure = toWritError(error instanceof RunStepFailed ? error.cause : error);
  const step = error instanceof RunStepFailed ? error.message : 'the session could not be made ready to run';
  const message = `${step}: ${failure.message}`;
  return writ.updateSessionStatus({ conditions: withCondition(session, 'False', failure.code, message) });
}

/** Whether an object of the run has the name of one that is there already: left over from a run before. */
export function isLeftover(error: unknown): boolean {
  return error instanceof RunStepFailed && toWritError(error.cause) instanceof Conflict;
}

/** The session's conditions with RunCreated as it is now: a merge patch replaces the whole list. */
function withCondition(
  session: AgenticSession,
  status: 'True' | 'False',
  reason: string,
  message: string,
): Condition[] {
  const { generation } = session.metadata;
  const others: unknown = session.status?.conditions;
  return [
    ...(Array.isArray(others) ? (others as Condition[]).filter(({ type }) => type !== 'RunCreated') : []),
    {
      type: 'RunCreated',
      status,
      reason,
      message: message.slice(0, 1_024),
      lastTransitionTime: new Date().toISOString(),
      ...(generation !== undefined && { observedGeneration: generation }),
    },
  ];
}
