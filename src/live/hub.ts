import { UsageCounter } from '../budgets/usage-counter.ts';
import type { ListWatchTimings } from '../kubernetes/list-watch.ts';
import { pages } from '../kubernetes/pages.ts';
import type { AnyObject, ObjectList } from '../kubernetes/reader.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { AccessMonitorOptions } from './access-monitor.ts';
import { type Caller, CallerCluster, type CallerClusterOptions } from './caller.ts';
import type { Batch } from './change.ts';
import { endingAtOnce } from './ending-at-once.ts';
import type { Feed, FeedSelection } from './feed.ts';
import { Changes, LiveObjects } from './live-objects.ts';
import { followLogs, type LogFollowerOptions, type LogLimits, type SessionRuns } from './log-follower.ts';
import type { LogChunk } from './log-queue.ts';
import { Permissions } from './permissions.ts';
import { type FeedCosts, SharedFeeds } from './shared-feeds.ts';
import { type BatchLimits, Subscriber } from './subscriber.ts';

export interface HubLimits {
  /** Subscriptions of one user, and of all users. */
  subscriptionsPerUser: number;
  subscriptions: number;
  /** Watches of the cluster and followed logs of one user, and of all users: each is a connection. */
  watchesPerUser: number;
  watches: number;
}

export interface HubOptions extends CallerClusterOptions {
  limits: HubLimits;
  batches: BatchLimits;
  timings: ListWatchTimings;
  access: AccessMonitorOptions;
  logs: { limits: LogLimits; timings: LogFollowerOptions['timings'] };
}

export interface SubscribeOptions {
  since?: string | undefined;
  select?: ((object: AnyObject) => boolean) | undefined;
  /** Ends the subscription. */
  signal: AbortSignal;
}

/** The cluster as a caller follows it. */
export interface LiveCluster {
  /** The objects of a selection, for as long as the caller may watch them. */
  objects<T extends AnyObject>(selection: FeedSelection): LiveObjects<T>;
  /**
   * Resolves when any of these objects have changed since the last call; false at the end. Errors: those of
   * {@link Hub.subscribe}.
   */
  changed(): Promise<boolean>;
  /** One call as the caller. */
  call<T>(perform: (user: UserCluster) => Promise<T>): Promise<T>;
}

export interface FollowLogsOptions
  extends Pick<LogFollowerOptions, 'container' | 'start' | 'styles' | 'signal'> {
  namespace: string;
  /** What the logs come from. It ends with the cluster that it is given. */
  runs(live: LiveCluster): AsyncIterable<SessionRuns>;
}

/** The maximum size in bytes of a page of a snapshot of more than one object. */
const PAGE_BYTES = 1024 * 1024;
/** A snapshot's first and last batch have one more event each: RESET and SYNCED. */
const MARKS = 2;

/** Of a copy in memory. Its snapshot is read in pages of this size. */
const MIRROR_BATCHES = { size: 500, waitMs: 0 };
/** How long a watch may be silent before what it has reported counts as old, in ms: a bookmark comes every minute. */
const SILENT_MS = 90_000;

/** What a copy of a collection is made of. */
export interface FollowedCollection {
  batches: AsyncGenerator<Batch>;
  /** Whether the watch has reported something lately, and nothing is missing since. */
  isCurrent(): boolean;
  /** The version up to which the watch has reported all changes. The batches may be behind it. */
  reportedVersion(): string;
}

interface JoinOptions extends SubscribeOptions {
  onClose?: () => void;
  limits?: BatchLimits;
  costs?: FeedCosts;
}

/** All subscriptions of the process. */
export class Hub {
  readonly #options: HubOptions;
  readonly #cluster: CallerCluster;
  readonly #permissions: Permissions;
  readonly #feeds: SharedFeeds;
  readonly #subscriptions: UsageCounter;
  readonly #streams: UsageCounter;

