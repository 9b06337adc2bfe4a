import { setTimeout as delay } from 'node:timers/promises';
import type { Reservation } from '../budgets/memory-budget.ts';
import { memoryBytes } from '../budgets/value-size.ts';
import type { AnyObject, ObjectList } from '../kubernetes/reader.ts';
import { compareResourceVersions } from '../kubernetes/resource-version.ts';
import type { Batch, Change, LiveEvent } from './change.ts';
import type { Feed, FeedListener } from './feed.ts';

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
  /** Changes that wait for the subscriber count towards it. */
  memory: Reservation;
  limits: BatchLimits;
  /** Called once, when the subscription has left the feed. */
  onClose(): void;
}

export interface BatchLimits {
  /** The maximum number of events in a batch. */
  size: number;
  /** How long a batch waits for further events after its first, in ms. */
  waitMs: number;
  /** The size of changes that may wait for a subscriber, in bytes. Beyond it, the subscriber gets a new snapshot. */
  queueBytes: number;
}

type Queued = Change & { bytes: number };

/**
 * One subscription to a feed: its snapshot, and what has changed since. It keeps the newest state of each object that waits
 * to be sent; a subscriber that falls too far behind begins again with a snapshot, so that it neither misses a change nor
 * holds more than its part of the memory.
 */
export class Subscriber implements FeedListener {
  readonly #options: SubscriberOptions;
  /** The newest change of each object, by UID, in the order of versions. */
  readonly #queue = new Map<string, Queued>();
  /** Whether an object was in the selection, by UID, as far as it is known. */
  readonly #selected = new Map<string, boolean>();
  #bytes = 0;
  /** Changes up to this version are in the snapshot. */
  #from: string | undefined;
  #needsSnapshot: boolean;
  #hasBookmark = false;
  #sentVersion = '';
  /** Whether it resumes: then an object that is not known could have been in the selection. */
  #isResumed = false;
  #end: { error: unknown } | undefined;
  #isClosed = false;
  readonly #ended = Promise.withResolvers<void>();
  #wake = Promise.withResolvers<void>();

  constructor(options: SubscriberOptions) {
    this.#options = options;
    const { feed, since, signal } = options;
    this.#needsSnapshot = !feed.join(this, since) || since === undefined;
    this.#isResumed = !this.#needsSnapshot;
    this.#sentVersion = this.#isResumed ? (since ?? '') : '';
    signal.addEventListener('abort', this.#abort, { once: true });
    if (signal.aborted) this.#abort();
  }

  readonly #abort = () => {
    this.onEnd(undefined);
    this.close();
  };

