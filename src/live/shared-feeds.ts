import type { MemoryBudget } from '../budgets/memory-budget.ts';
import type { UsageCounter } from '../budgets/usage-counter.ts';
import type { ListWatchTimings } from '../kubernetes/list-watch.ts';
import type { AnyObject, ObjectList } from '../kubernetes/reader.ts';
import type { Caller, CallerCluster } from './caller.ts';
import { Feed, type FeedSelection } from './feed.ts';
import type { Permissions } from './permissions.ts';

export interface SharedFeed {
  feed: Feed;
  /** Ends the feed at once, and with it the watch. */
  end(): void;
}

/** What feeds count towards that are not begun for a subscription. */
export interface FeedCosts {
  watches: UsageCounter;
  memory: MemoryBudget;
}

/**
 * Feeds that subscribers with the same token and selection share, and nothing is shared between tokens: each watch is made
 * with the token of its subscribers, and ends when the cluster no longer accepts the token or no longer allows the watch.
 */
export class SharedFeeds {
  readonly #cluster: CallerCluster;
  readonly #permissions: Permissions;
  readonly #timings: ListWatchTimings;
  readonly #streams: UsageCounter;
  readonly #feeds = new Map<string, SharedFeed>();

  constructor(
    cluster: CallerCluster,
    permissions: Permissions,
    timings: ListWatchTimings,
    streams: UsageCounter,
  ) {
    this.#cluster = cluster;
    this.#permissions = permissions;
    this.#timings = timings;
    this.#streams = streams;
  }

  /**
   * Who joins the feed ends it when nobody else listens. Errors: TooManyRequests, Unavailable (too many watches).
   *
   * @param costs what its watch and its memory count towards, if it begins; absent: those of subscriptions
   */
  of(caller: Caller, selection: FeedSelection, costs?: FeedCosts): SharedFeed {
    const key = this.#keyOf(caller, selection);
    const known = this.#feeds.get(key);
    if (known && !known.feed.isEnded) return known;
    const shared = this.#begin(caller, selection, costs);
    this.#feeds.set(key, shared);
    void shared.feed.run().finally(() => {
      shared.end();
      if (this.#feeds.get(key) === shared) this.#feeds.delete(key);
    });
    return shared;
  }

  /** Whether somebody with the caller's token follows this selection. */
  has(caller: Caller, selection: FeedSelection): boolean {
    return this.#feeds.get(this.#keyOf(caller, selection))?.feed.isEnded === false;
  }

  #keyOf(caller: Caller, { type, namespace, labelSelector, fieldSelector }: FeedSelection): string {
    const digest = this.#permissions.digestOf(caller);
    return JSON.stringify([digest, type.group, type.resource, namespace, labelSelector, fieldSelector]);
  }

  #begin(caller: Caller, selection: FeedSelection, costs: FeedCosts | undefined): SharedFeed {
    const cluster = this.#cluster;
    const leave = (costs?.watches ?? this.#streams).enter(caller.user);
    const ends = new AbortController();
    const { group, resource } = selection.type;
    const { type, namespace } = selection;
    const feed = new Feed({
      selection,
      connect: (ending) => {
        const signal = AbortSignal.any([ending, ends.signal]);
        return {
          list: (type, namespace, options) =>
            cluster.call(caller, signal, (user) =>
              user.listMetadata(type, namespace as string, { ...options, transient: true }),
            ) as Promise<ObjectList<never>>,
          watch: (type, namespace, options) =>
            cluster.streams(caller, signal).watch(type, namespace, options),
        };
      },
      // A list: who may watch need not have the right to `get`.
      find: async (name) => {
        const fieldSelector = `metadata.name=${name}`;
        const { items } = await cluster.call(caller, ends.signal, (user) =>
          user.list<AnyObject>(type, namespace, { fieldSelector, transient: true }),
        );
        return items[0] ?? null;
      },
      timings: this.#timings,
      share: cluster.share(caller),
      memory: costs?.memory.reserve(caller.user, 0) ?? cluster.reserve(caller),
    });
    const attributes = { verb: 'watch', group, resource, namespace, ...nameIn(selection) };
    const endPermission = this.#permissions.depend(caller, attributes, (error) => feed.end(error));
    const end = () => {
      feed.end();
      ends.abort();
      endPermission();
      leave();
    };
    return { feed, end };
  }
}

/** A watch of one object by its name needs the right to watch that object alone. */
function nameIn({ fieldSelector }: FeedSelection): { name?: string } {
  const name = /^metadata\.name=([^,]+)$/.exec(fieldSelector ?? '')?.[1];
  return name === undefined ? {} : { name };
}
