import { LRUCache } from 'lru-cache';
import { CacheCounter, type CacheFigures } from '../budgets/cache-figures.ts';
import type { FairScheduler } from '../budgets/fair-scheduler.ts';
import { userKeyOf } from '../budgets/user-key.ts';
import { Unauthenticated } from '../errors.ts';
import { abortable } from '../kubernetes/abortable.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { type CallIds, createScope } from '../kubernetes/scope.ts';
import { UserToken } from '../kubernetes/token.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import { UserCluster } from '../kubernetes/user-cluster.ts';
import { reviewSubject, type Subject } from './reviews.ts';

export interface AuthenticatorOptions {
  /** The users' connections to the cluster. */
  transport: ClusterTransport;
  /** The turns of known users, and those of clients whose tokens are not known yet. */
  schedulers: { users: FairScheduler; unknown: FairScheduler };
  /** How long a subject is cached, in ms. It is capped at 10,000. */
  subjectMs: number;
  /** How long a token that the cluster has rejected is not sent again, in ms. */
  rejectedMs: number;
  /** Deadline of a review in ms. */
  timeoutMs: number;
}

/** The request that brings a token. */
export interface Credentials {
  token: UserToken;
  /** The client's network address: clients with tokens that are not known yet take turns by it. */
  address: string;
  ids: CallIds;
  signal: AbortSignal;
}

/** Of subjects and of what else is remembered of tokens, in bytes each. */
const CACHE_BYTES = 8 * 1024 * 1024;
/** How long it is remembered which user a token belongs to. It decides whose turn a review takes, and nothing else. */
const USER_MS = 3_600_000;

/**
 * Asks the cluster whose a token is (SelfSubjectReview), before anything else of a request is looked at. A token is reviewed
 * once at a time. Those that are not known yet share a few turns, so that made-up tokens delay no known user. Nothing is
 * keyed by a token in clear.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #pending = new Map<string, Promise<Subject>>();
  readonly #subjects = new LRUCache<string, Subject>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (subject) => 200 + JSON.stringify(subject).length,
  });
  readonly #users = new LRUCache<string, string>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (user) => 200 + user.length,
    ttl: USER_MS,
  });
  readonly #rejected: LRUCache<string, true>;
  readonly #counters: Record<'subjects' | 'token_users' | 'rejected_tokens', CacheCounter>;

  constructor(options: AuthenticatorOptions) {
    this.#options = { ...options, subjectMs: Math.min(options.subjectMs, 10_000) };
    this.#rejected = new LRUCache({
      max: 20_000,
      ...(options.rejectedMs > 0 && { ttl: options.rejectedMs }),
    });
    this.#counters = {
      subjects: new CacheCounter(this.#subjects),
      token_users: new CacheCounter(this.#users),
      rejected_tokens: new CacheCounter(this.#rejected),
    };
  }

  /** Of each cache, by its name. */
  get figures(): Record<'subjects' | 'token_users' | 'rejected_tokens', CacheFigures> {
    const { subjects, token_users, rejected_tokens } = this.#counters;
    return {
      subjects: subjects.figures,
      token_users: token_users.figures,
      rejected_tokens: rejected_tokens.figures,
    };
  }

  /** Errors: Unauthenticated, TooManyRequests, Unavailable, Timeout. */
  async authenticate(credentials: Credentials): Promise<Subject> {
    const digest = UserToken.digestOf(credentials.token);
    const { subjects, rejected_tokens } = this.#counters;
    const cached = subjects.counted(this.#subjects.get(digest));
    if (cached) return cached;
    if (rejected_tokens.counted(this.#rejected.get(digest))) throw rejected();
    const review = this.#pending.get(digest) ?? this.#review(digest, credentials);
    return abortable(credentials.signal, review);
  }

  /** Drops what is known of a token, which the cluster has rejected. */
  forget(token: UserToken): void {
    this.#subjects.delete(UserToken.digestOf(token));
  }

  #review(digest: string, { token, address, ids }: Credentials): Promise<Subject> {
    const { transport, schedulers, subjectMs, rejectedMs, timeoutMs } = this.#options;
    // Of its own: others may wait for it when the request that began it has ended.
    const signal = AbortSignal.timeout(timeoutMs);
    const cluster = new UserCluster(transport, token, createScope(ids, signal));
    const perform = () => reviewSubject(cluster);
    const user = this.#counters.token_users.counted(this.#users.get(digest));
    const turn = user
      ? schedulers.users.run(user, signal, perform)
      : schedulers.unknown.run(address, signal, perform);
    const review = turn
      .then((subject) => {
        if (subjectMs > 0) this.#subjects.set(digest, subject, { ttl: subjectMs });
        this.#users.set(digest, userKeyOf(subject));
        return subject;
      })
      .catch((error: unknown) => {
        if (!(error instanceof KubernetesError && error.statusCode === 401)) throw error;
        this.#users.delete(digest);
        if (rejectedMs > 0) this.#rejected.set(digest, true);
        throw rejected();
      })
      .finally(() => this.#pending.delete(digest));
    this.#pending.set(digest, review);
    return review;
  }
}

function rejected(): Unauthenticated {
  return new Unauthenticated('The cluster did not accept the token');
}
