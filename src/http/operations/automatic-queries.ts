import { LRUCache } from 'lru-cache';

/** The maximum size of what all users have registered, and what each of them has, in bytes. */
const ALL_BYTES = 8 * 1024 * 1024;
const USER_BYTES = 512 * 1024;
/** What an entry takes besides its text. */
const ENTRY_BYTES = 300;

export interface AutomaticQueriesOptions {
  allBytes?: number;
  userBytes?: number;
}

interface Registered {
  texts: LRUCache<string, string>;
}

/**
 * The documents that clients have registered by Apollo's protocol, by their hash. A user finds those that the same user has
 * registered, and no others: nobody learns from a hash what another user executes, or takes the place of it. Of all users,
 * those who were idle longest lose theirs first, and their clients register them again.
 */
export class AutomaticQueries {
  readonly #users: LRUCache<string, Registered>;
  readonly #userBytes: number;

  constructor({ allBytes = ALL_BYTES, userBytes = USER_BYTES }: AutomaticQueriesOptions = {}) {
    this.#users = new LRUCache({ maxSize: allBytes });
    this.#userBytes = userBytes;
  }

  find(user: string, sha256: string): string | undefined {
    return this.#users.get(user)?.texts.get(sha256);
  }

  /** @param sha256 the hash of the text, which the caller has computed */
  register(user: string, sha256: string, text: string): void {
    const { texts } = this.#users.get(user) ?? {
      texts: new LRUCache<string, string>({
        maxSize: this.#userBytes,
        sizeCalculation: (value) => ENTRY_BYTES + 2 * value.length,
      }),
    };
    if (texts.get(sha256) !== undefined) return;
    texts.set(sha256, text);
    // A new object, so that its size is counted again.
    this.#users.set(user, { texts }, { size: ENTRY_BYTES + 2 * user.length + texts.calculatedSize });
  }
}
