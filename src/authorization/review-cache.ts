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
  /** How long an allowed review may be repeated, in ms. Never more than 10,000. */
  allowMs: number;
  /** How long a denied review may be repeated, in ms. Never more than 5,000. */
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

type Answer = AccessReview | Subject | Rules;
type Known = LRUCache<string, Answer>;

/**
 * Reviews for display: what `viewerCan` and the like answer, and who is asking. They may be a few seconds old, so
 * nothing is ever written on the strength of one. Keyed by an HMAC of the token; errors are not kept.
 */
export class ReviewCache {
  readonly #options: ReviewCacheOptions;
  readonly #key = randomBytes(32);
  readonly #byToken: LRUCache<string, Known>;

  constructor(options: ReviewCacheOptions) {
    this.#options = {
      ...options,
      allowMs: Math.min(options.allowMs, 10_000),
      denyMs: Math.min(options.denyMs, 5_000),
    };
    this.#byToken = new LRUCache({ max: options.maxTokens });
  }

  async access(user: UserCluster, attributes: ResourceAttributes): Promise<AccessReview> {
    const worded = toReviewAttributes(attributes);
    const key = JSON.stringify([
      worded.verb,
      worded.group,
      worded.resource,
      worded.subresource ?? '',
      worded.namespace ?? '',
      worded.name ?? '',
    ]);
    const known = this.#knownOf(user);
    const kept = known.get(key) as AccessReview | undefined;
    if (kept) return kept;
    const review = await reviewAccess(user, worded);
    keep(known, key, review, review.allowed ? this.#options.allowMs : this.#options.denyMs);
    return review;
  }

  async subject(user: UserCluster): Promise<Subject> {
    const known = this.#knownOf(user);
    const kept = known.get('subject') as Subject | undefined;
    if (kept) return kept;
    const subject = await reviewSubject(user);
    keep(known, 'subject', subject, this.#options.allowMs);
    return subject;
  }

  /** What the user may do in a namespace, kept as long as a denial may be. */
  async rules(user: UserCluster, namespace: string): Promise<Rules> {
    const known = this.#knownOf(user);
    const key = `rules/${namespace}`;
    const kept = known.get(key) as Rules | undefined;
    if (kept) return kept;
    const rules = await reviewRules(user, namespace);
    keep(known, key, rules, this.#options.denyMs);
    return rules;
  }

  /** Drops all that was learned from a cluster with the token: that cluster has rejected it. */
  forget(server: string, token: UserToken): void {
    this.#byToken.delete(this.#keyOf(server, token));
  }

  #knownOf({ server, token }: UserCluster): Known {
    const key = this.#keyOf(server, token);
    const kept = this.#byToken.get(key);
    if (kept) return kept;
    const known: Known = new LRUCache({ max: this.#options.maxReviewsPerToken });
    this.#byToken.set(key, known);
    return known;
  }

  /** One cluster's reviews say nothing of another's, even for the same token. */
  #keyOf(server: string, token: UserToken): string {
    return `${UserToken.digestOf(token, this.#key)} ${server}`;
  }
}

function keep(known: Known, key: string, value: Answer, ttl: number): void {
  if (ttl > 0) known.set(key, value, { ttl });
}
