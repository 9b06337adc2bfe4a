import { setTimeout as delay } from 'node:timers/promises';
import type { Reservation } from '../budgets/memory-budget.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { AnyObject, ObjectList } from '../kubernetes/reader.ts';
import { compareResourceVersions } from '../kubernetes/resource-version.ts';
import type { CallerShare } from './caller.ts';
import type { Batch, Change, LiveEvent } from './change.ts';
import { ChangeQueue } from './change-queue.ts';
import { endingAtOnce } from './ending-at-once.ts';
import type { Feed, FeedListener } from './feed.ts';
import { SelectedObjects } from './selected-objects.ts';

export interface SubscriberOptions {
  feed: Feed;
  /** The pages of a snapshot, read as the subscriber. */
  list(): AsyncIterable<ObjectList<AnyObject>>;
  /** Whether an object belongs to the subscription. Absent: all do. */
  select?: ((object: AnyObject) => boolean) | undefined;
  /** Only changes after this version, if they are known. Absent: a snapshot, then changes. */
  since?: string | undefined;
  /** Ends the subscription. */
  signal: AbortSignal;
  /** What the subscriber keeps counts towards it. */
  memory: Reservation;
  /** Batches wait for their turn, and what they take of the thread counts towards it. */
  share: CallerShare;
  limits: BatchLimits;
  /** Called once, when the subscription has left the feed. */
  onClose(): void;
}

export interface BatchLimits {
  /** The maximum number of events in a batch. Only what a gap in the watch has hidden is not divided. */
  size: number;
  /** How long a batch waits for further events after its first, in ms. */
  waitMs: number;
  /** The size of changes that may wait for a subscriber, in bytes. Beyond it, the subscriber gets a new snapshot. */
  queueBytes: number;
}

/**
 * One subscription to a feed: its snapshot, and what has changed since. It keeps the newest state of each object that waits
 * to be sent; a subscriber that falls too far behind begins again with a snapshot, so that it neither misses a change nor
 * holds more than its part of the memory.
 */
export class Subscriber implements FeedListener {
  readonly #options: SubscriberOptions;
  readonly #queue: ChangeQueue;
  readonly #selected: SelectedObjects | undefined;
  /** The version of the snapshot, or that which it resumes from: earlier changes are not sent. */
  #from: string | undefined;
  #needsSnapshot = false;
  #hasBookmark = false;
  #sentVersion: string;
  #end: { error: unknown } | undefined;
  #isClosed = false;
  readonly #ended = Promise.withResolvers<void>();
  #wake = Promise.withResolvers<void>();

