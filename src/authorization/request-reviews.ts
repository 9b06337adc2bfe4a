import type { AccessReview } from '../kubernetes/access-review.ts';
import { type ResourceAttributes, toReviewAttributes } from '../kubernetes/resource-attributes.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { ReviewCache } from './review-cache.ts';
import { isAllowedBy } from './rules-review.ts';

/**
 * The reviews for display of one request, each performed once. They may be some seconds old, so no write depends on one.
 * Errors: those of a user's call to the cluster.
 */
export class RequestReviews {
  readonly #cache: ReviewCache;
  readonly #user: UserCluster;
  readonly #reviews = new Map<string, Promise<unknown>>();

  constructor(cache: ReviewCache, user: UserCluster) {
    this.#cache = cache;
    this.#user = user;
  }

  can(attributes: ResourceAttributes): Promise<AccessReview> {
    return this.#once(JSON.stringify(attributes), () => this.#cache.access(this.#user, attributes));
  }

  /**
   * Like `can`, for one of many objects in a namespace. It reviews access to all objects of the resource, then the rules
   * in the namespace, so that a page costs a few reviews. It reviews the object itself only if the rules are incomplete.
   */
  async canOneOfMany(
    attributes: ResourceAttributes & { namespace: string; name: string },
  ): Promise<AccessReview> {
    const { name: _, ...ofAll } = attributes;
    const review = await this.can(ofAll);
    if (review.allowed) return review;
    const { namespace } = attributes;
    const rules = await this.#once(`rules/${namespace}`, () => this.#cache.rules(this.#user, namespace));
    if (rules.incomplete) return this.can(attributes);
    return { allowed: isAllowedBy(rules, toReviewAttributes(attributes)), reason: null };
  }

  /** Drops the reviews, so that later ones see a mutation's effect. */
  clear(): void {
    this.#reviews.clear();
  }

  #once<T>(key: string, perform: () => Promise<T>): Promise<T> {
    const review = (this.#reviews.get(key) as Promise<T> | undefined) ?? perform();
    this.#reviews.set(key, review);
    return review;
  }
}
