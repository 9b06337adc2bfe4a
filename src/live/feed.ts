import type { Reservation } from '../budgets/memory-budget.ts';
import { memoryBytes } from '../budgets/value-size.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { type Connect, ListWatch, type ListWatchTimings } from '../kubernetes/list-watch.ts';
import type { AnyObject, ObjectList, Selection, WatchEvent } from '../kubernetes/reader.ts';
import { compareResourceVersions, isResourceVersion } from '../kubernetes/resource-version.ts';
import type { ResourceType } from '../kubernetes/resources.ts';
import type { Change } from './change.ts';

/** What is watched. */
export interface FeedSelection extends Selection {
  type: ResourceType;
  namespace: string;
}

export interface FeedOptions {
  selection: FeedSelection;
  /** Lists only the metadata of objects. */
  connect: Connect;
  /** Reads one object, or null if it does not exist. */
  find(name: string): Promise<AnyObject | null>;
  timings: ListWatchTimings;
  /** The version to begin at; absent: now. */
  since?: string | undefined;
  /** What the feed keeps counts towards it. */
  memory: Reservation;
}

/** Who follows a feed. */
export interface FeedListener {
  onChange(change: Change): void;
  /** Nothing else has changed up to the feed's version. */
  onBookmark(): void;
  /** Changes are missing: only a new snapshot shows them. */
  onGap(): void;
  /** There are no more changes. */
  onEnd(error: unknown): void;
}

/** Enough to name an object that is gone. */
type Known = Pick<
  AnyObject['metadata'],
  'namespace' | 'name' | 'uid' | 'resourceVersion' | 'creationTimestamp'
>;

/** What an object counts that is only known by its version. */
const KNOWN_BYTES = 200;
/** The size in bytes of the changes that are kept for those who resume. */
const HISTORY_BYTES = 1024 * 1024;
/** So many changes that a gap has hidden are read one by one. For more of them, a snapshot is cheaper. */
const MAX_HIDDEN_CHANGES = 100;
const ATTEMPTS_TO_START = 3;

