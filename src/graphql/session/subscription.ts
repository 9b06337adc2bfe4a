import { parseName, parseNamespace } from '../../kubernetes/path.ts';
import type { AnyObject } from '../../kubernetes/reader.ts';
import type { Batch, LiveEvent } from '../../live/change.ts';
import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../model/session.ts';
import { builder, ONE_CALL } from '../builder.ts';
import { DEFAULT_FIRST } from '../relay/page-request.ts';
import { SessionFilter } from './connection.ts';
import { hasFilter, isSelected, selectionOf } from './selection.ts';
import { AgenticSession } from './type.ts';

const EVENT_TYPES = {
  RESET: 'A snapshot begins: a session that is not ADDED before SYNCED is gone.',
  ADDED: 'The session is in the selection. The client may have it already.',
  MODIFIED: 'The session has changed.',
  DELETED:
    'The session was deleted, or has left the selection. After a subscription with `since`, it can be a session that the client never had.',
  SYNCED: 'The snapshot is complete: changes follow.',
} satisfies Record<LiveEvent['type'], string>;

const SessionEventType = builder.enumType('SessionEventType', {
  description: 'What a `SessionEvent` says.',
  values: Object.fromEntries(
    Object.entries(EVENT_TYPES).map(([type, description]) => [type, { description }]),
  ) as Record<LiveEvent['type'], { description: string }>,
});

const SessionEvent = builder.objectRef<LiveEvent>('SessionEvent').implement({
  description: 'A change of a session, or a mark of a snapshot.',
  fields: (t) => ({
    type: t.expose('type', { type: SessionEventType, description: 'What has happened.' }),
    session: t.field({
      type: AgenticSession,
      nullable: true,
      description:
        'The session; null for RESET and SYNCED. For DELETED it is the last state that is known, which can be no more than `id` and `name`.',
      resolve: (event) => ('object' in event ? (event.object as Shape) : null),
    }),
    resourceVersion: t.string({
      nullable: true,
      description: 'The version of the session; null for RESET and SYNCED.',
      resolve: (event) => ('object' in event ? event.object.metadata.resourceVersion : null),
    }),
  }),
});

/** What the cost of a subscription assumes of a batch: nested fields cost what they do for a page of this size. */
const USUAL_BATCH = { field: 0, multiplier: DEFAULT_FIRST };

const SessionEvents = builder.objectRef<Batch>('SessionEvents').implement({
  description: 'A batch of events, in order.',
  fields: (t) => ({
    events: t.field({
      type: [SessionEvent],
      description:
        'Up to 200 events, or those of 50 ms. Several changes of a session can be one event with its newest state. A batch without events says that nothing has changed up to `resourceVersion`.',
      complexity: USUAL_BATCH,
      resolve: ({ events }) => events,
    }),
    resourceVersion: t.exposeString('resourceVersion', {
      description:
        'The version to pass as `since` to continue after this batch. It is empty until the snapshot is complete: a subscription with it begins with a snapshot.',
    }),
  }),
});

const SINCE =
  'Only changes after this version, which is the `resourceVersion` of a batch or of a page of sessions. If the cluster no longer has them, the subscription begins with a snapshot.';
const ENDS =
  'It ends with FORBIDDEN when the caller may no longer watch the sessions, and with UNAUTHENTICATED when the token expires.';

builder.subscriptionType({
  description:
    "Changes of the cluster, watched with the caller's own token. A subscription begins with a snapshot and misses no later change. Besides the errors of queries it can end with TOO_MANY_REQUESTS, UNAVAILABLE when the server shuts down, and TIMEOUT: subscribe again with `since`.",
});

builder.subscriptionFields((t) => ({
  sessions: t.field({
    type: SessionEvents,
    description: `The sessions of a project: RESET, each session ADDED, SYNCED, then changes. FORBIDDEN if the caller may not list and watch them. ${ENDS}`,
    args: {
      project: t.arg.string({ required: true, description: 'The name of the project.' }),
      labelSelector: t.arg.string({
        description: 'A Kubernetes label selector such as team=red,tier!=test, of at most 4,096 characters.',
      }),
      filter: t.arg({
        type: SessionFilter,
        description: 'Selects sessions, such as by phase or by a text in name, display name or prompt.',
      }),
      since: t.arg.string({ description: SINCE }),
    },
    complexity: ONE_CALL,
    subscribe: (_, { project, labelSelector, filter, since }, context) => {
      const namespace = parseNamespace(project, 'project');
      const selection = selectionOf(namespace, labelSelector, filter, undefined, context);
      return context.subscribe(
        { type: AGENTIC_SESSIONS, namespace, ...(labelSelector && { labelSelector }) },
        {
          ...(since && { since }),
          ...(hasFilter(selection) && {
            select: (object: AnyObject) => isSelected(object as Shape, selection),
          }),
        },
      );
    },
    resolve: (batch) => batch,
  }),
  session: t.field({
    type: SessionEvents,
    description: `One session, also before it exists and when another one has taken its name: as \`sessions\`, with at most one session. FORBIDDEN if the caller may not list and watch it. ${ENDS}`,
    args: {
      project: t.arg.string({ required: true, description: 'The name of the project.' }),
      name: t.arg.string({ required: true, description: 'The name of the session.' }),
      since: t.arg.string({ description: SINCE }),
    },
    complexity: ONE_CALL,
    subscribe: (_, { project, name, since }, context) =>
      context.subscribe(
        {
          type: AGENTIC_SESSIONS,
          namespace: parseNamespace(project, 'project'),
          fieldSelector: `metadata.name=${parseName(name, 'name')}`,
        },
        { ...(since && { since }) },
      ),
    resolve: (batch) => batch,
  }),
}));
