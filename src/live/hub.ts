import { randomBytes } from 'node:crypto';
import { reviewAccess } from '../authorization/reviews.ts';
import type { CpuShares } from '../budgets/cpu-shares.ts';
import type { MemoryBudget } from '../budgets/memory-budget.ts';
import { RequestBudget, type RequestLimits } from '../budgets/request-budget.ts';
import { TooManyRequests, Unauthenticated, Unavailable } from '../errors.ts';
import type { ListWatchTimings } from '../kubernetes/list-watch.ts';
import { pages } from '../kubernetes/pages.ts';
import type { AnyObject, ObjectList } from '../kubernetes/reader.ts';
import { type CallIds, createRequestScope } from '../kubernetes/scope.ts';
import { UserToken } from '../kubernetes/token.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import { UserCluster } from '../kubernetes/user-cluster.ts';
import { AccessMonitor, type AccessMonitorOptions } from './access-monitor.ts';
import type { Batch } from './change.ts';
import { Feed, type FeedSelection } from './feed.ts';
import { type BatchLimits, Subscriber } from './subscriber.ts';

export interface HubLimits {
  /** Subscriptions of one user, and of all users. */
  subscriptionsPerUser: number;
  subscriptions: number;
  /** Watches of the cluster of one user, and of all users: each is a connection. */
  watchesPerUser: number;
  watches: number;
}

export interface HubOptions {
  /** For lists and reviews. */
  transport: ClusterTransport;
  /** For watches: they use up no connection that queries need. */
  watches: ClusterTransport;
  memory: MemoryBudget;
  cpu: CpuShares;
  /** What a call of the hub for a user may take, as a request's. */
  request: RequestLimits;
  /** Deadline of such a call, in ms. */
  callTimeoutMs: number;
  limits: HubLimits;
  batches: BatchLimits;
  timings: ListWatchTimings;
  access: AccessMonitorOptions;
}

/** Who subscribes. */
export interface Caller {
  token: UserToken;
  /** The user that the token belongs to. */
  user: string;
  /** Of the calls: also of those that a feed makes, which can outlive the request that has begun it. */
  ids: CallIds;
  onTokenRejected(): void;
}

export interface SubscribeOptions {
  since?: string | undefined;
  select?: ((object: AnyObject) => boolean) | undefined;
  /** Ends the subscription. */
  signal: AbortSignal;
}

interface Shared {
  feed: Feed;
  release(): void;
}

/** The maximum size in bytes of a page of a snapshot of more than one object. */
const PAGE_BYTES = 1024 * 1024;
/** A snapshot's first and last batch have one more event each: RESET and SYNCED. */
const MARKS = 2;

/**
 * All subscriptions of the process. Those with the same token and selection share one watch, and nothing is shared between
 * tokens: each watch is made with the token of its subscribers, and ends when the cluster no longer accepts the token or
 * no longer allows the watch.
 */
export class Hub {
  readonly #options: HubOptions;
  readonly #access: AccessMonitor;
  readonly #key = randomBytes(32);
  readonly #feeds = new Map<string, Shared>();
  readonly #subscriptions = new Counter();
  readonly #watches = new Counter();

  constructor(options: HubOptions) {
    this.#options = options;
    this.#access = new AccessMonitor(options.access);
  }

