import { forbidden, KubernetesError } from '../../errors.ts';
import { parseNamespace } from '../../kubernetes/path.ts';
import {
  AGENTIC_SESSIONS,
  DISPLAY_NAME,
  MANAGED_LABEL,
  NAMESPACES,
  type Namespace,
} from '../../kubernetes/resources.ts';
import { listFrom } from '../../kubernetes/scan.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import {
  clampFirst,
  decodeCursor,
  encodeCursor,
  lengthToRead,
  type Position,
  parseFirst,
} from '../cursor.ts';
import { type Edge, edgeOf, ONCE_A_PAGE, type Page, PageInfo, pageOf } from '../page-info.ts';
import { Project } from './type.ts';

const MANAGED = `${MANAGED_LABEL}=true`;

const ProjectEdge = builder.objectRef<Edge<Namespace>>('ProjectEdge').implement({
  description: 'A project in its place in the list.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Give it as after to go on behind this project.' }),
    node: t.field({ type: Project, description: 'The project.', resolve: ({ node }) => node }),
  }),
});

const ProjectConnection = builder.objectRef<Page<Namespace>>('ProjectConnection').implement({
  description: 'A page of projects, by name.',
  fields: (t) => ({
    edges: t.field({
      type: [ProjectEdge],
      description: 'May be fewer than were asked for, with more behind them.',
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ edges }) => edges,
    }),
    nodes: t.field({
      type: [Project],
      description: 'The projects of the edges.',
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ edges }) => edges.map(({ node }) => node),
    }),
    pageInfo: t.expose('pageInfo', {
      type: PageInfo,
      description: 'How to go on.',
      complexity: ONCE_A_PAGE,
    }),
  }),
});

builder.queryFields((t) => ({
  project: t.field({
    type: Project,
    nullable: true,
    description: 'One project; null where there is no managed namespace of this name.',
    args: { name: t.arg.string({ required: true, description: "The namespace's name." }) },
    complexity: { field: 5 },
    resolve: (_, { name }, { loaders }) => loaders.projects.load(parseNamespace(name, 'name')),
  }),
  projects: t.field({
    type: ProjectConnection,
    nullable: true,
    description: 'The managed namespaces in which the viewer may list sessions.',
    args: {
      first: t.arg.int({ defaultValue: 50, description: 'From 1 to 500.' }),
      after: t.arg.string({ description: 'A cursor of the same list with the same search.' }),
      search: t.arg.string({ description: 'Part of the name or display name, in any case.' }),
    },
    complexity: ({ first }) => ({ field: 10, multiplier: clampFirst(first) }),
    resolve: (_, { first, after, search }, context) => {
      const selection = { field: 'projects', search: search?.toLowerCase() ?? '' };
      const position = after == null ? undefined : decodeCursor(after, selection);
      return readProjects(context, selection, parseFirst(first), position, after);
    },
  }),
}));

/** Goes through the managed namespaces by name until the page is full, and keeps what the viewer may list in. */
async function readProjects(
  context: Context,
  selection: { search: string },
  first: number,
  position: Position | undefined,
  after: string | null | undefined,
): Promise<Page<Namespace>> {
  const edges: Edge<Namespace>[] = [];
  let from = position?.continue || undefined;
  let read = 0;
  let limit = lengthToRead(position, first);
  for (;;) {
    const page = await listNamespaces(context, from, limit);
    read += page.items.length;
    const next = page.metadata.continue || undefined;
    const behind = page.items
      .map((node, index) => ({ node, index }))
      .filter(({ node }) => position === undefined || node.metadata.name > (position.key[0] ?? ''));
    const visible = await filterVisible(context, behind, selection.search);
    for (const [nth, { node, index }] of visible.entries()) {
      const isEndOfPage = next && index === page.items.length - 1;
      const place = isEndOfPage ? { continue: next, index: -1 } : { continue: from ?? '', index };
      edges.push(edgeOf(node, { ...place, key: [node.metadata.name] }, selection));
      if (edges.length === first) return pageOf(edges, nth < visible.length - 1 || next !== undefined, after);
    }
    if (!next) return pageOf(edges, false, after);
    if (read >= context.scanLimit) {
      const lastRead = page.items.at(-1)?.metadata.name ?? '';
      return pageOf(
        edges,
        true,
        after,
        encodeCursor({ continue: next, index: -1, key: [lastRead] }, selection),
      );
    }
    from = next;
    limit = first;
  }
}

async function listNamespaces({ user }: Context, from: string | undefined, limit: number) {
  try {
    const options = { labelSelector: MANAGED, limit: Math.max(limit, 50), continue: from };
    return await listFrom<Namespace>(user, NAMESPACES, undefined, options);
  } catch (error) {
    if (!(error instanceof KubernetesError && error.statusCode === 403)) throw error;
    throw forbidden(error.attributes).with({
      hint: 'Authenticated users need to list namespaces: bind the ClusterRole writ-namespace-lister to them. A project that you know by name can be read without.',
    });
  }
}

type Placed = { node: Namespace; index: number };

async function filterVisible({ can }: Context, placed: Placed[], search: string): Promise<Placed[]> {
  const found = placed.filter(({ node: { metadata } }) =>
    [metadata.name, metadata.annotations?.[DISPLAY_NAME]].some((text) =>
      text?.toLowerCase().includes(search),
    ),
  );
  const { group, resource } = AGENTIC_SESSIONS;
  const reviews = await Promise.all(
    found.map(({ node }) => can({ verb: 'list', group, resource, namespace: node.metadata.name })),
  );
  return found.filter((_, index) => reviews[index]?.allowed);
}
