import { LRUCache } from 'lru-cache';
import { CacheCounter, type CacheFigures } from '../budgets/cache-figures.ts';
import { abortable } from '../kubernetes/abortable.ts';
import type { AccessReview } from '../kubernetes/access-review.ts';
import { type ResourceAttributes, toReviewAttributes } from '../kubernetes/resource-attributes.ts';
import { UserToken } from '../kubernetes/token.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { reviewAccess } from './reviews.ts';
import { type RoleReview, type Rules, reviewRole, reviewRules } from './rules-review.ts';

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

type Review = AccessReview | Rules | RoleReview;

interface Entry<T> {
  review: T;
  /** When it was requested: `performance.now()`. */
  at: number;
}

/** How old a denial may be: as old as a denial, or for lists of many projects as old as what is allowed. */
type DenialAge = 'as denied' | 'as allowed';

/** What an entry takes beside its key and value, in bytes. */
const ENTRY_BYTES = 200;

/**
 * Reviews for display, such as `viewerCan`. They may be some seconds old, so no write depends on one. The cache is keyed by
 * an HMAC of the token. Errors are not cached.
 */
export class ReviewCache {
  readonly #options: ReviewCacheOptions;
  readonly #reviews: LRUCache<string, Entry<Review>>;
  readonly #counter: CacheCounter;
  /** By the same keys. */
  readonly #pending = new Map<string, Promise<Review>>();
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
      sizeCalculation: ({ review }, key) => ENTRY_BYTES + key.length + JSON.stringify(review).length,
    });
    this.#counter = new CacheCounter(this.#reviews);
  }

  get figures(): CacheFigures {
    return this.#counter.figures;
  }

  async access(
    user: UserCluster,
    attributes: ResourceAttributes,
    denialAge: DenialAge = 'as denied',
  ): Promise<AccessReview> {
    return this.#cached(
      user,
      questionOf(attributes),
      () => reviewAccess(user, attributes, 'display'),
      ({ allowed }) => (allowed ? this.#options.allowMs : this.#denialMs(denialAge)),
    );
  }

  /** The user's rules in a namespace, cached as long as a denial: what they do not allow is shown as denied. */
  async rules(user: UserCluster, namespace: string): Promise<Rules> {
    return this.#cached(
      user,
      `rules/${namespace}`,
      () => reviewRules(user, namespace),
      () => this.#options.denyMs,
    );
  }

  /** The user's role in a project, cached as long as what is allowed: lists of projects need it of each. */
  async role(user: UserCluster, namespace: string): Promise<RoleReview> {
    return this.#cached(
      user,
      `role/${namespace}`,
      () => reviewRole(user, namespace),
      () => this.#options.allowMs,
    );
  }

  /** Remembers that the cluster has denied this (403), as a denied review: nothing is allowed by it. */
  noteDenied(user: UserCluster, attributes: ResourceAttributes): void {
    const ttl = this.#options.denyMs;
    if (ttl <= 0) return;
    const entry = { review: { allowed: false, reason: null }, at: performance.now() };
    this.#reviews.set(this.#keyOf(user, questionOf(attributes)), entry, { ttl });
  }

  /** Whether a denial is known that is recent enough to be shown. False says nothing. */
  isKnownDenied(user: UserCluster, attributes: ResourceAttributes): boolean {
    const known = this.#reviews.get(this.#keyOf(user, questionOf(attributes))) as
      | Entry<AccessReview>
      | undefined;
    return known !== undefined && !known.review.allowed && this.#isFresh(known, this.#options.denyMs);
  }

  /** Drops all reviews of a token, which its cluster has rejected. */
  forget(server: string, token: UserToken): void {
    this.#epochs.delete(this.#tokenKey(server, token));
  }

  #denialMs(denialAge: DenialAge): number {
    const { allowMs, denyMs } = this.#options;
    return denialAge === 'as allowed' ? allowMs : denyMs;
  }

  /** @param maxAgeOf how old the review may be for who asks, in ms */
  async #cached<T extends Review>(
    user: UserCluster,
    question: string,
    perform: () => Promise<T>,
    maxAgeOf: (review: T) => number,
  ): Promise<T> {
    const key = this.#keyOf(user, question);
    const cached = this.#reviews.get(key) as Entry<T> | undefined;
    const isFresh = cached !== undefined && this.#isFresh(cached, maxAgeOf(cached.review));
    const fresh = this.#counter.counted(isFresh ? cached : undefined);
    if (fresh) return fresh.review;
    return this.#inFlight(user, key, async () => {
      const at = performance.now();
      const review = await perform();
      const ttl = Math.max(this.#options.allowMs, this.#options.denyMs);
      if (ttl > 0) this.#reviews.set(key, { review, at }, { ttl });
      return review;
    });
  }

  #keyOf(user: UserCluster, question: string): string {
    const tokenKey = this.#tokenKey(user.server, user.token);
    const epoch = this.#epochs.get(tokenKey) ?? ++this.#lastEpoch;
    this.#epochs.set(tokenKey, epoch);
    return `${epoch} ${question}`;
  }

  #isFresh({ at }: Entry<Review>, maxAge: number): boolean {
    return maxAge > 0 && performance.now() - at <= maxAge;
  }

  /**
   * Requests at the same time share one review. It is a call of the request that asked first: should that one end or be over
   * its budget, the others ask for themselves.
   */
  async #inFlight<T extends Review>(user: UserCluster, key: string, perform: () => Promise<T>): Promise<T> {
    const pending = this.#pending.get(key) as Promise<T> | undefined;
    if (pending) {
      try {
        return await abortable(user.scope.signal, pending);
      } catch (error) {
        if (user.scope.signal.aborted) throw error;
        return perform();
      }
    }
    const review = perform();
    this.#pending.set(key, review);
    try {
      return await review;
    } finally {
      this.#pending.delete(key);
    }
  }

  /** With the server, as a token may have other rights in another cluster. */
  #tokenKey(server: string, token: UserToken): string {
    return `${UserToken.digestOf(token)} ${server}`;
  }
}

function questionOf(attributes: ResourceAttributes): string {
  const { verb, group, resource, subresource, namespace, name } = toReviewAttributes(attributes);
  return JSON.stringify([verb, group, resource, subresource ?? '', namespace ?? '', name ?? '']);
}
