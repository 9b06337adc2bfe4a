import type { AgenticSession as Shape } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { Project } from '../project/type.ts';
import { connectionCost, connectionType, ONCE_A_PAGE, pageArgs } from '../relay/connection.ts';
import { parsePageRequest } from '../relay/page-request.ts';
import { SessionPhase } from './phase.ts';
import { readSessionPage, type SessionPage, selectionOf } from './session-page.ts';
import { AgenticSession } from './type.ts';

const SessionFilter = builder.inputType('SessionFilter', {
  description: 'Phases, and a case-insensitive text match on name, display name and prompt.',
  fields: (t) => ({
    phase: t.field({ type: [SessionPhase], description: 'Any of these; an empty list: all.' }),
    search: t.string({ description: 'Part of the name, display name or prompt.' }),
  }),
});

const SessionOrderField = builder.enumType('SessionOrderField', {
  description: 'What sessions can be ordered by.',
  values: ['NAME', 'CREATED_AT'] as const,
});
const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Ascending or descending.',
  values: ['ASC', 'DESC'] as const,
});
const SessionOrder = builder.inputType('SessionOrder', {
  description:
    'By name ascending is what the cluster pages itself; any other order reads the whole selection.',
  fields: (t) => ({
    field: t.field({ type: SessionOrderField, required: true, description: 'What to compare.' }),
    direction: t.field({ type: OrderDirection, required: true, description: 'Which comes first.' }),
  }),
});

export const AgenticSessionConnection = connectionType<Shape, SessionPage>('AgenticSession', AgenticSession, {
  plural: 'sessions',
  description:
    'A page of sessions. Lists that grow page by page select edges; nodes is for reading a single page.',
});

builder.objectFields(AgenticSessionConnection, (t) => ({
  totalCount: t.exposeInt('totalCount', {
    nullable: true,
    description:
      'The number of sessions in the whole selection; null if counting them would mean reading them all.',
    complexity: ONCE_A_PAGE,
  }),
  resourceVersion: t.exposeString('resourceVersion', {
    description: 'The version of the list in the cluster: a watch that begins here misses no change.',
    complexity: ONCE_A_PAGE,
  }),
}));

builder.objectField(Project, 'sessions', (t) =>
  t.field({
    type: AgenticSessionConnection,
    nullable: true,
    description: 'The sessions of the project.',
    args: {
      ...pageArgs,
      labelSelector: t.arg.string({ description: 'As kubectl takes it: team=red,tier!=test.' }),
      filter: t.arg({
        type: SessionFilter,
        description: 'Phases, and a case-insensitive text match on name, display name and prompt.',
      }),
      orderBy: t.arg({
        type: SessionOrder,
        description:
          'Default: by name, which the cluster pages itself. Filter and CREATED_AT read the whole selection, up to a stated limit.',
      }),
    },
    complexity: connectionCost(5),
    resolve: (project, { labelSelector, filter, orderBy, ...page }, context) => {
      const selection = selectionOf(project.metadata.name, labelSelector, filter, orderBy);
      return readSessionPage(context, parsePageRequest(page, selection));
    },
  }),
);
