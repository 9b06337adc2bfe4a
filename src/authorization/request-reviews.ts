import type { AccessReview } from '../kubernetes/access-review.ts';
import { type ResourceAttributes, toReviewAttributes } from '../kubernetes/resource-attributes.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { PROJECT_ROLES, type ProjectRole } from '../model/project-role.ts';
import { ROLE_RIGHTS } from '../model/role-rights.ts';
import type { ReviewCache } from './review-cache.ts';
import { isAllowedBy, type RoleReview } from './rules-review.ts';

/**
 * The reviews for display of one request, each performed once. They may be some seconds old, so no write depends on one.
 * Errors: those of a user's call to the cluster.
 */
export class RequestReviews {
  readonly #cache: ReviewCache;
  readonly #user: UserCluster;
  readonly #reviews = new Map<string, Promise<unknown>>();
  /** Of the first project that was asked about. If its rules are incomplete, so are those of all. */
  #firstRole: Promise<RoleReview> | undefined;

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

  /** Whether the user has the rights of the role `view` in a project. As {@link roleIn}, and less if its rules are incomplete. */
  async mayView(namespace: string): Promise<boolean> {
    const role = await this.#roleByRules(namespace);
    return role === undefined ? this.#hasRightOf('view', namespace) : role !== null;
  }

  /**
   * The highest role whose rights the user has in a project, with those of all roles below it; null if none. One review of the
   * rules there tells it, for as long as an allowed review is cached, so that a list of many projects costs one review for
   * each. If the rules are incomplete, each right is a review.
   */
  async roleIn(namespace: string): Promise<ProjectRole | null> {
    const known = await this.#roleByRules(namespace);
    if (known !== undefined) return known;
    let highest: ProjectRole | null = null;
    for (const role of PROJECT_ROLES) {
      if (!(await this.#hasRightOf(role, namespace))) break;
      highest = role;
    }
    return highest;
  }

  /** As of the cache: what was denied a moment ago need not be tried again. */
  noteDenied(attributes: ResourceAttributes): void {
    this.#cache.noteDenied(this.#user, attributes);
  }

  isKnownDenied(attributes: ResourceAttributes): boolean {
    return this.#cache.isKnownDenied(this.#user, attributes);
  }

  /** Drops the reviews, so that later ones see a mutation's effect. */
  clear(): void {
    this.#reviews.clear();
    this.#firstRole = undefined;
  }

  async #roleByRules(namespace: string): Promise<ProjectRole | null | undefined> {
    const review = () => this.#once(`role in ${namespace}`, () => this.#cache.role(this.#user, namespace));
    this.#firstRole ??= review();
    return (await this.#firstRole).role === undefined ? undefined : (await review()).role;
  }

  async #hasRightOf(role: ProjectRole, namespace: string): Promise<boolean> {
    const attributes = { ...ROLE_RIGHTS[role], namespace };
    const review = await this.#once(`${role} in ${namespace}`, () =>
      this.#cache.access(this.#user, attributes, 'as allowed'),
    );
    return review.allowed;
  }

  #once<T>(key: string, perform: () => Promise<T>): Promise<T> {
    const review = (this.#reviews.get(key) as Promise<T> | undefined) ?? perform();
    this.#reviews.set(key, review);
    return review;
  }
}
