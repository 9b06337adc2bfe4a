import type { AgenticSession } from '../kubernetes/resources.ts';

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

export const SESSION_ACTIONS = ['UPDATE', 'DELETE'] as const;
export type SessionAction = (typeof SESSION_ACTIONS)[number];

/** The phase that the session's status says. No status: PENDING; a value that Writ does not know: UNKNOWN. */
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

/** What a session's phase lets anybody do. While it runs, a changed prompt or model would not reach the runner. */
const ACTIONS_OF_PHASES: Record<SessionPhase, readonly SessionAction[]> = {
  PENDING: ['UPDATE', 'DELETE'],
  CREATING: ['DELETE'],
  RUNNING: ['DELETE'],
  STOPPING: ['DELETE'],
  STOPPED: ['UPDATE', 'DELETE'],
  COMPLETED: ['UPDATE', 'DELETE'],
  FAILED: ['UPDATE', 'DELETE'],
  UNKNOWN: ['UPDATE', 'DELETE'],
};

/** The actions that the session's phase allows now; one that is being deleted allows none. */
export function actionsInPhase(session: AgenticSession): readonly SessionAction[] {
  return session.metadata.deletionTimestamp ? [] : ACTIONS_OF_PHASES[phaseOf(session)];
}

/** The verb on agenticsessions that the caller must hold for each action. */
export const VERB_OF_ACTION: Record<SessionAction, string> = { UPDATE: 'patch', DELETE: 'delete' };
