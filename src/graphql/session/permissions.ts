import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../model/session.ts';
import {
  type SessionAction as Action,
  actionsInPhase,
  VERB_OF_ACTION,
} from '../../sessions/status/session-phase.ts';
import { assertReviewArguments } from '../access-review.ts';
import { builder, ONE_CALL } from '../builder.ts';
import type { Context } from '../context.ts';
import { AgenticSession } from './type.ts';

const SessionAction = builder.enumType('SessionAction', {
  description:
    'An action on a session. The phase of the session and the permissions of the caller decide which are available.',
  values: {
    START: {
      description: 'Start a new run with `startSession`, which needs permission to update the session.',
    },
    STOP: { description: 'Stop the run with `stopSession`, which needs permission to update the session.' },
    UPDATE: {
      description:
        'Change the session with `updateSession`, which needs permission to patch it. Its `displayName` can be changed in any phase.',
    },
    CLONE: {
      description:
        "Create a session like this one with `cloneSession`. Listed if the caller may create sessions in this session's project; in another target project the permission can differ.",
    },
    DELETE: { description: 'Delete the session with `deleteSession`, which needs permission to delete it.' },
  } satisfies Record<Action, { description: string }>,
});

builder.objectFields(AgenticSession, (t) => ({
  viewerCan: t.boolean({
    nullable: true,
    description:
      'Whether the caller may perform the verb on the session. The decision can be up to 10 seconds old. It fails with BAD_USER_INPUT if the verb is empty or has more than 253 characters.',
    args: {
      verb: t.arg.string({
        required: true,
        description: 'The RBAC verb on agenticsessions, such as get, update, patch or delete.',
      }),
    },
    complexity: ONE_CALL,
    resolve: (session, { verb }, context) => {
      assertReviewArguments({ verb });
      return viewerCan(session, verb, context);
    },
  }),
  availableActions: t.field({
    type: [SessionAction],
    nullable: true,
    description:
      'The actions that the phase of the session and the permissions of the caller allow now. The permissions can be up to 10 seconds old.',
    complexity: ONE_CALL,
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
