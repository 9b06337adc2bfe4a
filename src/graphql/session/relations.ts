import { isDnsSubdomain } from '../../kubernetes/path.ts';
import { PARENT_SESSION } from '../../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../model/session.ts';
import { builder, LIST_MULTIPLIER, ONE_CALL } from '../builder.ts';
import { Job } from '../job.ts';
import { KubernetesEvent } from '../kubernetes-event.ts';
import { Pod } from '../pod.ts';
import { Project } from '../project/type.ts';
import { AgenticSession } from './type.ts';

/** The cost of a field that makes one call for a page of sessions. */
const PER_PAGE = { field: 2 };
/** A field with a cost and no multiplier gets the plugin's default multiplier instead of the builder's. */
const LIST_PER_PAGE = { ...PER_PAGE, multiplier: LIST_MULTIPLIER };

/** Each field makes a call of its own as the caller, and is null with an error if the call fails. */
builder.objectFields(AgenticSession, (t) => ({
  project: t.field({
    type: Project,
    nullable: true,
    description: 'The project of the session; null if its namespace is not managed by Writ.',
    complexity: PER_PAGE,
    resolve: ({ metadata }, _, { loaders }) => loaders.projects.load(metadata.namespace ?? ''),
  }),
  parent: t.field({
    type: AgenticSession,
    nullable: true,
    description:
      'The session of the same project that this session continues; null if it names none, or the named session no longer exists.',
    complexity: ONE_CALL,
    resolve: ({ metadata }, _, { loaders }) => {
      const name = metadata.annotations?.[PARENT_SESSION];
      if (name === undefined || !isDnsSubdomain(name)) return null;
      return loaders.find<Shape>(AGENTIC_SESSIONS, { namespace: metadata.namespace ?? '', name });
    },
  }),
  job: t.field({
    type: Job,
    nullable: true,
    description:
      'The Job of the latest run. It is null if no run was created yet, and after the Job was deleted: when the run was stopped, or by default one day after it ended.',
    complexity: PER_PAGE,
    resolve: async (session, _, { loaders }) => (await loaders.jobs.load(session))[0] ?? null,
  }),
  pods: t.field({
    type: [Pod],
    nullable: true,
    description:
      'The existing pods of the Jobs of the session, newest first. If it has no Job, those that another operator has made without one: they have the label `agentic-session` with the name of the session, and the session is their controller.',
    complexity: LIST_PER_PAGE,
    resolve: (session, _, { loaders }) => loaders.pods.load(session),
  }),
  events: t.field({
    type: [KubernetesEvent],
    nullable: true,
    description:
      'The Kubernetes events about the session, its existing Jobs and pods, newest first. For several sessions at once, only the first 2,000 events of the project, in the order of their names, are searched: see `eventsTruncated`.',
    complexity: LIST_PER_PAGE,
    resolve: async (session, _, { loaders }) => (await loaders.events.load(session)).events,
  }),
  eventsTruncated: t.boolean({
    nullable: true,
    description:
      'Whether `events` can be incomplete: the request is for several sessions of a project with more than 2,000 events, the session has more than 19 Jobs and pods or one of these more than 2,000 events, or the request has reached a limit of what it may read.',
    complexity: PER_PAGE,
    resolve: async (session, _, { loaders }) => (await loaders.events.load(session)).truncated,
  }),
}));
