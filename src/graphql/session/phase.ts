import type { SessionPhase as Phase } from '../../sessions/status/session-phase.ts';
import { builder } from '../builder.ts';

export const SessionPhase = builder.enumType('SessionPhase', {
  description:
    'The phase of a session according to its status. A session without a status is PENDING; a phase that Writ does not know is UNKNOWN.',
  values: {
    PENDING: {
      description:
        'No run has been created yet: the session was not started, or its run is still to be created.',
    },
    CREATING: { description: 'A run was created, but its pod is not running yet.' },
    RUNNING: { description: 'The pod of the run is running.' },
    STOPPING: { description: 'The run is being stopped: its Job or one of its pods still exists.' },
    STOPPED: {
      description:
        'The session was stopped by a user or because of inactivity: see `AgenticSession.stoppedReason`.',
    },
    COMPLETED: { description: 'The latest run ended without an error.' },
    FAILED: { description: 'The latest run ended with an error: see `AgenticSession.conditions`.' },
    UNKNOWN: { description: 'The status has a phase that Writ does not know: see `AgenticSession.raw`.' },
  } satisfies Record<Phase, { description: string }>,
});
