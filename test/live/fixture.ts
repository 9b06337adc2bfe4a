import { afterAll, onTestFinished } from 'vitest';
import { MemoryBudget } from '../../src/budgets/memory-budget.ts';
import type { ClusterEndpoint } from '../../src/kubernetes/connection/endpoint.ts';
import type { ListWatchTimings } from '../../src/kubernetes/list-watch.ts';
import { pages } from '../../src/kubernetes/pages.ts';
import type { AnyObject, ObjectList } from '../../src/kubernetes/reader.ts';
import { createScope } from '../../src/kubernetes/scope.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import type { ClusterTransport } from '../../src/kubernetes/transport.ts';
import { UserCluster } from '../../src/kubernetes/user-cluster.ts';
import type { Batch } from '../../src/live/change.ts';
import { Feed, type FeedSelection } from '../../src/live/feed.ts';
import { type BatchLimits, Subscriber, type SubscriberOptions } from '../../src/live/subscriber.ts';
import { eventually } from '../support/eventually.ts';
import { transportTo } from '../support/transport.ts';

export const TIMINGS: ListWatchTimings = {
  pageSize: 3,
  timeoutSeconds: { min: 300, max: 600 },
  idleMs: 60_000,
  backoff: { baseMs: 2, maxMs: 50 },
};
export const LIMITS: BatchLimits = { size: 50, waitMs: 1, queueBytes: 1024 * 1024 };

/** The share of a user who is alone. */
const ALONE = { measure: <T>(step: () => T): T => step(), turn: () => undefined };

interface FeedOptions {
  transport: ClusterTransport;
  selection: FeedSelection;
  token?: string;
  timings?: Partial<ListWatchTimings>;
  memory?: MemoryBudget;
  /** The maximum number of objects in a page of a snapshot. */
  pageSize?: number;
}

type SubscriptionOptions = Partial<Pick<SubscriberOptions, 'since' | 'select' | 'share'>> & {
  limits?: Partial<BatchLimits>;
  signal?: AbortSignal;
};

/** Over the transport, with retries: without them a snapshot that fails ends its subscription. */
export function transportsTo(endpoint: () => ClusterEndpoint): () => ClusterTransport {
  let transport: ClusterTransport | undefined;
  afterAll(() => transport?.destroy());
  return () => {
    const options = { connections: 64, retry: { attempts: 8, baseMs: 2 } };
    transport ??= transportTo(endpoint(), options);
    return transport;
  };
}

/** A feed, and subscriptions to it, with one user's token. The test ends it if nothing else does. */
export function startFeed(options: FeedOptions) {
  const { transport, selection, token = 't', timings, pageSize = 3 } = options;
  const { type, namespace, labelSelector, fieldSelector } = selection;
  const memory = options.memory ?? new MemoryBudget(64 * 1024 * 1024);
  const ends = new AbortController();
  const userOf = (signal: AbortSignal) =>
    new UserCluster(transport, new UserToken(token), createScope('test', signal));
  const feed = new Feed({
    selection,
    connect: (signal) => {
      const user = userOf(signal);
      return {
        list: (type, namespace, page) =>
          user.listMetadata(type, namespace as string, page) as Promise<ObjectList<never>>,
        watch: (...watched) => user.watch(...watched),
      };
    },
    find: (name) => userOf(ends.signal).find(type, namespace, name),
    timings: { ...TIMINGS, ...timings },
    memory: memory.reserve('user', 0),
    share: ALONE,
  });
  const running = feed.run();
  const end = async () => {
    feed.end();
    ends.abort();
    await running;
  };
  onTestFinished(end);

  function subscribe({ limits, since, select, share = ALONE, signal: ending }: SubscriptionOptions = {}) {
    const signal = ending ?? ends.signal;
    const subscriber = new Subscriber({
      feed,
      list: () =>
        pages<AnyObject>({ size: pageSize }, (page) =>
          userOf(signal).list(type, namespace, { ...page, labelSelector, fieldSelector }),
        ),
      since,
      select,
      signal,
      memory: memory.reserve('user', 0),
      share,
      limits: { ...LIMITS, ...limits },
      onClose: () => {},
    });
    return new Reading(subscriber.batches());
  }
  return { feed, memory, subscribe, end };
}

/** Reads a subscription and notes its events. */
export class Reading {
  readonly batches: Batch[] = [];
  readonly #iterator: AsyncGenerator<Batch, void>;
  /** Set once the subscription has ended. */
  end: { error?: unknown } | undefined;

  constructor(iterator: AsyncGenerator<Batch, void>) {
    this.#iterator = iterator;
  }

  /** `ADDED a@12`, or with `versions: false` `ADDED a`. */
  events(versions = false): string[] {
    return this.batches.flatMap(({ events }) =>
      events.map((event) => {
        if (!('object' in event)) return event.type;
        const { name, resourceVersion } = event.object.metadata;
        return `${event.type} ${name}${versions ? `@${resourceVersion}` : ''}`;
      }),
    );
  }
  /** The version to resume from. */
  get since(): string {
    return this.batches.at(-1)?.resourceVersion ?? '';
  }

  async next(): Promise<Batch | undefined> {
    const result = await this.#iterator.next();
    if (result.done) return undefined;
    this.batches.push(result.value);
    return result.value;
  }

  /** Goes on reading until the end. */
  start(): this {
    void this.#readAll();
    return this;
  }

  /** Reads until the subscription is told that it is current. */
  async snapshot(): Promise<this> {
    while (!this.events().includes('SYNCED')) await this.next();
    return this;
  }

  /** Once as many have come, reading or not. */
  async until(count: number): Promise<string[]> {
    await eventually(() => {
      if (this.events().length < count) throw new Error(`only ${this.events()}`);
    });
    return this.events();
  }

  leave(): Promise<unknown> {
    return this.#iterator.return();
  }

  async #readAll(): Promise<void> {
    try {
      while (await this.next());
      this.end = {};
    } catch (error) {
      this.end = { error };
    }
  }
}
