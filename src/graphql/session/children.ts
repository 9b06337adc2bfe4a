import { isOverBudget } from '../../budgets/request-budget.ts';
import type { AgenticSession as Shape } from '../../model/session.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { connectionCost, pageArgs } from '../relay/connection.ts';
import { type Edge, edgeOf, pageOf } from '../relay/page.ts';
import { type PageRequest, parsePageRequest } from '../relay/page-request.ts';
import { AgenticSessionConnection } from './connection.ts';
import type { SessionPage } from './selection.ts';
import { AgenticSession } from './type.ts';

builder.objectField(AgenticSession, 'children', (t) =>
  t.field({
    type: AgenticSessionConnection,
    nullable: true,
    description:
      'The sessions of the project that name this one as their parent, ordered by name. It fails with QUERY_TOO_COMPLEX if the project has more than 10,000 sessions, unless the server is configured otherwise.',
    args: pageArgs,
    complexity: connectionCost(2),
    resolve: (session, page, context) => {
      const { namespace = '', name } = session.metadata;
      const selection = { field: 'children', namespace, name };
      return readChildren(context, parsePageRequest(page, selection, context));
    },
  }),
);

async function readChildren(
  { loaders }: Context,
  request: PageRequest<{ namespace: string; name: string }>,
): Promise<SessionPage> {
  const { first, position, selection } = request;
  const { namespace, name } = selection;
  const { children, resourceVersion } = await loaders.lineage.load(namespace);
  const names = children.get(name) ?? [];
  const behind = names.filter((child) => child > (position?.key[0] ?? ''));
  const shown = behind.slice(0, first);
  const sessions = await loaders.listedSessions.loadMany(shown.map((child) => ({ namespace, name: child })));
  const failed = sessions.findIndex((session) => session instanceof Error);
  // A page ends before what the request cannot keep.
  const isShorter = failed > 0 && isOverBudget(sessions[failed]);
  const read = isShorter ? sessions.slice(0, failed) : sessions;
  const edges = read.flatMap((session, index): Edge<Shape>[] => {
    if (session instanceof Error) throw session;
    const key = [shown[index] ?? ''];
    return session ? [edgeOf(session, { continue: '', index, key }, request)] : [];
  });
  return {
    ...pageOf(edges, behind.length > read.length, request),
    totalCount: names.length,
    resourceVersion,
  };
}
