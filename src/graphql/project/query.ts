import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { parseNamespace } from '../../kubernetes/path.ts';
import type { ListOptions } from '../../kubernetes/reader.ts';
import { NAMESPACES, type Namespace } from '../../kubernetes/resources.ts';
import { forbidden } from '../../kubernetes/status-mapping.ts';
import { DISPLAY_NAME, MANAGED_LABEL } from '../../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS } from '../../model/session.ts';
import { builder, ONE_CALL } from '../builder.ts';
import type { Context } from '../context.ts';
import { readClusterPage } from '../relay/cluster-page.ts';
import { connectionCost, connectionType, pageArgs } from '../relay/connection.ts';
import { parsePageRequest } from '../relay/page-request.ts';
import { parseSearchedText } from '../searched-text.ts';
import { Project } from './type.ts';

const MANAGED = `${MANAGED_LABEL}=true`;
/** The caller may see only a few of the namespaces: with smaller pages a page would take many calls. */
const MIN_PAGE_SIZE = 50;
/** The maximum number of projects that are reviewed for one page, about. The page then ends with a cursor. */
const MAX_REVIEWED = 100;

const ProjectConnection = connectionType('Project', Project, {
  plural: 'projects',
  description: 'A page of projects, ordered by name.',
});

builder.queryFields((t) => ({
  project: t.field({
    type: Project,
    nullable: true,
    description: 'The project with this name; null if there is no managed namespace of this name.',
    args: {
      name: t.arg.string({
        required: true,
        description: 'The name of the project, which is the name of its namespace.',
      }),
    },
    complexity: ONE_CALL,
    resolve: (_, { name }, { loaders }) => loaders.projects.load(parseNamespace(name, 'name')),
  }),
  projects: t.field({
    type: ProjectConnection,
    nullable: true,
    description:
      'The managed namespaces in which the caller may list sessions, ordered by name. FORBIDDEN if the caller may not list namespaces; `extensions.hint` says what an administrator can do.',
    args: {
      ...pageArgs,
      search: t.arg.string({
        description:
          'Selects projects whose name or display name contains this text of at most 200 characters, ignoring case.',
      }),
    },
    complexity: connectionCost(10),
    resolve: (_, { search, ...page }, context) => {
      const selection = { field: 'projects', search: parseSearchedText(search, 'search') };
      return readClusterPage(parsePageRequest(page, selection, context), {
        list: (options) => listNamespaces(context, options),
        select: (namespaces) => filterVisible(context, namespaces, selection.search),
        budget: context.user.scope.budget,
        pageSize: { min: MIN_PAGE_SIZE, max: MAX_REVIEWED },
        shouldContinue: ({ objects }) => objects < MAX_REVIEWED,
      });
    },
  }),
}));

async function listNamespaces({ reader }: Context, page: ListOptions) {
  try {
    return await reader.list<Namespace>(NAMESPACES, undefined, {
      ...page,
      labelSelector: MANAGED,
      transient: true,
    });
  } catch (error) {
    if (!(error instanceof KubernetesError && error.statusCode === 403)) throw error;
    throw forbidden(error.attributes).with({
      hint: 'An administrator can bind the ClusterRole writ-namespace-lister to all authenticated users. A project whose name you know can be read without it.',
    });
  }
}

async function filterVisible(
  { reviews }: Context,
  namespaces: Namespace[],
  search: string,
): Promise<Namespace[]> {
  const found = namespaces.filter(({ metadata }) =>
    [metadata.name, metadata.annotations?.[DISPLAY_NAME]].some((text) =>
      text?.toLowerCase().includes(search),
    ),
  );
  const { group, resource } = AGENTIC_SESSIONS;
  if (found.length > 1 && (await reviews.can({ verb: 'list', group, resource })).allowed) return found;
  const decisions = await Promise.all(
    found.map(({ metadata }) => reviews.can({ verb: 'list', group, resource, namespace: metadata.name })),
  );
  return found.filter((_, index) => decisions[index]?.allowed);
}
