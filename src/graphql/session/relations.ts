import { isDnsSubdomain } from '../../kubernetes/path.ts';
import { PARENT_SESSION } from '../../model/labels-and-annotations.ts';
import { builder, LIST_MULTIPLIER } from '../builder.ts';
import { Job } from '../job.ts';
import { KubernetesEvent } from '../kubernetes-event.ts';
import { Pod } from '../pod.ts';
import { Project } from '../project/type.ts';
import { AgenticSession } from './type.ts';

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
      if (name === undefined || !isDnsSubdomain(name)) return null;
      return loaders.sessions.load({ namespace: metadata.namespace ?? '', name });
    },
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
}));