  get figures() {
    return { subscriptions: this.#subscriptions.total, watches: this.#watches.total };
  }

  /**
   * The batches of a subscription: a snapshot, then changes; or changes alone after `since`. Errors, thrown or while it
   * runs: TooManyRequests, Unavailable, Unauthenticated, KubernetesError, QueryTooComplex, and FORBIDDEN when the caller
   * may no longer watch.
   */
  subscribe(
    caller: Caller,
    selection: FeedSelection,
    { since, select, signal }: SubscribeOptions,
  ): AsyncGenerator<Batch> {
    const { limits, batches, memory } = this.#options;
    const leave = this.#subscriptions.enter(caller.user, {
      perUser: limits.subscriptionsPerUser,
      all: limits.subscriptions,
      what: 'subscriptions',
    });
    try {
      const shared = this.#feedOf(caller, selection);
      const subscriber = new Subscriber({
        feed: shared.feed,
        list: () => this.#snapshot(caller, selection, signal),
        select,
        since,
        signal,
        memory: memory.reserve(caller.user, 0),
        limits: batches,
        onClose: () => {
          leave();
          if (shared.feed.listeners === 0) shared.release();
        },
      });
      return subscriber.batches();
    } catch (error) {
      leave();
      throw error;
    }
  }

  #feedOf(caller: Caller, selection: FeedSelection): Shared {
    const digest = UserToken.digestOf(caller.token, this.#key);
    const { type, namespace, labelSelector, fieldSelector } = selection;
    const key = JSON.stringify([digest, type.group, type.resource, namespace, labelSelector, fieldSelector]);
    const known = this.#feeds.get(key);
    if (known && !known.feed.isEnded) return known;
    const shared = this.#begin(caller, digest, selection);
    this.#feeds.set(key, shared);
    void shared.feed.run().finally(() => {
      shared.release();
      if (this.#feeds.get(key) === shared) this.#feeds.delete(key);
    });
    return shared;
  }

  #begin(caller: Caller, digest: string, selection: FeedSelection): Shared {
    const { limits, memory, timings } = this.#options;
    const leave = this.#watches.enter(caller.user, {
      perUser: limits.watchesPerUser,
      all: limits.watches,
      what: 'watches',
    });
    const ends = new AbortController();
    const feed = new Feed({
      selection,
      connect: (ending) => {
        const signal = AbortSignal.any([ending, ends.signal]);
        return {
          list: (type, namespace, options) =>
            this.#call(caller, signal, (user) =>
              user.listMetadata(type, namespace as string, { ...options, transient: true }),
            ) as Promise<ObjectList<never>>,
          watch: (type, namespace, options) => this.#watcher(caller, signal).watch(type, namespace, options),
        };
      },
      find: (name) =>
        this.#call(caller, ends.signal, (user) =>
          user.find<AnyObject>(selection.type, selection.namespace, name),
        ),
      timings,
      memory: memory.reserve(caller.user, 0),
    });
    const { group, resource } = selection.type;
    const attributes = {
      verb: 'watch',
      group,
      resource,
      namespace: selection.namespace,
      ...nameIn(selection),
    };
    const endMonitor = this.#access.depend(
      digest,
      attributes,
      (signal) => this.#call(caller, signal, (user) => reviewAccess(user, attributes)),
      (error) => feed.end(error),
    );
    const endExpiry = onExpiry(caller.token, () =>
      feed.end(new Unauthenticated('The token has expired: subscribe again with a new one')),
    );
    const release = () => {
      feed.end();
      ends.abort();
      endMonitor();
      endExpiry();
      leave();
    };
    return { feed, release };
  }

  #snapshot(
    caller: Caller,
    { type, namespace, labelSelector, fieldSelector }: FeedSelection,
    signal: AbortSignal,
  ): AsyncIterable<ObjectList<AnyObject>> {
    const { size } = this.#options.batches;
    return pages<AnyObject>({ size: Math.max(1, size - MARKS), maxBytes: PAGE_BYTES }, (page) =>
      this.#call(caller, signal, (user) =>
        user.list(type, namespace, { ...page, labelSelector, fieldSelector, transient: true }),
      ),
    );
  }

  /** One call as the user, in its turn and within a budget of its own. */
  async #call<T>(
    caller: Caller,
    signal: AbortSignal,
    perform: (user: UserCluster) => Promise<T>,
  ): Promise<T> {
    const { transport, callTimeoutMs, request, memory, cpu } = this.#options;
    const budget = new RequestBudget(caller.user, request, memory, cpu);
    const scope = createRequestScope(caller.ids, signal, callTimeoutMs, budget);
    try {
      return await perform(new UserCluster(transport, caller.token, scope, caller.onTokenRejected));
    } finally {
      budget.release();
    }
  }

  #watcher({ token, ids, onTokenRejected }: Caller, signal: AbortSignal): UserCluster {
    const { watches, callTimeoutMs } = this.#options;
    const scope = createRequestScope(ids, signal, callTimeoutMs);
    return new UserCluster(watches, token, scope, onTokenRejected);
  }
}

/** Counts by user. */
class Counter {
  readonly #byUser = new Map<string, number>();
  total = 0;

  /** Errors: TooManyRequests, Unavailable. @returns counts one less, once */
  enter(user: string, { perUser, all, what }: { perUser: number; all: number; what: string }): () => void {
    const own = this.#byUser.get(user) ?? 0;
    if (own >= perUser) {
      throw new TooManyRequests(`You have ${own} ${what}, and may have no more`, { retryAfterSeconds: 1 });
    }
    if (this.total >= all) throw new Unavailable(`Writ has too many ${what}`, { retryAfterSeconds: 1 });
    this.#byUser.set(user, own + 1);
    this.total += 1;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.total -= 1;
      const left = (this.#byUser.get(user) ?? 1) - 1;
      if (left > 0) this.#byUser.set(user, left);
      else this.#byUser.delete(user);
    };
  }
}

/** A watch of one object by its name needs the right to watch that object alone. */
function nameIn({ fieldSelector }: FeedSelection): { name?: string } {
  const name = /^metadata\.name=([^,]+)$/.exec(fieldSelector ?? '')?.[1];
  return name === undefined ? {} : { name };
}

/** Calls `expire` when the token expires, as far as the token says so. @returns ends it */
function onExpiry(token: UserToken, expire: () => void): () => void {
  const expiresAt = UserToken.expiryOf(token);
  if (expiresAt === undefined) return () => {};
  let timer: NodeJS.Timeout;
  const wait = () => {
    const ms = expiresAt - Date.now();
    // Longer timers would fire at once.
    timer = setTimeout(ms > MAX_TIMER_MS ? wait : expire, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
  };
  wait();
  return () => clearTimeout(timer);
}

const MAX_TIMER_MS = 2 ** 31 - 1;