  onChange(change: Change): void {
    if (this.#needsSnapshot || this.#end) return;
    if (this.#from !== undefined && compareResourceVersions(change.resourceVersion, this.#from) <= 0) return;
    this.#push(change);
    this.#notify();
  }

  onBookmark(): void {
    this.#hasBookmark = true;
    this.#notify();
  }

  onGap(): void {
    this.#clear();
    this.#needsSnapshot = true;
    this.#notify();
  }

  onEnd(error: unknown): void {
    this.#end ??= { error };
    this.#clear();
    this.#ended.resolve();
    this.#notify();
  }

  /** The batches until the subscription ends. It throws if it was ended by anything else than its signal. */
  async *batches(): AsyncGenerator<Batch> {
    try {
      while (!this.#end) {
        if (this.#needsSnapshot) yield* this.#snapshot();
        else {
          const batch = await this.#nextBatch();
          if (batch) yield batch;
        }
      }
      if (this.#end.error !== undefined) throw this.#end.error;
    } finally {
      this.close();
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { feed, signal, memory, onClose } = this.#options;
    signal.removeEventListener('abort', this.#abort);
    this.#clear();
    memory.release();
    feed.leave(this);
    onClose();
  }

  async *#snapshot(): AsyncGenerator<Batch> {
    const { feed, list, select } = this.#options;
    // From now on changes wait in the queue.
    this.#needsSnapshot = false;
    this.#isResumed = false;
    this.#from = undefined;
    this.#selected.clear();
    await Promise.race([feed.synced, this.#ended.promise]);
    if (this.#end) return;
    for await (const { items, metadata } of list()) {
      if (this.#end) return;
      // The list has gone on at a later version, so that it is no snapshot of one.
      if (this.#from !== undefined && metadata.resourceVersion !== this.#from) this.onGap();
      if (this.#needsSnapshot) return;
      const events: LiveEvent[] = this.#from === undefined ? [{ type: 'RESET' }] : [];
      if (this.#from === undefined) this.#startFrom(metadata.resourceVersion);
      for (const object of items) {
        if (select && !select(object)) continue;
        if (select) this.#selected.set(object.metadata.uid, true);
        events.push({ type: 'ADDED', object });
      }
      const isLast = !metadata.continue;
      if (isLast) events.push({ type: 'SYNCED' });
      this.#sentVersion = isLast ? metadata.resourceVersion : '';
      yield { events, resourceVersion: this.#sentVersion };
      if (this.#needsSnapshot) return;
    }
  }

  /** Drops the changes that the snapshot has. */
  #startFrom(version: string): void {
    this.#from = version;
    for (const [uid, change] of this.#queue) {
      if (compareResourceVersions(change.resourceVersion, version) <= 0) this.#take(uid, change);
    }
  }

  async #nextBatch(): Promise<Batch | undefined> {
    const { feed, limits, signal } = this.#options;
    if (this.#queue.size === 0 && !this.#isBookmarkDue()) await this.#woken();
    if (this.#queue.size > 0 && this.#queue.size < limits.size) {
      await delay(limits.waitMs, undefined, { signal }).catch(() => {});
    }
    if (this.#end || this.#needsSnapshot || (this.#queue.size === 0 && !this.#isBookmarkDue()))
      return undefined;
    const isBookmark = this.#isBookmarkDue();
    const events: LiveEvent[] = [];
    for (const [uid, change] of this.#queue) {
      if (events.length === limits.size) break;
      this.#take(uid, change);
      const type = this.#typeInSelection(change);
      if (type) events.push({ type, object: change.object });
    }
    const [next] = this.#queue.values();
    this.#hasBookmark = false;
    this.#sentVersion = next?.after ?? feed.resourceVersion;
    if (events.length === 0 && !isBookmark) return undefined;
    return { events, resourceVersion: this.#sentVersion };
  }

  /** Without changes, the version alone is sent, so that it does not expire before the subscriber resumes. */
  #isBookmarkDue(): boolean {
    return this.#hasBookmark && this.#options.feed.resourceVersion !== this.#sentVersion;
  }

  /** What a change is for the selection: an object that leaves it is deleted. Undefined if it was and is outside. */
  #typeInSelection({ type, object }: Change): Change['type'] | undefined {
    const { select } = this.#options;
    if (!select) return type;
    const { uid } = object.metadata;
    const was = this.#selected.get(uid) ?? this.#isResumed;
    const isSelected = type !== 'DELETED' && select(object);
    if (isSelected || this.#isResumed) this.#selected.set(uid, isSelected);
    else this.#selected.delete(uid);
    if (isSelected) return was ? type : 'ADDED';
    return was ? 'DELETED' : undefined;
  }

  #push(change: Change): void {
    const { uid } = change.object.metadata;
    const bytes = memoryBytes(change.object);
    const queued = this.#queue.get(uid);
    if (queued) this.#take(uid, queued);
    const isAlone = this.#queue.size === 0;
    if (!this.#grow(bytes) || (this.#bytes > this.#options.limits.queueBytes && !isAlone)) {
      // Too far behind.
      this.onGap();
      return;
    }
    this.#queue.set(uid, { ...change, bytes });
  }

  #take(uid: string, { bytes }: Queued): void {
    this.#queue.delete(uid);
    this.#grow(-bytes);
  }

  #clear(): void {
    this.#queue.clear();
    this.#grow(-this.#bytes);
  }

  #grow(bytes: number): boolean {
    try {
      this.#options.memory.grow(bytes);
      this.#bytes += bytes;
      return true;
    } catch {
      return false;
    }
  }

  #notify(): void {
    this.#wake.resolve();
  }

  async #woken(): Promise<void> {
    await this.#wake.promise;
    this.#wake = Promise.withResolvers();
  }
}
