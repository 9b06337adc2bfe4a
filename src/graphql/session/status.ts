import { phaseOf } from '../../sessions/status/session-phase.ts';
import { builder } from '../builder.ts';
import { Condition } from '../condition.ts';
import { asDateTime, asList, asText } from '../stored-value.ts';
import { SessionPhase } from './phase.ts';
import { AgenticSession } from './type.ts';

/** The fields that are resolved from the status. A runner may write the status of its own session, so it proves nothing. */
builder.objectFields(AgenticSession, (t) => ({
  phase: t.field({
    type: SessionPhase,
    description: 'The phase of the session, according to its status.',
    resolve: phaseOf,
  }),
  stoppedReason: t.string({
    nullable: true,
    description:
      'Why the session was stopped: user or inactivity. Null unless it is being stopped or was stopped.',
    resolve: ({ status }) => asText(status?.stoppedReason),
  }),
  startTime: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When the latest run started, according to the status; null if it has not started.',
    resolve: ({ status }) => asDateTime(status?.startTime),
  }),
  completionTime: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When the latest run ended, according to the status; null if it has not ended.',
    resolve: ({ status }) => asDateTime(status?.completionTime),
  }),
  lastActivityTime: t.field({
    type: 'DateTime',
    nullable: true,
    description:
      'When the agent was last active, as the runner reports it in the status; null if it has reported nothing.',
    resolve: ({ status }) => asDateTime(status?.lastActivityTime),
  }),
  conditions: t.field({
    type: [Condition],
    description:
      'The conditions of the status. Writ sets RunCreated, which says whether the run could be created, and RunHealthy, which says whether it is healthy; their reasons and messages say why not.',
    resolve: ({ status }) => asList(status?.conditions),
  }),
}));
