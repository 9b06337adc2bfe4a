import type { AgenticSession, AgenticSessionStatus } from '../../model/session.ts';
import { parseTimestamp } from '../../model/timestamps.ts';
import { startRequestOf } from '../run/start-request.ts';
import { conditionsWith, type OwnConditions, RUN_CREATED } from './conditions.ts';
import { RUN_EXISTS, runNotCreated } from './run-reason.ts';

/*
 * The fields of a session's status that a request sets, until the controller computes it from Jobs and pods
 * (session-status.ts).
 */

export function pendingStatus({ metadata: { generation } }: AgenticSession): AgenticSessionStatus {
  return { phase: 'Pending', ...(generation !== undefined && { observedGeneration: generation }) };
}

/** The run's Job was created. */
export function creatingStatus(session: AgenticSession, now: Date): AgenticSessionStatus {
  return { phase: 'Creating', conditions: conditionsOfStart(session, { [RUN_CREATED]: RUN_EXISTS }, now) };
}

/** The run could not be created. The controller repairs what can be repaired. */
export function notCreatedStatus(session: AgenticSession, error: unknown, now: Date): AgenticSessionStatus {
  return { conditions: conditionsOfStart(session, { [RUN_CREATED]: runNotCreated(error) }, now) };
}

/** @param isRunning whether Jobs of the session are being deleted */
export function stopRequestedStatus(isRunning: boolean): AgenticSessionStatus {
  return { phase: isRunning ? 'Stopping' : 'Stopped', stoppedReason: 'user' };
}

/** The request has just set the start time by its own clock: conditions from before belong to an earlier run. */
function conditionsOfStart(session: AgenticSession, own: OwnConditions, now: Date) {
  return conditionsWith(session, own, now, parseTimestamp(startRequestOf(session)));
}
