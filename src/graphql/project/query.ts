import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { parseNamespace } from '../../kubernetes/path.ts';
import type { ListOptions } from '../../kubernetes/reader.ts';
import { NAMESPACES, type Namespace } from '../../kubernetes/resources.ts';
import { forbidden } from '../../kubernetes/status-mapping.ts';
import { DISPLAY_NAME, MANAGED_LABEL } from '../../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS } from '../../model/session.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { readClusterPage } from '../relay/cluster-page.ts';
import { connectionCost, connectionType, pageArgs } from '../relay/connection.ts';
import { parsePageRequest } from '../relay/page-request.ts';
import { Project } from './type.ts';

const MANAGED = `${MANAGED_LABEL}=true`;
/** The viewer may see few of them: pages of the cluster that are too small would be many. */
const MIN_PAGE_SIZE = 50;

const ProjectConnection = connectionType('Project', Project, {
  plural: 'projects',
  description: 'A page of projects, ordered by name.',
});

builder.queryFields((t) => ({
  project: t.field({
    type: Project,
    nullable: true,
    description: 'One project; null if there is no managed namespace with this name.',
    args: { name: t.arg.string({ required: true, description: 'The name of the namespace.' }) },
    complexity: { field: 5 },
    resolve: (_, { name }, { loaders }) => loaders.projects.load(parseNamespace(name, 'name')),
  }),
  projects: t.field({
    type: ProjectConnection,
    nullable: true,
    description: 'The managed namespaces in which the viewer may list sessions.',
    args: {
      ...pageArgs,
      search: t.arg.string({
        description: 'Selects projects whose name or display name contains this text, in any case.',
      }),
    },
    complexity: connectionCost(10),
    resolve: (_, { search, ...page }, context) => {
      const selection = { field: 'projects', search: search?.toLowerCase() ?? '' };
      return readClusterPage(parsePageRequest(page, selection), {
        list: (options) => listNamespaces(context, options),
        select: (namespaces) => filterVisible(context, namespaces, selection.search),
        goOn: ({ objects }) => objects < context.scanLimit,
      });
    },
  }),
}));

async function listNamespaces({ reader }: Context, { limit = 0, ...options }: ListOptions) {
  try {
    return await reader.list<Namespace>(NAMESPACES, undefined, {
      ...options,
      limit: Math.max(limit, MIN_PAGE_SIZE),
      labelSelector: MANAGED,
    });
  } catch (error) {
    if (!(error instanceof KubernetesError && error.statusCode === 403)) throw error;
    throw forbidden(error.attributes).with({
      hint: 'Authenticated users need to list namespaces: bind the ClusterRole writ-namespace-lister to them. A project that you know by name can be read without it.',
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
  const answers = await Promise.all(
    found.map(({ metadata }) => reviews.can({ verb: 'list', group, resource, namespace: metadata.name })),
  );
  return found.filter((_, index) => answers[index]?.allowed);
}
