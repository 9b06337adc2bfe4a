import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../model/session.ts';
import { actionsInPhase, SESSION_ACTIONS, VERB_OF_ACTION } from '../../sessions/status/session-phase.ts';
import { assertReviewArguments } from '../access-review.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { AgenticSession } from './type.ts';

const SessionAction = builder.enumType('SessionAction', {
  description: 'What can be done to a session.',
  values: SESSION_ACTIONS,
});

const PER_SESSION = { field: 5 };

builder.objectFields(AgenticSession, (t) => ({
  viewerCan: t.boolean({
    nullable: true,
    description: 'Whether the caller may do this to the session: get, update, patch, delete.',
    args: { verb: t.arg.string({ required: true, description: 'An RBAC verb.' }) },
    complexity: PER_SESSION,
    resolve: (session, { verb }, context) => {
      assertReviewArguments({ verb });
      return viewerCan(session, verb, context);
    },
  }),
  availableActions: t.field({
    type: [SessionAction],
    nullable: true,
    description: 'What the caller may do now, by permission and by phase.',
    complexity: PER_SESSION,
    resolve: async (session, _, context) => {
      const actions = actionsInPhase(session);
      const allowed = await Promise.all(
        actions.map((action) => viewerCan(session, VERB_OF_ACTION[action], context)),
      );
      return actions.filter((_, index) => allowed[index]);
    },
  }),
}));

async function viewerCan(session: Shape, verb: string, { reviews }: Context): Promise<boolean> {
  const { group, resource } = AGENTIC_SESSIONS;
  const { namespace = '', name } = session.metadata;
  return (await reviews.canOneOfMany({ verb, group, resource, namespace, name })).allowed;
}
