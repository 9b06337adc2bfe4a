import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { AccessReview } from '../kubernetes/access-review.ts';
import { type ResourceAttributes, toReviewAttributes } from '../kubernetes/resource-attributes.ts';
import { UserToken } from '../kubernetes/token.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { reviewAccess } from './reviews.ts';
import { type Rules, reviewRules } from './rules-review.ts';

export interface ReviewCacheOptions {
  /** How long an allowed review is cached, in ms. It is capped at 10,000. */
  allowMs: number;
  /** How long a denied review is cached, in ms. It is capped at 5,000. */
  denyMs: number;
  /** The maximum size of all cached reviews, in bytes. */
  maxBytes: number;
}

export const REVIEW_CACHE_DEFAULTS: ReviewCacheOptions = {
  allowMs: 10_000,
  denyMs: 5_000,
  maxBytes: 8 * 1024 * 1024,
};

type Review = AccessReview | Rules;

/** What an entry takes beside its key and value, in bytes. */
const ENTRY_BYTES = 200;

/**
 * Reviews for display, such as `viewerCan`. They may be some seconds old, so no write depends on one. The cache is keyed by
 * an HMAC of the token. Errors are not cached.
 */
export class ReviewCache {
  readonly #options: ReviewCacheOptions;
  readonly #key = randomBytes(32);
  readonly #reviews: LRUCache<string, Review>;
  /** Part of the keys of a token's reviews: with a new number they are never found again. */
  readonly #epochs = new LRUCache<string, number>({ max: 20_000 });
  #lastEpoch = 0;

  constructor(options: ReviewCacheOptions) {
    this.#options = {
      ...options,
      allowMs: Math.min(options.allowMs, 10_000),
      denyMs: Math.min(options.denyMs, 5_000),
    };
    this.#reviews = new LRUCache({
      maxSize: options.maxBytes,
      sizeCalculation: (review, key) => ENTRY_BYTES + key.length + JSON.stringify(review).length,
    });
  }

  async access(user: UserCluster, attributes: ResourceAttributes): Promise<AccessReview> {
    const { verb, group, resource, subresource, namespace, name } = toReviewAttributes(attributes);
    const key = JSON.stringify([verb, group, resource, subresource ?? '', namespace ?? '', name ?? '']);
    const { allowMs, denyMs } = this.#options;
    return this.#cached(
      user,
      key,
      () => reviewAccess(user, attributes),
      ({ allowed }) => (allowed ? allowMs : denyMs),
    );
  }

  /** The user's rules in a namespace, cached as long as a denial: what they do not allow is shown as denied. */
  async rules(user: UserCluster, namespace: string): Promise<Rules> {
    const { denyMs } = this.#options;
    return this.#cached(
      user,
      `rules/${namespace}`,
      () => reviewRules(user, namespace),
      () => denyMs,
    );
  }

  /** Drops all reviews of a token, which its cluster has rejected. */
  forget(server: string, token: UserToken): void {
    this.#epochs.delete(this.#tokenKey(server, token));
  }

  async #cached<T extends Review>(
    { server, token }: UserCluster,
    question: string,
    perform: () => Promise<T>,
    ttlOf: (review: T) => number,
  ): Promise<T> {
    const tokenKey = this.#tokenKey(server, token);
    const epoch = this.#epochs.get(tokenKey) ?? ++this.#lastEpoch;
    this.#epochs.set(tokenKey, epoch);
    const key = `${epoch} ${question}`;
    const cached = this.#reviews.get(key) as T | undefined;
    if (cached) return cached;
    const review = await perform();
    const ttl = ttlOf(review);
    if (ttl > 0) this.#reviews.set(key, review, { ttl });
    return review;
  }

  /** With the server, as a token may have other rights in another cluster. */
  #tokenKey(server: string, token: UserToken): string {
    return `${UserToken.digestOf(token, this.#key)} ${server}`;
  }
}
