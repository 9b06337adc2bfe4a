import type { ResourceAttributes } from '../../kubernetes/resource-attributes.ts';
import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../model/session.ts';
import {
  type SessionAction as Action,
  actionsInPhase,
  SESSION_ACTIONS,
  VERB_OF_ACTION,
} from '../../sessions/status/session-phase.ts';
import { AccessRemedy } from '../access/remedy.ts';
import { builder, LIST_MULTIPLIER, ONE_CALL } from '../builder.ts';
import type { Context } from '../context.ts';
import { assertReviewArguments } from '../review-arguments.ts';
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

/** An action, and why it is not available. */
interface Unavailable {
  action: Action;
  allowedInPhase: boolean;
  /** The right that is missing; undefined if only the phase does not allow it. */
  missing: ResourceAttributes | undefined;
}

const UnavailableAction = builder.objectRef<Unavailable>('UnavailableAction').implement({
  description: 'An action on a session that is not available to the caller now, and what it would take.',
  fields: (t) => ({
    action: t.field({
      type: SessionAction,
      description: 'What the caller cannot do now.',
      resolve: ({ action }) => action,
    }),
    allowedInPhase: t.exposeBoolean('allowedInPhase', {
      description: 'Whether the phase of the session allows the action.',
    }),
    remedy: t.field({
      type: AccessRemedy,
      nullable: true,
      description:
        'What it would take to have the permission; null if the caller has it, so that only the phase does not allow the action.',
      resolve: ({ missing }) => missing && { attributes: missing },
    }),
  }),
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
  unavailableActions: t.field({
    type: [UnavailableAction],
    nullable: true,
    description:
      'The actions that are not in `availableActions`, each with what it would take. The permissions can be up to 10 seconds old.',
    complexity: { field: 5, multiplier: LIST_MULTIPLIER },
    resolve: async (session, _, context) => {
      const inPhase = actionsInPhase(session);
      const actions = await Promise.all(
        SESSION_ACTIONS.map(async (action): Promise<Unavailable> => {
          const verb = VERB_OF_ACTION[action];
          const isAllowed = await viewerCan(session, verb, context);
          const missing = isAllowed ? undefined : attributesOf(session, verb);
          return { action, allowedInPhase: inPhase.includes(action), missing };
        }),
      );
      return actions.filter(({ allowedInPhase, missing }) => !allowedInPhase || missing);
    },
  }),
}));

function attributesOf({ metadata }: Shape, verb: string) {
  const { group, resource } = AGENTIC_SESSIONS;
  const { namespace = '', name } = metadata;
  return { verb, group, resource, namespace, name };
}

async function viewerCan(session: Shape, verb: string, { reviews }: Context): Promise<boolean> {
  return (await reviews.canOneOfMany(attributesOf(session, verb))).allowed;
}
