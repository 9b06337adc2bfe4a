import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { Unauthenticated } from '../errors.ts';

/** RFC 6750 section 2.1: b64token. */
const B64_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Larger than any token a cluster issues; a header of Node's own limit (16 KiB) would not get here. */
export const MAX_TOKEN_LENGTH = 12_288;

/**
 * A user's bearer token. It cannot be printed: every way to a string gives `[token, 812 chars]`. Only the
 * transport takes it out, by {@link authorizationOf}.
 */
export class UserToken {
  readonly #value: string;

  constructor(value: string) {
    if (value === '') throw new Unauthenticated('The bearer token is empty');
    if (value.length > MAX_TOKEN_LENGTH) {
      throw new Unauthenticated(
        `The bearer token is too long (${value.length} characters; at most ${MAX_TOKEN_LENGTH})`,
      );
    }
    if (!B64_TOKEN.test(value)) {
      throw new Unauthenticated('The bearer token has characters outside of RFC 6750 b64token');
    }
    this.#value = value;
  }

  get length(): number {
    return this.#value.length;
  }

  toString(): string {
    return `[token, ${this.#value.length} chars]`;
  }
  toJSON(): string {
    return this.toString();
  }
  [inspect.custom](): string {
    return this.toString();
  }

  static authorizationOf(token: UserToken): string {
    return `Bearer ${token.#value}`;
  }

  /** A cache key that does not give the token away: an HMAC under a key that lives as long as the process. */
  static digestOf(token: UserToken, key: Buffer): string {
    return createHmac('sha256', key).update(token.#value).digest('base64url');
  }
}
