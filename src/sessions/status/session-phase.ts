import { Conflict } from '../../errors.ts';
import type { AgenticSession } from '../../model/session.ts';

export const SESSION_PHASES = [
  'PENDING',
  'CREATING',
  'RUNNING',
  'STOPPING',
  'STOPPED',
  'COMPLETED',
  'FAILED',
  'UNKNOWN',
] as const;
export type SessionPhase = (typeof SESSION_PHASES)[number];

export const SESSION_ACTIONS = ['START', 'STOP', 'UPDATE', 'CLONE', 'DELETE'] as const;
export type SessionAction = (typeof SESSION_ACTIONS)[number];

/** The phase in the session's status. Without a status: PENDING; a value that Writ does not know: UNKNOWN. */
export function phaseOf(session: AgenticSession): SessionPhase {
  const stored: unknown = session.status?.phase;
  if (stored === undefined || stored === null || stored === '') return 'PENDING';
  return SESSION_PHASES.find((phase) => isStoredAs(phase, stored)) ?? 'UNKNOWN';
}

function isStoredAs(phase: SessionPhase, stored: unknown): boolean {
  return (
    typeof stored === 'string' && phase !== 'UNKNOWN' && stored === phase[0] + phase.slice(1).toLowerCase()
  );
}

const AT_REST: readonly SessionAction[] = ['START', 'UPDATE', 'CLONE', 'DELETE'];
const ACTIVE: readonly SessionAction[] = ['STOP', 'CLONE', 'DELETE'];

/**
 * The actions that each phase allows. START leads to CREATING and STOP to STOPPING; the run determines the phases after
 * that. UPDATE is not allowed while a run is active: the change would not reach the runner.
 */
export const ACTIONS_OF_PHASES: Readonly<Record<SessionPhase, readonly SessionAction[]>> = Object.freeze({
  PENDING: ['START', 'STOP', 'UPDATE', 'CLONE', 'DELETE'],
  CREATING: ACTIVE,
  RUNNING: ACTIVE,
  STOPPING: ['CLONE', 'DELETE'],
  STOPPED: AT_REST,
  COMPLETED: AT_REST,
  FAILED: AT_REST,
  UNKNOWN: ['UPDATE', 'CLONE', 'DELETE'],
});

/** The actions that the session's phase allows. A session that is being deleted can only be cloned. */
export function actionsInPhase(session: AgenticSession): readonly SessionAction[] {
  return session.metadata.deletionTimestamp ? ['CLONE'] : ACTIONS_OF_PHASES[phaseOf(session)];
}

/** CONFLICT if the session's phase does not allow the action. */
export function assertActionInPhase(session: AgenticSession, action: SessionAction): void {
  if (actionsInPhase(session).includes(action)) return;
  const { namespace: project, name, deletionTimestamp } = session.metadata;
  const state = deletionTimestamp ? 'being deleted' : phaseOf(session);
  throw new Conflict(`The session is ${state}, which does not allow ${action}`, { project, name });
}

/** The verb on agenticsessions that the caller must hold for each action. */
export const VERB_OF_ACTION: Readonly<Record<SessionAction, string>> = Object.freeze({
  START: 'update',
  STOP: 'update',
  UPDATE: 'patch',
  CLONE: 'create',
  DELETE: 'delete',
});