  constructor(options: HubOptions) {
    const { subscriptionsPerUser, subscriptions, watchesPerUser, watches } = options.limits;
    this.#options = options;
    this.#cluster = new CallerCluster(options);
    this.#permissions = new Permissions(this.#cluster, options.access);
    this.#subscriptions = new UsageCounter({
      perUser: subscriptionsPerUser,
      all: subscriptions,
      what: 'subscriptions',
    });
    this.#streams = new UsageCounter({ perUser: watchesPerUser, all: watches, what: 'watches' });
    this.#feeds = new SharedFeeds(this.#cluster, this.#permissions, options.timings, this.#streams);
  }

  get figures() {
    return { subscriptions: this.#subscriptions.total, watches: this.#streams.total };
  }

  /**
   * The batches of a subscription: a snapshot, then changes; or changes alone after `since`. Errors, thrown or while it
   * runs: TooManyRequests, Unavailable, Unauthenticated, KubernetesError, QueryTooComplex, and FORBIDDEN when the caller
   * may no longer watch.
   */
  subscribe(caller: Caller, selection: FeedSelection, options: SubscribeOptions): AsyncGenerator<Batch> {
    const leave = this.#subscriptions.enter(caller.user);
    try {
      return this.#watch(caller, selection, options, leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  /**
   * The batches of a whole collection for a copy of it in memory, without a wait between them. They share
   * the watch of the caller's subscriptions. Errors, thrown or while it runs: those of {@link subscribe}.
   *
   * @param costs what it counts towards
   */
  mirror(
    caller: Caller,
    { type, namespace }: Pick<FeedSelection, 'type' | 'namespace'>,
    signal: AbortSignal,
    costs: FeedCosts,
  ): FollowedCollection {
    const selection = { type, namespace };
    const limits = { ...this.#options.batches, ...MIRROR_BATCHES };
    const { feed, subscriber } = this.#join(caller, selection, { signal, limits, costs });
    return {
      batches: subscriber.batches(),
      isCurrent: () => subscriber.isComplete && feed.isCurrent(SILENT_MS),
      reportedVersion: () => feed.resourceVersion,
    };
  }

  /** Whether the caller has a subscription to the whole of a collection. */
  isFollowing(caller: Caller, { type, namespace }: Pick<FeedSelection, 'type' | 'namespace'>): boolean {
    return this.#feeds.has(caller, { type, namespace });
  }

  /**
   * The lines of a session's logs as they are written. Errors, thrown or while it runs: those of {@link subscribe}, of
   * `runs` and of {@link followLogs}, and FORBIDDEN when the caller may no longer read logs.
   */
  followLogs(
    caller: Caller,
    { namespace, runs, container, start, styles, signal }: FollowLogsOptions,
  ): AsyncGenerator<LogChunk> {
    const ends = new AbortController();
    const releases: (() => void)[] = [];
    const close = () => {
      ends.abort(signal.reason);
      signal.removeEventListener('abort', close);
      for (const release of releases) release();
    };
    try {
      releases.push(this.#subscriptions.enter(caller.user));
      releases.push(this.#streams.enter(caller.user));
    } catch (error) {
      close();
      throw error;
    }
    const attributes = { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace };
    releases.push(this.#permissions.depend(caller, attributes, (error) => ends.abort(error)));
    signal.addEventListener('abort', close, { once: true });
    if (signal.aborted) close();
    const chunks = followLogs({
      ...this.#options.logs,
      runs: (ending) => runs(this.#live(caller, ending)),
      connect: (ending) => this.#cluster.streams(caller, ending),
      container,
      start,
      styles,
      signal: ends.signal,
      memory: this.#cluster.reserve(caller),
      share: this.#cluster.share(caller),
    });
    return endingAtOnce(chunks, close);
  }

  #live(caller: Caller, signal: AbortSignal): LiveCluster {
    const changes = new Changes();
    return {
      changed: () => changes.next(),
      objects: (selection) =>
        new LiveObjects(
          this.#watch(caller, selection, { signal }, () => {}),
          this.#cluster.reserve(caller),
          changes,
        ),
      call: (perform) => this.#cluster.call(caller, signal, perform),
    };
  }

  #watch(
    caller: Caller,
    selection: FeedSelection,
    options: SubscribeOptions,
    onClose: () => void,
  ): AsyncGenerator<Batch> {
    return this.#join(caller, selection, { ...options, onClose }).subscriber.batches();
  }

  #join(
    caller: Caller,
    selection: FeedSelection,
    { since, select, signal, onClose, limits = this.#options.batches, costs }: JoinOptions,
  ): { feed: Feed; subscriber: Subscriber } {
    const { feed, end } = this.#feeds.of(caller, selection, costs);
    const subscriber = new Subscriber({
      feed,
      list: () => this.#snapshot(caller, selection, signal, limits.size),
      select,
      since,
      signal,
      memory: costs?.memory.reserve(caller.user, 0) ?? this.#cluster.reserve(caller),
      share: this.#cluster.share(caller),
      limits,
      onClose: () => {
        onClose?.();
        if (feed.listeners === 0) end();
      },
    });
    return { feed, subscriber };
  }

  #snapshot(
    caller: Caller,
    { type, namespace, labelSelector, fieldSelector }: FeedSelection,
    signal: AbortSignal,
    size: number,
  ): AsyncIterable<ObjectList<AnyObject>> {
    return pages<AnyObject>({ size: Math.max(1, size - MARKS), maxBytes: PAGE_BYTES }, (page) =>
      this.#cluster.call(caller, signal, (user) =>
        user.list(type, namespace, { ...page, labelSelector, fieldSelector, transient: true }),
      ),
    );
  }
}
