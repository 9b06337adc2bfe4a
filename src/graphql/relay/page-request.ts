import { BadUserInput } from '../../errors.ts';
import type { CursorCodec, Position } from './cursor.ts';

export const MAX_FIRST = 500;
export const DEFAULT_FIRST = 50;

/** A connection's arguments, validated. */
export interface PageRequest<Selection = unknown> {
  first: number;
  after: string | null;
  /** The decoded `after`; undefined for the first page. */
  position: Position | undefined;
  /** Everything that determines the list. Cursors are bound to it. */
  selection: Selection;
  /** Encodes the page's own cursors. */
  cursors: CursorCodec;
}

export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

/** BAD_USER_INPUT if `first` is out of range or `after` is not a cursor of this selection. */
export function parsePageRequest<Selection>(
  { first, after }: PageArguments,
  selection: Selection,
  { cursors }: { cursors: CursorCodec },
): PageRequest<Selection> {
  const position = after == null ? undefined : cursors.decode(after, selection);
  return { first: parseFirst(first), after: after ?? null, position, selection, cursors };
}

function parseFirst(first: number | null | undefined): number {
  const count = first ?? DEFAULT_FIRST;
  if (count >= 1 && count <= MAX_FIRST) return count;
  throw new BadUserInput([{ path: 'first', message: `must be from 1 to ${MAX_FIRST}` }]);
}

/**
 * How many objects to read from the position's continue token for a page of `first` edges. If the position is far into its
 * page, these are only the objects up to it: the next call continues after them, so that indices do not grow with each page.
 */
export function lengthToRead({ position, first }: PageRequest): number {
  const skipped = position ? position.index + 1 : 0;
  return skipped > MAX_FIRST ? skipped : skipped + first;
}
