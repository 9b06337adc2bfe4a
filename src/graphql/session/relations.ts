import { BadUserInput, KubernetesError } from '../../errors.ts';
import { isDnsLabel } from '../../kubernetes/path.ts';
import {
  AGENTIC_SESSIONS,
  PARENT_SESSION,
  type AgenticSession as Shape,
} from '../../kubernetes/resources.ts';
import { actionsInPhase, SESSION_ACTIONS, VERB_OF_ACTION } from '../../sessions/session-phase.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { Job } from '../job.ts';
import { KubernetesEvent } from '../kubernetes-event.ts';
import { Pod } from '../pod.ts';
import { Project } from '../project/type.ts';
import { assertWords } from '../viewer.ts';
import { AgenticSession } from './type.ts';

const SessionAction = builder.enumType('SessionAction', {
  description: 'What can be done to a session.',
  values: SESSION_ACTIONS,
});

const MAX_TAIL_LINES = 5_000;
const MAX_LOG_BYTES = 1_048_576;
/** What a field costs that asks the cluster once for a page of sessions, and once for each session. */
const PER_PAGE = { field: 2 };
const PER_SESSION = { field: 5 };
const LOG_COST = { field: 50 };

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
      if (name === undefined || !isDnsLabel(name)) return null;
      return loaders.sessions.load({ namespace: metadata.namespace ?? '', name });
    },
  }),
  children: t.field({
    type: [AgenticSession],
    nullable: true,
    description: 'The sessions of the project that name it as their parent.',
    complexity: PER_PAGE,
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
    complexity: PER_PAGE,
    resolve: (session, _, { loaders }) => loaders.pods.load(session),
  }),
  events: t.field({
    type: [KubernetesEvent],
    nullable: true,
    description: 'What happened to it, its jobs and its pods, newest first. See eventsTruncated.',
    complexity: PER_PAGE,
    resolve: async (session, _, { loaders }) => (await loaders.events.load(session)).events,
  }),
  eventsTruncated: t.boolean({
    nullable: true,
    description: 'Whether the project has more events than the 2,000 that were looked through.',
    complexity: PER_PAGE,
    resolve: async (session, _, { loaders }) => (await loaders.events.load(session)).truncated,
  }),
  logs: t.string({
    nullable: true,
    description: 'The end of what its newest pod printed, at most 1 MiB; null before it prints.',
    args: {
      tailLines: t.arg.int({ defaultValue: 200, description: `From 1 to ${MAX_TAIL_LINES}.` }),
      container: t.arg.string({ description: "Absent: the pod's only or default container." }),
    },
    complexity: LOG_COST,
    resolve: (session, { tailLines, container }, context) =>
      readLogs(session, tailLines ?? 200, container, context),
  }),
  viewerCan: t.boolean({
    nullable: true,
    description: 'Whether the caller may do this to the session: get, update, patch, delete.',
    args: { verb: t.arg.string({ required: true, description: 'An RBAC verb.' }) },
    complexity: PER_SESSION,
    resolve: (session, { verb }, context) => {
      assertWords({ verb });
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

/** First of all sessions of the project, which answers for a whole page; of this one only where that is denied. */
async function viewerCan(session: Shape, verb: string, { can }: Context): Promise<boolean> {
  const { group, resource } = AGENTIC_SESSIONS;
  const { namespace, name } = session.metadata;
  const ofAll = await can({ verb, group, resource, namespace });
  if (ofAll.allowed) return true;
  return (await can({ verb, group, resource, namespace, name })).allowed;
}

async function readLogs(
  session: Shape,
  tailLines: number,
  container: string | null | undefined,
  { loaders, user }: Context,
): Promise<string | null> {
  const wrong = [
    ...(tailLines >= 1 && tailLines <= MAX_TAIL_LINES
      ? []
      : [{ path: 'tailLines', message: `must be from 1 to ${MAX_TAIL_LINES}` }]),
    ...(container == null || isDnsLabel(container)
      ? []
      : [{ path: 'container', message: 'is not the name of a container' }]),
  ];
  if (wrong.length > 0) throw new BadUserInput(wrong);

  const [pod] = await loaders.pods.load(session);
  if (!pod) return null;
  const options = { tailLines, container: container ?? undefined, limitBytes: MAX_LOG_BYTES };
  try {
    return await user.log(session.metadata.namespace ?? '', pod.metadata.name, options);
  } catch (error) {
    if (hasNoLogYet(error, pod.status?.phase)) return null;
    throw error;
  }
}

/** 404: the pod is gone. 400: its container has not started, or there is none of that name. */
function hasNoLogYet(error: unknown, phase: string | undefined): boolean {
  if (!(error instanceof KubernetesError)) return false;
  return error.isNotFound || (error.statusCode === 400 && (phase === 'Pending' || phase === undefined));
}
