import type { Position } from './cursor.ts';
import type { PageRequest } from './page-request.ts';

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

/** A page of a Relay connection. The shape of every connection extends it. */
export interface Page<T> {
  edges: Edge<T>[];
  pageInfo: PageInfoShape;
}

/** An edge that encodes its cursor only when it is read: most operations do not select cursors. */
export function edgeOf<T>(node: T, position: Position, { cursors, selection }: PageRequest): Edge<T> {
  return {
    node,
    get cursor() {
      return cursors.encode(position, selection);
    },
  };
}

/** @param end the position where the next page continues, if that is not the last edge */
export function pageOf<T>(
  edges: Edge<T>[],
  hasNextPage: boolean,
  { after, cursors, selection }: PageRequest,
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
        return end ? cursors.encode(end, selection) : (edges.at(-1)?.cursor ?? after);
      },
    },
  };
}
