import type { AgenticSession as Shape } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { OrderDirection } from '../order-direction.ts';
import { Project } from '../project/type.ts';
import { connectionCost, connectionType, ONCE_A_PAGE, pageArgs } from '../relay/connection.ts';
import { parsePageRequest } from '../relay/page-request.ts';
import { SessionPhase } from './phase.ts';
import { type SessionPage, selectionOf } from './selection.ts';
import { readSessionPage } from './session-page.ts';
import { AgenticSession } from './type.ts';

export const SessionFilter = builder.inputType('SessionFilter', {
  description: 'Selects sessions. A session must match each field that is given.',
  fields: (t) => ({
    phase: t.field({
      type: [SessionPhase],
      description: 'Selects sessions in any of these phases. An empty list selects all.',
    }),
    search: t.string({
      description:
        'Selects sessions whose name, display name or initial prompt contains this text of at most 200 characters, ignoring case, Unicode form and spaces around it.',
    }),
    mine: t.boolean({
      description:
        'If true, selects the sessions that the caller has created: those whose `createdBy.userId` is the username of the caller. As `createdBy`, it is for display: see `SessionUser.verified`.',
    }),
    createdAfter: t.field({
      type: 'DateTime',
      description:
        'Selects sessions that were created after this time. Times of creation have whole seconds.',
    }),
    runnerType: t.stringList({
      description:
        'Selects sessions with any of these runner types, by their ids, of which there can be at most 100. A session that names none has the default runner type. An empty list selects all.',
    }),
  }),
});

const SessionOrderField = builder.enumType('SessionOrderField', {
  description: 'The property that sessions are ordered by.',
  values: {
    NAME: { description: 'The name of the session, compared by character code.' },
    CREATED_AT: { description: 'The time of creation; sessions of the same second are ordered by name.' },
    LAST_ACTIVITY: {
      description:
        'The time of the last activity, `lastActivityTime`; sessions without one are before all others in ascending order, and after them in descending order.',
    },
    DISPLAY_NAME: {
      description:
        'The name for display, or of a session without one its name, compared by character code without regard to case and Unicode form. Of longer names the first 256 characters count.',
    },
  },
});
export const SessionOrder = builder.inputType('SessionOrder', {
  description:
    'An order of sessions. The cluster itself pages by name in ascending order; any other order reads the whole selection first.',
  fields: (t) => ({
    field: t.field({ type: SessionOrderField, required: true, description: 'The property to order by.' }),
    direction: t.field({ type: OrderDirection, required: true, description: 'The direction of the order.' }),
  }),
});

export const AgenticSessionConnection = connectionType<Shape, SessionPage>('AgenticSession', AgenticSession, {
  plural: 'sessions',
  description:
    'A page of sessions. Clients that read page after page select `edges`; `nodes` is for reading a single page.',
});

builder.objectFields(AgenticSessionConnection, (t) => ({
  totalCount: t.exposeInt('totalCount', {
    nullable: true,
    description:
      'The number of sessions in the whole selection. In the default order without a filter, it is the number when the first page was read, on all pages; it is null if there is a label selector and the first page is not the whole selection, which the cluster does not count. In any other order, with a filter, and for `children`, each page counts anew.',
    complexity: ONCE_A_PAGE,
  }),
  resourceVersion: t.exposeString('resourceVersion', {
    description:
      'The version of the list in the cluster. A watch that starts at this version misses no later change.',
    complexity: ONCE_A_PAGE,
  }),
}));

builder.objectField(Project, 'sessions', (t) =>
  t.field({
    type: AgenticSessionConnection,
    nullable: true,
    description:
      'The sessions of the project, by default ordered by name. FORBIDDEN if the caller may not list them.',
    args: {
      ...pageArgs,
      labelSelector: t.arg.string({
        description: 'A Kubernetes label selector such as team=red,tier!=test, of at most 4,096 characters.',
      }),
      filter: t.arg({
        type: SessionFilter,
        description:
          'Selects sessions, such as by phase or by a text in name, display name or prompt. A filter reads the whole selection and fails with BAD_USER_INPUT if that has more than 10,000 sessions, unless the server is configured otherwise.',
      }),
      orderBy: t.arg({
        type: SessionOrder,
        description:
          'The order. The default is by name in ascending order, which the cluster pages itself; any other order reads the whole selection, with the same limit as `filter`.',
      }),
    },
    complexity: connectionCost(5),
    resolve: (project, { labelSelector, filter, orderBy, ...page }, context) => {
      const selection = selectionOf(project.metadata.name, labelSelector, filter, orderBy, context);
      return readSessionPage(context, parsePageRequest(page, selection, context));
    },
  }),
);
