import { setTimeout as delay } from 'node:timers/promises';
import type { Reservation } from '../budgets/memory-budget.ts';
import { memoryBytes } from '../budgets/value-size.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { type Connect, ListWatch, type ListWatchTimings } from '../kubernetes/list-watch.ts';
import type { AnyObject, ObjectList, Selection, WatchEvent } from '../kubernetes/reader.ts';
import {
  compareResourceVersions,
  earlierVersion,
  isResourceVersion,
  laterVersion,
} from '../kubernetes/resource-version.ts';
import type { ResourceType } from '../kubernetes/resources.ts';
import type { CallerShare } from './caller.ts';
import type { Change } from './change.ts';
import { ChangeHistory } from './change-history.ts';
import { type Known, KnownVersions, knownOf } from './known-versions.ts';

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
  /** What it takes of the thread counts towards it. */
  share: Pick<CallerShare, 'measure'>;
  /** What the feed keeps counts towards it. */
  memory: Reservation;
}

/** Who follows a feed. */
export interface FeedListener {
  onChange(change: Change): void;
  /** Nothing else has changed up to the feed's version. */
  onBookmark(): void;
  /**
   * Changes are missing: only a new snapshot shows them. With a version, they are missing only to those who have begun
   * later than that; the others are told the difference.
   */
  onGap(after?: string): void;
  /** There are no more changes. */
  onEnd(error: unknown): void;
}

type Hidden = Pick<Change, 'type' | 'object'>;

/** Of what a gap has hidden, so much is read object by object and reported. For more of it, a snapshot is cheaper. */
const MAX_HIDDEN = { changes: 100, bytes: 1024 * 1024 };
const ATTEMPTS_TO_START = 3;
/** How long a feed that was refused waits before the next attempt, in ms. */
const REFUSED_MS = 1_000;

