import { LRUCache } from 'lru-cache';
import type { CacheFigures } from '../budgets/cache-figures.ts';
import { MemoryBudget } from '../budgets/memory-budget.ts';
import { UsageCounter } from '../budgets/usage-counter.ts';
import { abortable } from '../kubernetes/abortable.ts';
import type { AnyObject, Snapshot } from '../kubernetes/reader.ts';
import { laterVersion } from '../kubernetes/resource-version.ts';
import type { Namespace, ResourceType } from '../kubernetes/resources.ts';
import { UserToken } from '../kubernetes/token.ts';
import type { Caller } from '../live/caller.ts';
import type { Hub } from '../live/hub.ts';
import { Interests } from './interest.ts';
import { Mirror } from './mirror.ts';
import { ObjectStore } from './object-store.ts';
import { type RequiredState, WrittenObjects } from './written-objects.ts';

export interface MirrorLimits {
  /** What the objects of all mirrors may count, in bytes; those of one user half of it. 0: there are no mirrors. */
  bytes: number;
  /** Mirrors of one user, and of all users: each is a watch, unless a subscription has it too. */
  perUser: number;
  all: number;
  /** How long a mirror is kept that nobody reads, in ms. */
  idleMs: number;
}

interface MirrorsOptions {
  hub: Pick<Hub, 'mirror' | 'isFollowing'>;
  /** The resource that has mirrors. */
  type: ResourceType;
  limits: MirrorLimits;
}

/** Whether mirrors may answer a request: docs/mirrors.md. */
export interface Consistency {
  /** The cluster is asked in any case. */
  fresh?: boolean;
  /** A mirror must have come to this version of the collection. */
  resourceVersion?: string;
}

/** A collection that was read from a mirror. */
export interface MirroredCollection {
  resource: string;
  namespace: string;
  resourceVersion: string;
}

/** A read of a request. */
export interface MirrorRead {
  caller: Caller;
  namespace: string;
  consistency: Consistency;
  /** Ends the wait for what the mirror must show. */
  signal: AbortSignal;
  /** Whether a review that is at most 10 s old allows it. */
  mayRead(): Promise<boolean>;
}

interface KeptMirror {
  readonly key: string;
  readonly user: string;
  readonly mirror: Mirror;
  readonly ends: AbortController;
  /** When it was last read: `performance.now()`. */
  usedAt: number;
  /** Ends it when nobody has read it for long. */
  idle?: NodeJS.Timeout;
  /** The namespace, as the same token has read it. */
  project?: { object: Namespace; readAt: number };
}

/** How long a read waits for a mirror that does not show yet what the user has written, before it asks the cluster, in ms. */
const CATCH_UP_MS = 500;
/** How long the namespace of a mirror is kept, in ms. */
const PROJECT_MS = 10_000;
/** What was read so short a time ago is in use, in ms: it does not end for another mirror of the same user. */
const IN_USE_MS = 30_000;
/** What the feeds of mirrors may keep besides, as a part of what the objects may. */
const FEEDS_PART = 0.5;
/** After a mirror has failed, or has ended for lack of room, this long there is none, in ms. */
const REFUSED_MS = 300_000;

/**
 * The mirrors of a process: copies of collections that users read again and again. Each belongs to one token, whose own
 * list and watch have returned all that is in it, and whose right to list is reviewed for each read.
 */
export class Mirrors {
  readonly #options: MirrorsOptions;
  readonly #store = new ObjectStore();
  readonly #interests = new Interests();
  /** What the feeds of mirrors count towards: they take nothing from requests and subscriptions. */
  readonly #costs: { watches: UsageCounter; memory: MemoryBudget };
  readonly #mirrors = new Map<string, KeptMirror>();
  readonly #byUser = new Map<string, Set<KeptMirror>>();
  readonly #refused = new LRUCache<string, true>({ max: 20_000, ttl: REFUSED_MS });
  readonly #reads = { mirror: 0, cluster: 0 };
  readonly written: WrittenObjects;

  constructor(options: MirrorsOptions) {
    const { perUser, all, bytes } = options.limits;
    this.#options = options;
    const watches = new UsageCounter({ perUser, all, what: 'mirrors' });
    this.#costs = { watches, memory: new MemoryBudget(bytes * FEEDS_PART) };
    this.written = new WrittenObjects(options.type);
  }

