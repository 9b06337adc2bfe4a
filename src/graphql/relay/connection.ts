import type { ObjectRef } from '@pothos/core';
import { builder, type SchemaTypes } from '../builder.ts';
import type { Edge, Page, PageInfoShape } from './page.ts';
import { DEFAULT_FIRST, MAX_FIRST, type PageArguments } from './page-request.ts';

export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description:
    'The position of a page in its connection, as the Relay specification defines it. Connections can be paged forward only.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether there is more to read after `endCursor`. The next page can still be empty.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether the page was requested with `after`.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the first edge; null if the page is empty.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor to pass as `after` for the next page; null if the first page is empty.',
    }),
  }),
});

/** The arguments of every connection. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    defaultValue: DEFAULT_FIRST,
    description: `The maximum number of edges of the page, from 1 to ${MAX_FIRST}.`,
  }),
  after: t.string({
    description:
      'A cursor that the caller was given for the same connection with the same arguments; the page begins after it. It is BAD_USER_INPUT if it is any other string, and EXPIRED if the cluster can no longer continue the list from it: request the first page again.',
  }),
}));

/** The cost of a connection: everything in it counts once for each edge that the page can have. @param field its own cost */
export function connectionCost(field: number) {
  return ({ first }: PageArguments) => ({
    field,
    multiplier: Math.min(Math.max(first ?? DEFAULT_FIRST, 1), MAX_FIRST),
  });
}

/** The cost of a field that a connection has once and not per edge: the connection multiplies the cost of everything in it. */
export const ONCE_A_PAGE = { field: 0, multiplier: 0 };
const ONCE_AN_EDGE = { field: 1, multiplier: 1 };

export interface ConnectionOptions {
  /** The name of the nodes in descriptions, such as "sessions". */
  plural: string;
  description: string;
}

/** The types `NAMEConnection` and `NAMEEdge` of a node type. Further fields are added with `builder.objectFields`. */
export function connectionType<T extends object, Shape extends Page<T> = Page<T>>(
  name: string,
  node: ObjectRef<SchemaTypes, T>,
  { plural, description }: ConnectionOptions,
) {
  const EdgeType = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    description: `One of the ${plural} of a page, with its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        description:
          'The position of the node in the connection. Pass it as `after` to get a page that begins after this node.',
        resolve: ({ cursor }) => cursor,
      }),
      // TypeScript cannot resolve Pothos' conditional type for a resolver of a type parameter.
      node: t.field({
        type: node,
        description: 'The object at this position.',
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
  return builder.objectRef<Shape>(`${name}Connection`).implement({
    description,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeType],
        description: `The ${plural} of the page, with their cursors. There can be fewer than \`first\` although more follow: see \`PageInfo.hasNextPage\`.`,
        complexity: ONCE_AN_EDGE,
        resolve: ({ edges }) => edges,
      }),
      nodes: t.field({
        type: [node],
        description: `The ${plural} of the page without cursors, for clients that read a single page.`,
        complexity: ONCE_AN_EDGE,
        resolve: ({ edges }) => edges.map((edge) => edge.node),
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'Whether more pages follow, and the cursor at which the next one begins.',
        complexity: ONCE_A_PAGE,
        resolve: ({ pageInfo }) => pageInfo,
      }),
    }),
  });
}
