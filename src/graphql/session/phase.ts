import { SESSION_PHASES } from '../../sessions/status/session-phase.ts';
import { builder } from '../builder.ts';

export const SessionPhase = builder.enumType('SessionPhase', {
  description: 'No status: PENDING. A value that Writ does not know: UNKNOWN (see raw).',
  values: SESSION_PHASES,
});
