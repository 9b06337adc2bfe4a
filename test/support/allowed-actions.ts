import type { SessionPhase } from '../../src/sessions/status/session-phase.ts';

/** The actions that each phase allows: the state machine, written a second time, so that a change of it has to be intended. */
export const ALLOWED_ACTIONS: Record<SessionPhase, string> = {
  PENDING: 'START STOP UPDATE CLONE DELETE',
  CREATING: 'STOP CLONE DELETE',
  RUNNING: 'STOP CLONE DELETE',
  STOPPING: 'CLONE DELETE',
  STOPPED: 'START UPDATE CLONE DELETE',
  COMPLETED: 'START UPDATE CLONE DELETE',
  FAILED: 'START UPDATE CLONE DELETE',
  UNKNOWN: 'UPDATE CLONE DELETE',
};
