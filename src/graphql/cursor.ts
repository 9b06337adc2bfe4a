import { createHash } from 'node:crypto';
import { BadUserInput } from '../errors.ts';

/**
 * Where a page goes on. A cursor is no capability: what it names is read as the caller, and the cluster judges its
 * continue token. The digest ties it to one selection and finds a cursor that was changed.
 */
export interface Position {
  /** The continue token that fetched the cursor's page; '' for the first page, and where a scan sorts. */
  continue: string;
  /** Index of the edge in that page. */
  index: number;
  /** What the order compares: the name, or creation time and name. */
  key: string[];
}

/** An edge is within what {@link lengthToRead} says. */
const MAX_INDEX = 999;

/** @param selection all that shapes the list: the field, project, selectors, order. */
export function encodeCursor(position: Position, selection: unknown): string {
  const content = [position.continue, position.index, position.key];
  return Buffer.from(JSON.stringify([...content, digest(content, selection)])).toString('base64url');
}

/** BAD_USER_INPUT where it was changed, or belongs to another selection. */
export function decodeCursor(cursor: string, selection: unknown): Position {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === 4) {
      const [token, index, key] = parts;
      const isPosition =
        typeof token === 'string' &&
        Number.isInteger(index) &&
        index >= -1 &&
        index <= MAX_INDEX &&
        Array.isArray(key) &&
        key.every((part) => typeof part === 'string');
      const position = { continue: token, index, key } as Position;
      if (isPosition && encodeCursor(position, selection) === cursor) return position;
    }
  } catch {
    // Not JSON: said below.
  }
  throw new BadUserInput([
    {
      path: 'after',
      message: 'is not a cursor of this list with these arguments (project, selector, filter, order)',
    },
  ]);
}

function digest(content: unknown, selection: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([content, selection]))
    .digest('base64url')
    .slice(0, 22);
}

const MAX_FIRST = 500;
const DEFAULT_FIRST = 50;

export function parseFirst(first: number | null | undefined): number {
  const count = first ?? DEFAULT_FIRST;
  if (count >= 1 && count <= MAX_FIRST) return count;
  throw new BadUserInput([{ path: 'first', message: `must be from 1 to ${MAX_FIRST}` }]);
}

/**
 * How much to read from a position's continue token for a page of `first`. Where the edge stands far behind in its
 * page, only up to it: the next call goes on from there, so that no index grows from page to page.
 */
export function lengthToRead(position: Position | undefined, first: number): number {
  const skipped = position ? position.index + 1 : 0;
  return skipped > MAX_FIRST ? skipped : skipped + first;
}

/** For a query's cost: what the page may hold, whatever nonsense was asked. */
export function clampFirst(first: number | null | undefined): number {
  return Math.min(Math.max(first ?? DEFAULT_FIRST, 1), MAX_FIRST);
}
