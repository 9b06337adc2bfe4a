import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { BadUserInput } from '../../errors.ts';
import type { Keys } from '../../keys/shared-keys.ts';

/** The position after which a page continues. It grants nothing: everything is read as the caller. */
export interface Position {
  /** The continue token that fetched the cursor's page; '' for the first page, and for a scanned selection. */
  continue: string;
  /** Index of the object in that page; -1: before its first object. */
  index: number;
  /** The values that the order compares: the name, or creation time and name. */
  key: string[];
  /** How many objects the whole list had when its first page was read; absent if that is not known. */
  total?: number;
}

/** 128 bits of the HMAC: RFC 2104 allows half of it. */
const MAC_BYTES = 16;

/**
 * The cursors of one user. Each is a position with an HMAC-SHA256 of it, of its selection and of the user. So a continue
 * token is sent to the cluster only if the cluster gave it to this user, for this list.
 */
export class CursorCodec {
  readonly #keys: Pick<Keys, 'cursors'>;
  readonly #user: string;

  /** @param user the same for all tokens of a user */
  constructor(keys: Pick<Keys, 'cursors'>, user: string) {
    this.#keys = keys;
    this.#user = user;
  }

  /** @param selection everything that determines the list: the field, project, selectors, order */
  encode(position: Position, selection: unknown): string {
    const [key] = this.#keys.cursors;
    if (!key) throw new TypeError('no key for cursors');
    const { continue: token, index, key: values, total } = position;
    const parts = [token, index, values, ...(total === undefined ? [] : [total])];
    const content = Buffer.from(JSON.stringify(parts));
    return Buffer.concat([this.#mac(key, content, selection), content]).toString('base64url');
  }

  /** BAD_USER_INPUT if this user was not given the cursor for this selection. */
  decode(cursor: string, selection: unknown): Position {
    const bytes = Buffer.from(cursor, 'base64url');
    const [mac, content] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)];
    const isAuthentic =
      mac.length === MAC_BYTES &&
      // Decoding ignores what is not base64.
      bytes.toString('base64url') === cursor &&
      this.#keys.cursors.some((key) => timingSafeEqual(mac, this.#mac(key, content, selection)));
    if (!isAuthentic) {
      const message =
        'is not a cursor that you were given for this list with these arguments (project, selector, filter, order), or it is too old';
      throw new BadUserInput([{ path: 'after', message }]);
    }
    const [token, index, key, total] = JSON.parse(content.toString()) as [string, number, string[], number?];
    return { continue: token, index, key, ...(total !== undefined && { total }) };
  }

  #mac(key: KeyObject, content: Buffer, selection: unknown): Buffer {
    return (
      createHmac('sha256', key)
        // JSON has no NUL: where the content begins is unambiguous.
        .update(`${JSON.stringify([this.#user, selection])}\0`)
        .update(content)
        .digest()
        .subarray(0, MAC_BYTES)
    );
  }
}
