import { parseNamespace } from '../../kubernetes/path.ts';
import type { Namespace } from '../../kubernetes/resources.ts';
import { builder, ONE_CALL } from '../builder.ts';
import { OrderDirection } from '../order-direction.ts';
import { connectionCost, connectionType, ONCE_A_PAGE, pageArgs } from '../relay/connection.ts';
import { parsePageRequest } from '../relay/page-request.ts';
import { searchOf } from '../search-text.ts';
import { type ProjectPage, readProjectPage } from './project-page.ts';
import type { ProjectSelection } from './selection.ts';
import { Project } from './type.ts';

const ProjectOrderField = builder.enumType('ProjectOrderField', {
  description: 'The property that projects are ordered by.',
  values: {
    NAME: { description: 'The name of the project, compared by character code.' },
    CREATED_AT: { description: 'The time of creation; projects of the same second are ordered by name.' },
  },
});
const ProjectOrder = builder.inputType('ProjectOrder', {
  description:
    'An order of projects. The cluster itself pages by name in ascending order; any other order reads all projects first.',
  fields: (t) => ({
    field: t.field({ type: ProjectOrderField, required: true, description: 'The property to order by.' }),
    direction: t.field({ type: OrderDirection, required: true, description: 'The direction of the order.' }),
  }),
});

const ProjectConnection = connectionType<Namespace, ProjectPage>('Project', Project, {
  plural: 'projects',
  description: 'A page of projects, by default ordered by name.',
});

builder.objectField(ProjectConnection, 'totalCount', (t) =>
  t.exposeInt('totalCount', {
    nullable: true,
    description:
      'The number of projects in the whole selection; null if it is not known, because not all of them were reviewed for this page. It is known if the first page has read all projects, and in an order other than the default also if the caller may list the sessions of all namespaces.',
    complexity: ONCE_A_PAGE,
  }),
);

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
      'The managed namespaces in which the caller may list sessions, by default ordered by name. Which these are can be up to 10 seconds old. FORBIDDEN if the caller may not list namespaces; `extensions.hint` says what an administrator can do. Where the cluster serves projects.project.openshift.io, these are listed instead.',
    args: {
      ...pageArgs,
      search: t.arg.string({
        description:
          'Selects projects whose name or display name contains this text of at most 200 characters, ignoring case, Unicode form and spaces around it.',
      }),
      orderBy: t.arg({
        type: ProjectOrder,
        description:
          'The order. The default is by name in ascending order, which the cluster pages itself; any other order reads all projects, and fails with BAD_USER_INPUT if there are more than 10,000, unless the server is configured otherwise.',
      }),
    },
    complexity: connectionCost(10),
    resolve: (_, { search, orderBy, ...page }, context) => {
      const selection: ProjectSelection = {
        field: 'projects',
        search: searchOf(search, 'search'),
        order: { field: orderBy?.field ?? 'NAME', direction: orderBy?.direction ?? 'ASC' },
      };
      return readProjectPage(context, parsePageRequest(page, selection, context));
    },
  }),
}));
