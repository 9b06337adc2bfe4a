import { builder } from './builder.ts';
import { encodeCursor, type Position } from './cursor.ts';

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

/** An edge whose cursor is made when somebody asks for it: most do not. */
export function edgeOf<T>(node: T, position: Position, selection: unknown): Edge<T> {
  return {
    node,
    get cursor() {
      return encodeCursor(position, selection);
    },
  };
}

/** A page of a Relay connection; every connection's shape begins with this. */
export interface Page<T> {
  edges: Edge<T>[];
  pageInfo: PageInfoShape;
}

/** The cost of what a connection has once, and not for each edge: its own field counts everything in it times `first`. */
export const ONCE_A_PAGE = { field: 0, multiplier: 0 };

/** @param endCursor where the reading went on behind the last edge. */
export function pageOf<T>(
  edges: Edge<T>[],
  hasNextPage: boolean,
  after: string | null | undefined,
  endCursor?: string,
): Page<T> {
  return {
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: after != null,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return endCursor ?? edges.at(-1)?.cursor ?? after ?? null;
      },
    },
  };
}

export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Where a page stands in its list (Relay). Pages go forward only.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether there is more to read after endCursor. The next page may turn out to be empty.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether the page was asked for with after.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The first edge; null on an empty page.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'Give it as after for the next page; null on an empty first page.',
    }),
  }),
});
