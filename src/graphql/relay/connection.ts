import type { ObjectRef } from '@pothos/core';
import { builder, type SchemaTypes } from '../builder.ts';
import { encodeCursor, type Position } from './cursor.ts';
import { DEFAULT_FIRST, MAX_FIRST, type PageArguments, type PageRequest } from './page-request.ts';

export interface PageInfoShape {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

/** A page of a Relay connection; every connection's shape extends it. */
export interface Page<T> {
  edges: Edge<T>[];
  pageInfo: PageInfoShape;
}

/** An edge that encodes its cursor when the cursor is selected: most operations do not select it. */
export function edgeOf<T>(node: T, position: Position, selection: unknown): Edge<T> {
  return {
    node,
    get cursor() {
      return encodeCursor(position, selection);
    },
  };
}

/** @param end where reading goes on, if that is not behind the last edge */
export function pageOf<T>(
  edges: Edge<T>[],
  hasNextPage: boolean,
  { after, selection }: PageRequest,
  end?: Position,
): Page<T> {
  return {
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: after !== null,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return end ? encodeCursor(end, selection) : (edges.at(-1)?.cursor ?? after);
      },
    },
  };
}

export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Where a page is in its connection (Relay). Pages go forward only.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description:
        'Whether there is more to read after endCursor. The next page can be empty even if this is true.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether the page was requested with after.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the first edge; null on an empty page.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor to pass as after for the next page; null on an empty first page.',
    }),
  }),
});

/** The arguments of every connection. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    defaultValue: DEFAULT_FIRST,
    description: `How many edges the page has at the most: from 1 to ${MAX_FIRST}.`,
  }),
  after: t.string({
    description:
      'A cursor of the same connection with the same arguments: the page begins behind it. BAD_USER_INPUT for any other text.',
  }),
}));

/** A connection's cost: everything in it counts once for each edge that the page may have. @param field its own cost */
export function connectionCost(field: number) {
  return ({ first }: PageArguments) => ({
    field,
    multiplier: Math.min(Math.max(first ?? DEFAULT_FIRST, 1), MAX_FIRST),
  });
}

/** The cost of a field that a connection has once, and not for each edge: the connection multiplies everything in it. */
export const ONCE_A_PAGE = { field: 0, multiplier: 0 };
const ONCE_AN_EDGE = { field: 1, multiplier: 1 };

export interface ConnectionOptions {
  /** What the nodes are called in descriptions: "sessions". */
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
          'Identifies the place of the node in the connection. Pass it as after to go on behind it.',
        resolve: ({ cursor }) => cursor,
      }),
      // TypeScript cannot resolve Pothos' conditional type for a resolver of a type parameter.
      node: t.field({ type: node, description: 'The node itself.', resolve: (edge) => edge.node as never }),
    }),
  });
  return builder.objectRef<Shape>(`${name}Connection`).implement({
    description,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeType],
        description: `The ${plural} of the page. There can be fewer than first, with more behind them.`,
        complexity: ONCE_AN_EDGE,
        resolve: ({ edges }) => edges,
      }),
      nodes: t.field({
        type: [node],
        description: 'The nodes of the edges, for clients that need no cursors.',
        complexity: ONCE_AN_EDGE,
        resolve: ({ edges }) => edges.map((edge) => edge.node),
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'Whether there are more pages, and where they begin.',
        complexity: ONCE_A_PAGE,
        resolve: ({ pageInfo }) => pageInfo,
      }),
    }),
  });
}
