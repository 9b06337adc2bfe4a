import type { CronJob } from '../../kubernetes/resources.ts';
import { CRON_JOBS } from '../../kubernetes/resources.ts';
import { SCHEDULE_UID } from '../../model/schedule.ts';
import { AGENTIC_SESSIONS } from '../../model/session.ts';
import { builder, ONE_CALL } from '../builder.ts';
import type { Context } from '../context.ts';
import { connectionCost, pageArgs } from '../relay/connection.ts';
import { parsePageRequest } from '../relay/page-request.ts';
import { assertReviewArguments } from '../review-arguments.ts';
import { AgenticSessionConnection, SessionOrder } from '../session/connection.ts';
import { type SessionPage, type SessionPageRequest, selectionOf } from '../session/selection.ts';
import { readSessionPage } from '../session/session-page.ts';
import { ScheduledSession } from './type.ts';

builder.objectFields(ScheduledSession, (t) => ({
  sessions: t.field({
    type: AgenticSessionConnection,
    nullable: true,
    description:
      'The sessions that the schedule has created, by default ordered by name. FORBIDDEN if the caller may not list sessions.',
    args: {
      ...pageArgs,
      first: t.arg.int({
        defaultValue: 20,
        description: 'The maximum number of edges of the page, from 1 to 500.',
      }),
      orderBy: t.arg({
        type: SessionOrder,
        description:
          'The order. The default is by name in ascending order, which the cluster pages itself; any other order reads all sessions of the schedule, and fails with BAD_USER_INPUT if there are more than 10,000, unless the server is configured otherwise.',
      }),
    },
    complexity: connectionCost(5),
    resolve: (cronJob, { orderBy, ...page }, context) => {
      const { namespace = '', uid } = cronJob.metadata;
      const selection = selectionOf(namespace, `${SCHEDULE_UID}=${uid}`, null, orderBy, context);
      return readSessions(cronJob, parsePageRequest(page, selection, context), context);
    },
  }),
  viewerCan: t.boolean({
    nullable: true,
    description:
      'Whether the caller may perform the verb on the schedule. To create, update, patch or delete it with the mutations of this API takes permission to create agenticsessions in the project; any other verb is about the CronJob. The decision can be up to 10 seconds old. It fails with BAD_USER_INPUT if the verb is empty or has more than 253 characters.',
    args: {
      verb: t.arg.string({ required: true, description: 'The RBAC verb, such as get, update or delete.' }),
    },
    complexity: ONE_CALL,
    resolve: async ({ metadata }, { verb }, { reviews }) => {
      assertReviewArguments({ verb });
      const { name, namespace = '' } = metadata;
      const { group, resource } = AGENTIC_SESSIONS;
      const asked = CHANGES.includes(verb)
        ? reviews.can({ verb: 'create', group, resource, namespace })
        : reviews.canOneOfMany({
            verb,
            group: CRON_JOBS.group,
            resource: CRON_JOBS.resource,
            namespace,
            name,
          });
      return (await asked).allowed;
    },
  }),
}));

const CHANGES = ['create', 'update', 'patch', 'delete'];

/** The label selects them. The annotation, which Writ alone sets, proves which the schedule has created. */
async function readSessions(
  { metadata: { uid } }: CronJob,
  request: SessionPageRequest,
  context: Context,
): Promise<SessionPage> {
  const read = await readSessionPage(context, request);
  const edges = read.edges.filter(({ node }) => node.metadata.annotations?.[SCHEDULE_UID] === uid);
  return edges.length === read.edges.length ? read : { ...read, edges, totalCount: null };
}