  get type(): ResourceType {
    return this.#options.type;
  }
  get isEnabled(): boolean {
    return this.#options.limits.bytes > 0;
  }
  /** Of collections that are read: a hit is one from a mirror. */
  get figures(): CacheFigures {
    const { mirror: hits, cluster: misses } = this.#reads;
    return { entries: this.#mirrors.size, bytes: this.#store.bytes, hits, misses };
  }

  /** The collection, if the caller has a mirror of it that shows what the caller has to see. It may begin one. */
  async read(read: MirrorRead, isScan: boolean): Promise<Snapshot<AnyObject> | undefined> {
    const snapshot = read.consistency.fresh ? undefined : await this.#read(read, isScan);
    this.#reads[snapshot ? 'mirror' : 'cluster'] += 1;
    return snapshot;
  }

  /** The namespace of a mirror that can be read, as the caller has read it in the last seconds. */
  project({ caller, namespace, consistency }: MirrorRead): Namespace | undefined {
    const { project, mirror } = this.#mirrors.get(this.#keyOf(caller, namespace)) ?? {};
    if (!project || !mirror?.isReady || consistency.fresh || consistency.resourceVersion) return undefined;
    if (performance.now() - project.readAt > PROJECT_MS) return undefined;
    if (this.written.hasWrittenNamespace(caller.user, namespace, project.readAt)) return undefined;
    return project.object;
  }

  /** Keeps the namespace of a mirror. @param readAt when it was requested: `performance.now()` */
  keepProject({ caller, namespace }: MirrorRead, object: Namespace, readAt: number): void {
    const kept = this.#mirrors.get(this.#keyOf(caller, namespace));
    if (kept) kept.project = { object, readAt };
  }

  /** Notes a page of the cluster. @param size how many objects the collection has, if the page says so */
  noteObjects(caller: Caller, namespace: string, count: number, size: number | undefined): void {
    this.#interests.noteObjects(this.#keyOf(caller, namespace), count, size);
  }

  /** Ends all mirrors. */
  close(): void {
    for (const kept of this.#mirrors.values()) this.#end(kept);
  }

  async #read(read: MirrorRead, isScan: boolean): Promise<Snapshot<AnyObject> | undefined> {
    const { caller, namespace, consistency, mayRead } = read;
    const key = this.#keyOf(caller, namespace);
    const kept = this.#mirrors.get(key);
    if (!kept) {
      if (this.#pays(key, read, isScan)) this.#begin(key, caller, namespace);
      return undefined;
    }
    kept.usedAt = performance.now();
    const required = this.written.required(caller.user, namespace);
    // Not complete, or its watch has failed: to wait would make this read slower than one without a mirror.
    if (!required || !kept.mirror.isReady) return undefined;
    const { reportedVersion } = kept.mirror;
    const resourceVersion = [
      required.resourceVersion,
      consistency.resourceVersion ?? '',
      reportedVersion,
    ].reduce(laterVersion);
    const isCaughtUp = await this.#catchUp(kept.mirror, { ...required, resourceVersion }, read.signal);
    return isCaughtUp && (await mayRead()) ? kept.mirror.snapshot() : undefined;
  }

  async #catchUp(mirror: Mirror, required: RequiredState, signal: AbortSignal): Promise<boolean> {
    const endsAt = performance.now() + CATCH_UP_MS;
    while (mirror.isReady && !mirror.shows(required)) {
      const left = endsAt - performance.now();
      if (left <= 0) return false;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, left);
      try {
        await abortable(signal, Promise.race([mirror.changed(), promise]));
      } finally {
        clearTimeout(timer);
      }
    }
    return mirror.isReady;
  }

