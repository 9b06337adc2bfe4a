import type { AccessReview } from '../kubernetes/access-review.ts';
import { type ResourceAttributes, toReviewAttributes } from '../kubernetes/resource-attributes.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { ReviewCache } from './review-cache.ts';
import { isAllowedBy, type Rules } from './rules-review.ts';

/**
 * The reviews for display of one request, each performed once. They may be some seconds old, so no write depends on one.
 * Errors: those of a user's call to the cluster.
 */
export class RequestReviews {
  readonly #cache: ReviewCache;
  readonly #user: UserCluster;
  readonly #reviews = new Map<string, Promise<unknown>>();
  /** Of the first project that was asked about: whether its rules are complete, they are in all of them. */
  #firstRules: Promise<Rules> | undefined;

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

  /**
   * Whether the user may do something to all objects of a resource in a project. One review of the rules there answers all such
   * questions for as long as an allowed review is cached, so that a list of many projects costs one review for each. If the
   * rules are incomplete, each question is a review.
   */
  async canInProject(attributes: ResourceAttributes & { namespace: string }): Promise<boolean> {
    const { namespace } = attributes;
    this.#firstRules ??= this.#rulesOfProject(namespace);
    if (!(await this.#firstRules).incomplete) {
      const rules = await this.#rulesOfProject(namespace);
      if (!rules.incomplete) return isAllowedBy(rules, toReviewAttributes(attributes));
    }
    const review = await this.#once(`project ${JSON.stringify(attributes)}`, () =>
      this.#cache.access(this.#user, attributes, 'as allowed'),
    );
    return review.allowed;
  }

  /** Drops the reviews, so that later ones see a mutation's effect. */
  clear(): void {
    this.#reviews.clear();
    this.#firstRules = undefined;
  }

  #rulesOfProject(namespace: string): Promise<Rules> {
    return this.#once(`rules of project ${namespace}`, () =>
      this.#cache.rules(this.#user, namespace, 'as allowed'),
    );
  }

  #once<T>(key: string, perform: () => Promise<T>): Promise<T> {
    const review = (this.#reviews.get(key) as Promise<T> | undefined) ?? perform();
    this.#reviews.set(key, review);
    return review;
  }
}