/**
 * The changes of a collection, from one watch for all of its listeners. It keeps no objects, but the version of each, so
 * that it can tell what a gap in the watch has hidden, and the last changes.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #listWatch: ListWatch;
  readonly #listeners = new Set<FeedListener>();
  readonly #known = new Map<string, Known>();
  readonly #history: (Change & { bytes: number })[] = [];
  readonly #ends = new AbortController();
  #historyBytes = 0;
  /** Changes after this version are in the history. Undefined before the first list of a feed that begins now. */
  #floor: string | undefined;
  /** All changes up to this version were reported. Undefined before the first list. */
  #version: string | undefined;
  /** The version of the first list, while the watch repeats changes before it. */
  #repeatsUntil: string | undefined;
  #failures = 0;
  #error: unknown;

  constructor(options: FeedOptions) {
    this.#options = options;
    const { since } = options;
    if (since !== undefined && isResourceVersion(since)) this.#floor = since;
    this.#listWatch = new ListWatch({
      ...options.selection,
      connect: options.connect,
      timings: options.timings,
      onList: (pages) => this.#list(pages),
      onEvent: (event) => this.#apply(event),
      onError: (error) => this.#noteFailure(error),
    });
  }

  /** All changes up to this version were reported. */
  get resourceVersion(): string {
    return this.#version ?? '';
  }
  /** Resolves when the first list is complete: a list that is made afterwards is no older than what the watch reports. */
  get synced(): Promise<void> {
    return this.#listWatch.synced;
  }
  get isEnded(): boolean {
    return this.#ends.signal.aborted;
  }
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Follows the cluster until {@link end}. */
  async run(): Promise<void> {
    try {
      await this.#listWatch.run(this.#ends.signal);
    } catch (error) {
      this.end(error);
    }
  }

  /** Ends the watch, and tells the listeners why. */
  end(error?: unknown): void {
    if (this.isEnded) return;
    this.#error = error;
    this.#ends.abort();
    for (const listener of this.#listeners) listener.onEnd(error);
    this.#listeners.clear();
    this.#known.clear();
    this.#history.length = 0;
    this.#options.memory.release();
  }

  /** @param since the changes after it are reported first. False if they are not known: the listener has a gap. */
  join(listener: FeedListener, since?: string): boolean {
    if (this.isEnded) listener.onEnd(this.#error);
    else this.#listeners.add(listener);
    if (since === undefined) return true;
    if (!this.#hasChangesSince(since)) return false;
    for (const change of this.#history) {
      if (compareResourceVersions(change.resourceVersion, since) > 0) listener.onChange(change);
    }
    return true;
  }

  leave(listener: FeedListener): void {
    this.#listeners.delete(listener);
  }

  #hasChangesSince(since: string): boolean {
    if (this.#floor === undefined || !isResourceVersion(since)) return false;
    const latest = this.#repeatsUntil ?? this.#version ?? this.#floor;
    // A version of the future is of another cluster, or of one whose storage was restored.
    return compareResourceVersions(since, this.#floor) >= 0 && compareResourceVersions(since, latest) <= 0;
  }

  async #list(pages: AsyncIterable<ObjectList<AnyObject>>): Promise<string | undefined> {
    const listed = new Map<string, Known>();
    let version = '';
    for await (const { metadata, items } of pages) {
      version ||= metadata.resourceVersion;
      for (const item of items) {
        listed.set(item.metadata.uid, knownOf(item.metadata));
      }
    }
    if (this.#version === undefined) return this.#begin(version, listed);
    const hidden = [...listed.values()]
      .filter(({ uid, resourceVersion }) => this.#known.get(uid)?.resourceVersion !== resourceVersion)
      .sort((a, b) => compareResourceVersions(a.resourceVersion, b.resourceVersion));
    // The version goes back if the storage was restored from a backup.
    const isBack = compareResourceVersions(version, this.#version) < 0;
    if (isBack || this.#repeatsUntil !== undefined || hidden.length > MAX_HIDDEN_CHANGES) {
      this.#startOver(version, listed);
    } else await this.#reportHidden(listed, hidden);
    this.#version = version;
    this.#repeatsUntil = undefined;
    for (const listener of this.#listeners) listener.onBookmark();
    return undefined;
  }

  /** The version to watch from, if it is not that of the first list. */
  #begin(listVersion: string, listed: Map<string, Known>): string | undefined {
    for (const known of listed.values()) this.#know(known);
    const since = this.#floor;
    const order = since === undefined ? 0 : compareResourceVersions(since, listVersion);
    if (since !== undefined && order < 0) {
      this.#repeatsUntil = listVersion;
      this.#version = since;
      return since;
    }
    this.#floor = listVersion;
    this.#version = listVersion;
    if (order > 0) for (const listener of this.#listeners) listener.onGap();
    return undefined;
  }

  /** Deletions first: who has not all of them yet continues before the gap. */
  async #reportHidden(listed: Map<string, Known>, hidden: Known[]): Promise<void> {
    const after = this.#version ?? '';
    for (const known of [...this.#known.values()]) {
      if (!listed.has(known.uid)) this.#reportDeleted(known, hidden[0]?.resourceVersion ?? after, after);
    }
    let before = after;
    for (const known of hidden) {
      const object = await this.#options.find(known.name);
      const isSame = object?.metadata.uid === known.uid;
      if (isSame) {
        const type = this.#known.has(known.uid) ? 'MODIFIED' : 'ADDED';
        this.#know(object.metadata);
        this.#report({ type, object, resourceVersion: object.metadata.resourceVersion, after: before });
      } else if (this.#known.has(known.uid)) this.#reportDeleted(known, known.resourceVersion, before);
      before = known.resourceVersion;
    }
  }

  #reportDeleted(known: Known, resourceVersion: string, after: string): void {
    this.#forget(known.uid);
    const { group, version, kind } = this.#options.selection.type;
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const object = { apiVersion, kind, metadata: known } as unknown as AnyObject;
    this.#report({ type: 'DELETED', object, resourceVersion, after });
  }

  /** Nothing is known of the changes before this version. */
  #startOver(version: string, listed: Map<string, Known>): void {
    for (const uid of [...this.#known.keys()]) this.#forget(uid);
    for (const known of listed.values()) this.#know(known);
    this.#grow(-this.#historyBytes);
    this.#history.length = 0;
    this.#historyBytes = 0;
    this.#floor = version;
    for (const listener of this.#listeners) listener.onGap();
  }

  #apply({ type, object }: WatchEvent<AnyObject>): void {
    const { uid, resourceVersion } = object.metadata;
    const after = this.#version ?? '';
    this.#version = resourceVersion;
    if (this.#repeatsUntil && compareResourceVersions(resourceVersion, this.#repeatsUntil) > 0) {
      this.#repeatsUntil = undefined;
    }
    if (type === 'BOOKMARK') {
      for (const listener of this.#listeners) listener.onBookmark();
      return;
    }
    // What the watch repeats is known from the list already.
    if (!this.#repeatsUntil) {
      const known = this.#known.get(uid);
      const isKnown = known && compareResourceVersions(resourceVersion, known.resourceVersion) <= 0;
      if (type === 'DELETED') this.#forget(uid);
      else if (isKnown) return;
      else this.#know(object.metadata);
    }
    this.#report({ type, object, resourceVersion, after });
  }

  #report(change: Change): void {
    const bytes = memoryBytes(change.object);
    if (!this.#grow(bytes)) return;
    this.#history.push({ ...change, bytes });
    this.#historyBytes += bytes;
    while (this.#historyBytes > HISTORY_BYTES) {
      const dropped = this.#history.shift();
      if (!dropped) break;
      this.#floor = dropped.resourceVersion;
      this.#historyBytes -= dropped.bytes;
      this.#grow(-dropped.bytes);
    }
    for (const listener of this.#listeners) listener.onChange(change);
  }

  #know(metadata: Known): void {
    if (!this.#known.has(metadata.uid) && !this.#grow(KNOWN_BYTES)) return;
    this.#known.set(metadata.uid, knownOf(metadata));
  }

  #forget(uid: string): void {
    if (this.#known.delete(uid)) this.#grow(-KNOWN_BYTES);
  }

  #grow(bytes: number): boolean {
    try {
      this.#options.memory.grow(bytes);
      return !this.isEnded;
    } catch (error) {
      this.end(error);
      return false;
    }
  }

  /** A feed that cannot begin ends; later failures are retried. */
  #noteFailure(error: unknown): void {
    if (this.#version !== undefined) return;
    this.#failures += 1;
    const isFinal = error instanceof KubernetesError && error.statusCode < 500 && error.statusCode !== 429;
    if (isFinal || this.#failures >= ATTEMPTS_TO_START) this.end(error);
  }
}

function knownOf({ namespace, name, uid, resourceVersion, creationTimestamp }: Known): Known {
  return { ...(namespace !== undefined && { namespace }), name, uid, resourceVersion, creationTimestamp };
}
