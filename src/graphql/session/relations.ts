import { parseName } from '../../kubernetes/path.ts';
import { PARENT_SESSION } from '../../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../model/session.ts';
import { actionsInPhase, SESSION_ACTIONS, VERB_OF_ACTION } from '../../sessions/status/session-phase.ts';
import { builder, LIST_MULTIPLIER } from '../builder.ts';
import type { Context } from '../context.ts';
import { Job } from '../job.ts';
import { KubernetesEvent } from '../kubernetes-event.ts';
import { Pod } from '../pod.ts';
import { Project } from '../project/type.ts';
import { assertReviewArguments } from '../viewer.ts';
import { AgenticSession } from './type.ts';

const SessionAction = builder.enumType('SessionAction', {
  description: 'What can be done to a session.',
  values: SESSION_ACTIONS,
});

/** What a field costs that asks the cluster once for a page of sessions, and once for each session. */
const PER_PAGE = { field: 2 };
/** Where a field says its cost and no multiplier, the plugin takes its own and not the builder's. */
const LIST_PER_PAGE = { ...PER_PAGE, multiplier: LIST_MULTIPLIER };
const PER_SESSION = { field: 5 };

/** Every field here makes a call of its own, as the user, and is null where that fails. */
builder.objectFields(AgenticSession, (t) => ({
  project: t.field({
    type: Project,
    nullable: true,
    description: 'The project that it belongs to.',
    complexity: PER_PAGE,
    resolve: ({ metadata }, _, { loaders }) => loaders.projects.load(metadata.namespace ?? ''),
  }),
  parent: t.field({
    type: AgenticSession,
    nullable: true,
    description: 'The session that it goes on from; null where there is none, or none any more.',
    complexity: PER_SESSION,
    resolve: ({ metadata }, _, { loaders }) => {
      const name = metadata.annotations?.[PARENT_SESSION];
      if (name === undefined || !isName(name)) return null;
      return loaders.sessions.load({ namespace: metadata.namespace ?? '', name });
    },
  }),
  children: t.field({
    type: [AgenticSession],
    nullable: true,
    description: 'The sessions of the project that name it as their parent.',
    complexity: LIST_PER_PAGE,
    resolve: (session, _, { loaders }) => loaders.children.load(session),
  }),
  job: t.field({
    type: Job,
    nullable: true,
    description: 'Its latest run; null before the first, or when the cluster has cleaned it up.',
    complexity: PER_PAGE,
    resolve: async (session, _, { loaders }) => (await loaders.jobs.load(session))[0] ?? null,
  }),
  pods: t.field({
    type: [Pod],
    nullable: true,
    description: 'The pods of its runs, newest first.',
    complexity: LIST_PER_PAGE,
    resolve: (session, _, { loaders }) => loaders.pods.load(session),
  }),
  events: t.field({
    type: [KubernetesEvent],
    nullable: true,
    description: 'What happened to it, its jobs and its pods, newest first. See eventsTruncated.',
    complexity: LIST_PER_PAGE,
    resolve: async (session, _, { loaders }) => (await loaders.events.load(session)).events,
  }),
  eventsTruncated: t.boolean({
    nullable: true,
    description: 'Whether the project has more events than the 2,000 that were looked through.',
    complexity: PER_PAGE,
    resolve: async (session, _, { loaders }) => (await loaders.events.load(session)).truncated,
  }),
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

/** An annotation holds whatever somebody wrote: what can't be a name names nobody. */
function isName(text: string): boolean {
  try {
    return parseName(text, 'name') === text;
  } catch {
    return false;
  }
}

async function viewerCan(session: Shape, verb: string, { reviews }: Context): Promise<boolean> {
  const { group, resource } = AGENTIC_SESSIONS;
  const { namespace = '', name } = session.metadata;
  return (await reviews.canOneOfMany({ verb, group, resource, namespace, name })).allowed;
}