  constructor(options: SubscriberOptions) {
    this.#options = options;
    const { feed, since, signal, memory, limits, select } = options;
    this.#queue = new ChangeQueue(memory, limits.queueBytes);
    if (select) this.#selected = new SelectedObjects(select, memory, since !== undefined);
    this.#from = since;
    this.#sentVersion = since ?? '';
    // The changes that are known already may be too many for it, so that it has a gap at once.
    if (!feed.join(this, since)) this.#needsSnapshot = true;
    signal.addEventListener('abort', this.#abort, { once: true });
    if (signal.aborted) this.#abort();
  }

  readonly #abort = () => this.close();

  /** Whether a snapshot was sent completely, and no gap has been reported since. */
  get isComplete(): boolean {
    return !this.#needsSnapshot && this.#from !== undefined && this.#sentVersion !== '';
  }

  onChange(change: Change): void {
    if (this.#needsSnapshot || this.#end) return;
    if (this.#from !== undefined && compareResourceVersions(change.resourceVersion, this.#from) <= 0) return;
    try {
      // Too far behind.
      if (!this.#queue.push(change)) this.onGap();
    } catch (error) {
      this.onEnd(error);
    }
    this.#notify();
  }

  onBookmark(): void {
    this.#hasBookmark = true;
    this.#notify();
  }

  onGap(after?: string): void {
    if (after !== undefined && this.#from !== undefined && compareResourceVersions(this.#from, after) <= 0)
      return;
    this.#queue.clear();
    this.#needsSnapshot = true;
    this.#notify();
  }

  onEnd(error: unknown): void {
    this.#end ??= { error };
    this.#queue.clear();
    this.#ended.resolve();
    this.#notify();
  }

  /** The batches until the subscription ends. It throws if it was ended by anything else than its signal or `return()`. */
  batches(): AsyncGenerator<Batch, void> {
    return endingAtOnce(this.#batches(), () => this.close());
  }

  /** Ends it without an error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onEnd(undefined);
    const { feed, signal, memory, onClose } = this.#options;
    signal.removeEventListener('abort', this.#abort);
    this.#selected?.clear();
    memory.release();
    feed.leave(this);
    onClose();
  }

  async *#batches(): AsyncGenerator<Batch, void> {
    try {
      if (!this.#needsSnapshot) await this.#checkVersion();
      while (!this.#end) {
        if (this.#needsSnapshot) yield* this.#snapshot();
        else {
          const batch = await this.#nextBatch();
          if (batch) yield batch;
        }
      }
    } catch (error) {
      // What fails after the end failed because of it.
      this.onEnd(error);
    }
    if (this.#end?.error !== undefined) throw this.#end.error;
  }

  /** If the cluster has not come to the version that it resumes from, changes would be taken for earlier ones. */
  async #checkVersion(): Promise<void> {
    const isReached = this.#options.feed.hasReached(this.#sentVersion);
    if ((await Promise.race([isReached, this.#ended.promise])) === false) this.onGap();
  }

  async *#snapshot(): AsyncGenerator<Batch, void> {
    const { feed, list } = this.#options;
    // From now on changes wait in the queue.
    this.#needsSnapshot = false;
    this.#from = undefined;
    this.#selected?.clear();
    await Promise.race([feed.synced, this.#ended.promise]);
    if (this.#end) return;
    try {
      for await (const page of list()) {
        if (this.#end) return;
        const { resourceVersion } = page.metadata;
        // The list has gone on at a later version, so that it is no snapshot of one.
        if (this.#from !== undefined && resourceVersion !== this.#from) this.onGap();
        if (this.#needsSnapshot) return;
        await this.#turn();
        if (this.#end || this.#needsSnapshot) return;
        yield this.#options.share.measure(() => this.#snapshotBatch(page));
        if (this.#end || this.#needsSnapshot) return;
      }
    } catch (error) {
      if (!(error instanceof KubernetesError && error.isExpired)) throw error;
      this.onGap();
    }
  }

  #snapshotBatch({ items, metadata }: ObjectList<AnyObject>): Batch {
    const events: LiveEvent[] = [];
    if (this.#from === undefined) {
      this.#from = metadata.resourceVersion;
      this.#queue.dropUntil(this.#from);
      events.push({ type: 'RESET' });
    }
    for (const object of items) {
      if (this.#selected?.add(object) ?? true) events.push({ type: 'ADDED', object });
    }
    const isLast = !metadata.continue;
    if (isLast) events.push({ type: 'SYNCED' });
    this.#sentVersion = isLast ? metadata.resourceVersion : '';
    return { events, resourceVersion: this.#sentVersion };
  }

  async #nextBatch(): Promise<Batch | undefined> {
    const { limits, share, signal } = this.#options;
    if (this.#queue.size === 0 && !this.#isBookmarkDue()) await this.#woken();
    if (limits.waitMs > 0 && this.#queue.size > 0 && this.#queue.size < limits.size) {
      await delay(limits.waitMs, undefined, { signal }).catch(() => {});
    }
    await this.#turn();
    if (this.#end || this.#needsSnapshot) return undefined;
    return share.measure(() => this.#queuedBatch());
  }

  #queuedBatch(): Batch | undefined {
    const { feed, limits } = this.#options;
    const isBookmark = this.#isBookmarkDue();
    const events: LiveEvent[] = [];
    for (const change of this.#queue.take()) {
      const type = this.#selected ? this.#selected.typeOf(change) : change.type;
      if (type) events.push({ type, object: change.object });
      // Who has a part of what a gap has hidden could not resume after that part.
      if (events.length >= limits.size && this.#queue.first?.after !== change.after) break;
    }
    if (events.length === 0 && !isBookmark) return undefined;
    this.#hasBookmark = false;
    this.#sentVersion = this.#queue.first?.after ?? feed.resourceVersion;
    return { events, resourceVersion: this.#sentVersion };
  }

  /**
   * Without changes, the version alone is sent, so that it does not expire before the subscriber resumes. The feed's own
   * may be earlier than that of the snapshot.
   */
  #isBookmarkDue(): boolean {
    const { resourceVersion } = this.#options.feed;
    return this.#hasBookmark && compareResourceVersions(resourceVersion, this.#sentVersion) > 0;
  }

  async #turn(): Promise<void> {
    const { share, signal } = this.#options;
    await Promise.race([share.turn(signal), this.#ended.promise]);
  }

  #notify(): void {
    this.#wake.resolve();
  }

  async #woken(): Promise<void> {
    await this.#wake.promise;
    this.#wake = Promise.withResolvers();
  }
}
