import { createHash } from 'node:crypto';
import { BadUserInput } from '../../errors.ts';

/**
 * The position after which a page continues. A cursor grants nothing: everything is read as the caller, and the cluster
 * checks its own continue token. The digest in a cursor binds it to one selection and detects a modified cursor.
 */
export interface Position {
  /** The continue token that fetched the cursor's page; '' for the first page, and for a scanned selection. */
  continue: string;
  /** Index of the object in that page; -1: before its first object. */
  index: number;
  /** The values that the order compares: the name, or creation time and name. */
  key: string[];
}

/** {@link lengthToRead} never reads more than 1,000 objects. */
const MAX_INDEX = 999;

/** @param selection everything that determines the list: the field, project, selectors, order */
export function encodeCursor(position: Position, selection: unknown): string {
  const content = [position.continue, position.index, position.key];
  return Buffer.from(JSON.stringify([...content, digest(content, selection)])).toString('base64url');
}

/** BAD_USER_INPUT if the cursor was modified or belongs to another selection. */
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
    // Not JSON: reported below.
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
