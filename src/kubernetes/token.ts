import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { Unauthenticated } from '../errors.ts';

/** b64token (RFC 6750, section 2.1). */
const B64_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** More than the length of tokens that identity providers issue, with all groups of a user. */
const MAX_TOKEN_LENGTH = 32_768;

/** Longer timers would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Lives as long as the process. */
const DIGEST_KEY = createSecretKey(randomBytes(32));

/**
 * A user's bearer token. It cannot be printed: each conversion to a string gives `[token, 812 chars]`. Only the user
 * cluster reads its value, with {@link authorizationOf}.
 */
export class UserToken {
  readonly #value: string;
  #digest: string | undefined;

  constructor(value: string) {
    if (value === '') throw new Unauthenticated('The bearer token is empty');
    if (value.length > MAX_TOKEN_LENGTH) {
      throw new Unauthenticated(
        `The bearer token is too long (${value.length} characters; at most ${MAX_TOKEN_LENGTH})`,
      );
    }
    if (!B64_TOKEN.test(value)) {
      throw new Unauthenticated('The bearer token has characters that RFC 6750 (b64token) does not allow');
    }
    this.#value = value;
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

  /**
   * Calls `expired` when the token expires, if it is a JWT that says when. It is not verified: only the cluster decides
   * whether a token is valid.
   *
   * @returns ends it
   */
  static atExpiry(token: UserToken, expired: () => void): () => void {
    const expiresAt = expiryOf(token.#value);
    if (expiresAt === undefined) return () => {};
    let timer: NodeJS.Timeout;
    const wait = () => {
      const ms = expiresAt - Date.now();
      timer = setTimeout(ms > MAX_TIMER_MS ? wait : expired, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
    };
    wait();
    return () => clearTimeout(timer);
  }

  /** An HMAC of the token, for cache keys: it identifies the token in this process alone. */
  static digestOf(token: UserToken): string {
    token.#digest ??= createHmac('sha256', DIGEST_KEY).update(token.#value).digest('base64url');
    return token.#digest;
  }
}

/** In ms since 1970. */
function expiryOf(token: string): number | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return Number.isFinite(exp) ? exp * 1_000 : undefined;
  } catch {
    return undefined;
  }
}