/**
 * The changes of a collection, from one watch for all of its listeners. It keeps no objects, but the version of each, so
 * that it can tell what a gap in the watch has hidden, and the last changes.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #listWatch: ListWatch;
  readonly #listeners = new Set<FeedListener>();
  readonly #known: KnownVersions;
  readonly #history: ChangeHistory;
  readonly #ends = new AbortController();
  /** The earliest version that a listener needs, before the first list. */
  #since: string | undefined;
  /** All changes up to this version were reported. Undefined before the first list. */
  #version: string | undefined;
  /** The version of the last list. The watch repeats changes before it if a listener needs them. */
  #listVersion = '';
  #failures = 0;
  #error: unknown;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#history = new ChangeHistory(options.memory);
    this.#known = new KnownVersions(options.memory);
    this.#listWatch = new ListWatch({
      ...options.selection,
      connect: options.connect,
      timings: options.timings,
      onList: (pages) => this.#list(pages),
      onEvent: (event) => options.share.measure(() => this.#apply(event)),
      onError: (error) => this.#noteFailure(error),
    });
  }

  /** All changes up to this version were reported. Empty before the first list. */
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
  /** As {@link ListWatch.isCurrent}. */
  isCurrent(silentMs: number): boolean {
    return !this.isEnded && this.#listWatch.isCurrent(silentMs);
  }

  /** Follows the cluster until {@link end}. */
  async run(): Promise<void> {
    const { signal } = this.#ends;
    while (!signal.aborted) {
      try {
        await this.#listWatch.run(signal);
      } catch (error) {
        // Whether the right is gone is for the reviews to say: an API server that is starting refuses everything.
        if (this.#version === undefined || !isForbidden(error)) this.end(error);
        else await delay(REFUSED_MS, undefined, { signal }).catch(() => {});
      }
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
    this.#history.startFrom('');
    this.#options.memory.release();
  }

  /**
   * @param since the changes after it are reported, those that are known already at once. It may be later than the feed:
   * see {@link hasReached}. Changes before it may be reported too.
   * @returns whether the changes after `since` are known
   */
  join(listener: FeedListener, since?: string): boolean {
    if (this.isEnded) {
      listener.onEnd(this.#error);
      return false;
    }
    this.#listeners.add(listener);
    if (since === undefined || !isResourceVersion(since)) return false;
    if (this.#version === undefined) {
      this.#since = earlierVersion(this.#since ?? since, since);
      return true;
    }
    const changes = this.#history.since(since);
    for (const change of changes ?? []) listener.onChange(change);
    return changes !== undefined;
  }

  leave(listener: FeedListener): void {
    this.#listeners.delete(listener);
  }

  /** Whether the cluster has come to this version. If not, it is forged, or the storage was restored from a backup. */
  async hasReached(version: string): Promise<boolean> {
    await this.synced;
    const isReached = (other: string) => compareResourceVersions(version, other) <= 0;
    if (isReached(laterVersion(this.resourceVersion, this.#listVersion))) return true;
    const { connect, selection } = this.#options;
    const { type, namespace, ...selectors } = selection;
    const { metadata } = await connect(this.#ends.signal).list(type, namespace, { ...selectors, limit: 1 });
    return isReached(metadata.resourceVersion);
  }

  /** @returns the version to watch from, if it is not that of the list */
  async #list(pages: AsyncIterable<ObjectList<AnyObject>>): Promise<string | undefined> {
    const listed = new Map<string, Known>();
    let version = '';
    for await (const { metadata, items } of pages) {
      version ||= metadata.resourceVersion;
      for (const { metadata } of items) listed.set(metadata.uid, knownOf(metadata));
    }
    if (this.#version === undefined) return this.#begin(version, listed);
    const { gone, changed } = this.#known.compare(listed);
    // The version goes back if the storage was restored from a backup.
    const isBack = compareResourceVersions(version, this.#version) < 0;
    const isRepeating = compareResourceVersions(this.#version, this.#listVersion) < 0;
    const isSmall = gone.length + changed.length <= MAX_HIDDEN.changes && !isBack && !isRepeating;
    const objects = isSmall ? await this.#read(changed) : undefined;
    if (objects) this.#reportHidden([...gone.map((known) => this.#deleted(known, version)), ...objects]);
    else this.#startOver(version, listed);
    this.#version = version;
    this.#listVersion = version;
    for (const listener of this.#listeners) listener.onBookmark();
    return undefined;
  }

  #begin(listVersion: string, listed: Map<string, Known>): string | undefined {
    for (const known of listed.values()) this.#know(known);
    const version = earlierVersion(this.#since ?? listVersion, listVersion);
    this.#history.startFrom(version);
    this.#version = version;
    this.#listVersion = listVersion;
    return version;
  }

  /** The changed objects, but those that the watch will report, having changed again. Undefined if they are too large. */
  async #read(changed: Known[]): Promise<Hidden[] | undefined> {
    const objects: Hidden[] = [];
    let bytes = 0;
    for (const { name, uid, resourceVersion } of changed) {
      const object = await this.#options.find(name);
      if (object?.metadata.uid !== uid || object.metadata.resourceVersion !== resourceVersion) continue;
      bytes += memoryBytes(object);
      if (bytes > MAX_HIDDEN.bytes) return undefined;
      objects.push({ type: this.#known.has(uid) ? 'MODIFIED' : 'ADDED', object });
    }
    return objects;
  }

  /** All at once, after the same version: in which order deletions came is not known, so who resumes needs all of it. */
  #reportHidden(hidden: Hidden[]): void {
    const after = this.resourceVersion;
    // Objects that were created and deleted meanwhile are in the snapshots of those who have begun meanwhile.
    for (const listener of this.#listeners) listener.onGap(after);
    for (const { type, object } of hidden) {
      if (type === 'DELETED') this.#known.delete(object.metadata.uid);
      else this.#know(object.metadata);
      this.#report(type, object, after);
    }
  }

  /** As a watch reports a deletion: with the version at which the object is gone. */
  #deleted(known: Known, resourceVersion: string): Hidden {
    const { type, namespace } = this.#options.selection;
    const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
    const metadata = { ...known, namespace, resourceVersion };
    return { type: 'DELETED', object: { apiVersion, kind: type.kind, metadata } as unknown as AnyObject };
  }

  /** Nothing is known of the changes before this version. */
  #startOver(version: string, listed: Map<string, Known>): void {
    for (const uid of this.#known.uids()) this.#known.delete(uid);
    for (const known of listed.values()) this.#know(known);
    this.#history.startFrom(version);
    for (const listener of this.#listeners) listener.onGap();
  }

  #apply({ type, object }: WatchEvent<AnyObject>): void {
    const { uid, resourceVersion } = object.metadata;
    const after = this.resourceVersion;
    this.#version = resourceVersion;
    if (type === 'BOOKMARK') {
      for (const listener of this.#listeners) listener.onBookmark();
      return;
    }
    // The list has what the watch repeats.
    if (compareResourceVersions(resourceVersion, this.#listVersion) <= 0) this.#report(type, object, after);
    else if (type === 'DELETED') {
      this.#known.delete(uid);
      this.#report(type, object, after);
    } else this.#report(this.#know(object.metadata), object, after);
  }

  #report(type: Change['type'], object: AnyObject, after: string): void {
    const { resourceVersion } = object.metadata;
    const change = { type, object, resourceVersion, after, bytes: memoryBytes(object) };
    this.#history.add(change);
    for (const listener of this.#listeners) listener.onChange(change);
  }

  #know(metadata: Known): 'ADDED' | 'MODIFIED' {
    const isKnown = this.#known.has(metadata.uid);
    try {
      // A list that is being read when the feed ends adds nothing any more.
      if (!this.isEnded) this.#known.set(metadata);
    } catch (error) {
      // Without its versions it could not tell what a gap hides.
      this.end(error);
    }
    return isKnown ? 'MODIFIED' : 'ADDED';
  }

  /** A feed that cannot begin ends; later failures are retried. */
  #noteFailure(error: unknown): void {
    if (this.#version !== undefined) return;
    this.#failures += 1;
    const isFinal =
      error instanceof KubernetesError &&
      error.statusCode < 500 &&
      error.statusCode !== 429 &&
      !error.isExpired;
    if (isFinal || this.#failures >= ATTEMPTS_TO_START) this.end(error);
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof KubernetesError && error.statusCode === 403;
}