  /** The frontend that has subscribed keeps looking at the project. */
  #pays(key: string, { caller, namespace }: MirrorRead, isScan: boolean): boolean {
    if (!this.isEnabled || this.#refused.has(key)) return false;
    const isRepeated = this.#interests.read(key, isScan);
    return isRepeated || (isScan && this.#options.hub.isFollowing(caller, { type: this.type, namespace }));
  }

  #begin(key: string, caller: Caller, namespace: string): void {
    const { hub, type } = this.#options;
    const own = this.#byUser.get(caller.user) ?? new Set();
    if (!this.#hasPlace(own)) return;
    // The calls of a mirror are not part of the request that begins it.
    const { requestId, nextAuditId } = caller.ids;
    const follower = { ...caller, ids: { requestId, nextAuditId } };
    const ends = new AbortController();
    try {
      const source = hub.mirror(follower, { type, namespace }, ends.signal, this.#costs);
      const mirror = new Mirror(source, this.#store);
      const kept: KeptMirror = { key, user: caller.user, mirror, ends, usedAt: performance.now() };
      this.#mirrors.set(key, kept);
      this.#byUser.set(caller.user, own.add(kept));
      this.#endWhenIdle(kept);
      void mirror
        .run(() => this.#enforceBytes(kept))
        .catch(() => this.#refused.set(key, true))
        .finally(() => this.#end(kept));
    } catch {
      // There are as many watches as there may be: the user reads from the cluster.
      this.#refused.set(key, true);
      ends.abort();
    }
  }

  /** Whether there may be one more. One that is not in use ends for it, or one of a user who has more. */
  #hasPlace(own: ReadonlySet<KeptMirror>): boolean {
    const { perUser, all } = this.#options.limits;
    if (own.size < perUser && this.#mirrors.size < all) return true;
    const mirrors = own.size < perUser ? this.#greatestUser(({ size }) => size) : own;
    const oldest = oldestOf(mirrors);
    if (!oldest || (isInUse(oldest) && mirrors.size <= own.size + 1)) return false;
    this.#evict(oldest);
    return true;
  }

  /** Whoever has more than others gives way: with what is not in use, or else with what has grown. */
  #enforceBytes(grown: KeptMirror): void {
    const { bytes } = this.#options.limits;
    for (;;) {
      const own = this.#byUser.get(grown.user) ?? new Set();
      const isOver = bytesOf(own) > bytes / 2;
      if (!isOver && this.#store.bytes <= bytes) return;
      const mirrors = isOver ? own : this.#greatestUser(bytesOf);
      const oldest = oldestOf(mirrors);
      if (!oldest) return;
      const isGrownKept = !grown.ends.signal.aborted;
      this.#evict(isGrownKept && mirrors === own && isInUse(oldest) ? grown : oldest);
    }
  }

  /** It is not begun again at once: mirrors that drive each other out would cost more than they save. */
  #evict(kept: KeptMirror): void {
    this.#refused.set(kept.key, true);
    this.#end(kept);
  }

  /** The mirrors of the user who has most. */
  #greatestUser(measure: (mirrors: ReadonlySet<KeptMirror>) => number): ReadonlySet<KeptMirror> {
    let greatest: ReadonlySet<KeptMirror> = new Set();
    let most = -1;
    for (const mirrors of this.#byUser.values()) {
      const size = measure(mirrors);
      if (size > most) [greatest, most] = [mirrors, size];
    }
    return greatest;
  }

  #endWhenIdle(kept: KeptMirror): void {
    const { idleMs } = this.#options.limits;
    const left = kept.usedAt + idleMs - performance.now();
    if (left <= 0) {
      this.#end(kept);
      return;
    }
    kept.idle = setTimeout(() => this.#endWhenIdle(kept), left);
    kept.idle.unref();
  }

  #end(kept: KeptMirror): void {
    clearTimeout(kept.idle);
    kept.ends.abort();
    kept.mirror.end();
    if (this.#mirrors.get(kept.key) === kept) this.#mirrors.delete(kept.key);
    const own = this.#byUser.get(kept.user);
    own?.delete(kept);
    if (own?.size === 0) this.#byUser.delete(kept.user);
  }

  #keyOf({ token }: Caller, namespace: string): string {
    return `${UserToken.digestOf(token)}/${namespace}`;
  }
}

function bytesOf(mirrors: ReadonlySet<KeptMirror>): number {
  let bytes = 0;
  for (const { mirror } of mirrors) bytes += mirror.bytes;
  return bytes;
}

/** The one that was not read for the longest time. */
function oldestOf(mirrors: ReadonlySet<KeptMirror>): KeptMirror | undefined {
  let oldest: KeptMirror | undefined;
  for (const kept of mirrors) if (!oldest || kept.usedAt < oldest.usedAt) oldest = kept;
  return oldest;
}

function isInUse({ usedAt }: KeptMirror): boolean {
  return performance.now() - usedAt < IN_USE_MS;
}
