import type { AgenticSession as Shape } from '../../kubernetes/resources.ts';
import { builder } from '../builder.ts';
import { clampFirst, decodeCursor, parseFirst } from '../cursor.ts';
import { type Edge, ONCE_A_PAGE, PageInfo } from '../page-info.ts';
import { Project } from '../project/type.ts';
import { readSessionPage, type SessionPage, selectionOf } from './session-page.ts';
import { AgenticSession, SessionPhase } from './type.ts';

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

const AgenticSessionEdge = builder.objectRef<Edge<Shape>>('AgenticSessionEdge').implement({
  description: 'A session in its place in the list.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Give it as after to go on behind this session.' }),
    node: t.field({ type: AgenticSession, description: 'The session.', resolve: ({ node }) => node }),
  }),
});

const AgenticSessionConnection = builder.objectRef<SessionPage>('AgenticSessionConnection').implement({
  description: 'A page of sessions. Paginated lists select edges; nodes is for reading one page.',
  fields: (t) => ({
    edges: t.field({
      type: [AgenticSessionEdge],
      description: 'May be fewer than were asked for, with more behind them.',
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ edges }) => edges,
    }),
    nodes: t.field({
      type: [AgenticSession],
      description: 'The sessions of the edges.',
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ edges }) => edges.map(({ node }) => node),
    }),
    pageInfo: t.expose('pageInfo', {
      type: PageInfo,
      description: 'How to go on.',
      complexity: ONCE_A_PAGE,
    }),
    totalCount: t.exposeInt('totalCount', {
      nullable: true,
      description: 'Of the whole selection; null where counting would mean reading it all.',
      complexity: ONCE_A_PAGE,
    }),
    resourceVersion: t.exposeString('resourceVersion', {
      description: 'The version of the list, from which a watch misses nothing.',
      complexity: ONCE_A_PAGE,
    }),
  }),
});

builder.objectField(Project, 'sessions', (t) =>
  t.field({
    type: AgenticSessionConnection,
    nullable: true,
    description: 'The sessions of the project.',
    args: {
      first: t.arg.int({ defaultValue: 50, description: 'From 1 to 500.' }),
      after: t.arg.string({ description: 'A cursor of the same list with the same arguments.' }),
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
    complexity: ({ first }) => ({ field: 5, multiplier: clampFirst(first) }),
    resolve: (project, { first, after, labelSelector, filter, orderBy }, context) => {
      const selection = selectionOf(project.metadata.name, labelSelector, filter, orderBy);
      const position = after == null ? undefined : decodeCursor(after, selection);
      return readSessionPage(context, selection, parseFirst(first), position, after);
    },
  }),
);
