import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { UserToken } from '../kubernetes/token.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import {
  type AccessReview,
  reviewAccess,
  reviewSubject,
  type Subject,
  toReviewAttributes,
} from './reviews.ts';
import { type Rules, reviewRules } from './rules-review.ts';

export interface ReviewCacheOptions {
  /** How long an allowed review is cached, in ms. It is capped at 10,000. */
  allowMs: number;
  /** How long a denied review is cached, in ms. It is capped at 5,000. */
  denyMs: number;
  maxTokens: number;
  maxReviewsPerToken: number;
}

export const REVIEW_CACHE_DEFAULTS: ReviewCacheOptions = {
  allowMs: 10_000,
  denyMs: 5_000,
  maxTokens: 2_000,
  maxReviewsPerToken: 2_000,
};

type Review = AccessReview | Subject | Rules;
type TokenReviews = LRUCache<string, Review>;

/**
 * Reviews for display, such as `viewerCan` and `viewer`. They may be some seconds old, so no write depends on one. The
 * cache is keyed by an HMAC of the token. Errors are not cached.
 */
export class ReviewCache {
  readonly #options: ReviewCacheOptions;
  readonly #key = randomBytes(32);
  readonly #byToken: LRUCache<string, TokenReviews>;

  constructor(options: ReviewCacheOptions) {
    this.#options = {
      ...options,
      allowMs: Math.min(options.allowMs, 10_000),
      denyMs: Math.min(options.denyMs, 5_000),
    };
    this.#byToken = new LRUCache({ max: options.maxTokens });
  }

  async access(user: UserCluster, attributes: ResourceAttributes): Promise<AccessReview> {
    const { verb, group, resource, subresource, namespace, name } = toReviewAttributes(attributes);
    const key = JSON.stringify([verb, group, resource, subresource ?? '', namespace ?? '', name ?? '']);
    const reviews = this.#reviewsOf(user);
    const cached = reviews.get(key) as AccessReview | undefined;
    if (cached) return cached;
    const review = await reviewAccess(user, attributes);
    store(reviews, key, review, review.allowed ? this.#options.allowMs : this.#options.denyMs);
    return review;
  }

  async subject(user: UserCluster): Promise<Subject> {
    const reviews = this.#reviewsOf(user);
    const cached = reviews.get('subject') as Subject | undefined;
    if (cached) return cached;
    const subject = await reviewSubject(user);
    store(reviews, 'subject', subject, this.#options.allowMs);
    return subject;
  }

  /** The user's rules in a namespace, cached as long as a denial: what they do not allow is shown as denied. */
  async rules(user: UserCluster, namespace: string): Promise<Rules> {
    const reviews = this.#reviewsOf(user);
    const key = `rules/${namespace}`;
    const cached = reviews.get(key) as Rules | undefined;
    if (cached) return cached;
    const rules = await reviewRules(user, namespace);
    store(reviews, key, rules, this.#options.denyMs);
    return rules;
  }

  /** Drops all reviews of a token, which its cluster has rejected. */
  forget(server: string, token: UserToken): void {
    this.#byToken.delete(this.#keyOf(server, token));
  }

  #reviewsOf({ server, token }: UserCluster): TokenReviews {
    const key = this.#keyOf(server, token);
    const cached = this.#byToken.get(key);
    if (cached) return cached;
    const reviews: TokenReviews = new LRUCache({ max: this.#options.maxReviewsPerToken });
    this.#byToken.set(key, reviews);
    return reviews;
  }

  /** With the server, as a token may have other rights in another cluster. */
  #keyOf(server: string, token: UserToken): string {
    return `${UserToken.digestOf(token, this.#key)} ${server}`;
  }
}

function store(reviews: TokenReviews, key: string, review: Review, ttl: number): void {
  if (ttl > 0) reviews.set(key, review, { ttl });
}
