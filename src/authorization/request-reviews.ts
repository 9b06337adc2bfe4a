import pLimit from 'p-limit';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { ReviewCache } from './review-cache.ts';
import type { AccessReview } from './reviews.ts';
import { isAllowedBy } from './rules-review.ts';

/** Reviews that one request has in flight at once: all requests share the connections to the cluster. */
const CONCURRENT_REVIEWS = 8;

/**
 * The reviews for display that one request asks for, each asked once. They may be some seconds old: nothing is ever
 * written because of one. Errors: those of a call as the user.
 */
export class RequestReviews {
  readonly #reviews: ReviewCache;
  readonly #user: UserCluster;
  readonly #limit = pLimit(CONCURRENT_REVIEWS);
  readonly #asked = new Map<string, Promise<unknown>>();

  constructor(reviews: ReviewCache, user: UserCluster) {
    this.#reviews = reviews;
    this.#user = user;
  }

  can(attributes: ResourceAttributes): Promise<AccessReview> {
    return this.#once(JSON.stringify(attributes), () => this.#reviews.access(this.#user, attributes));
  }

  /**
   * As `can`, for one of many objects of a namespace. It first asks for all objects of the resource, then for the rules of
   * the namespace, so that a page costs a few reviews. It asks for the object itself only if the rules are incomplete.
   */
  async canOneOfMany(
    attributes: ResourceAttributes & { namespace: string; name: string },
  ): Promise<AccessReview> {
    const { name: _, ...ofAll } = attributes;
    const review = await this.can(ofAll);
    if (review.allowed) return review;
    const { namespace } = attributes;
    const rules = await this.#once(`rules/${namespace}`, () => this.#reviews.rules(this.#user, namespace));
    if (rules.incomplete) return this.can(attributes);
    return { allowed: isAllowedBy(rules, attributes), reason: null };
  }

  /** Forgets what was asked, so that a mutation's effect is seen. */
  clear(): void {
    this.#asked.clear();
  }

  #once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const asked = (this.#asked.get(key) as Promise<T> | undefined) ?? this.#limit(ask);
    this.#asked.set(key, asked);
    return asked;
  }
}
