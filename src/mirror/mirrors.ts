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
import { type KeptMirror, KeptMirrors, type MirrorLimits } from './kept-mirrors.ts';
import { Mirror } from './mirror.ts';
import { ObjectStore } from './object-store.ts';
import { type RequiredState, WrittenObjects } from './written-objects.ts';

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

/** How long a read waits for a mirror that does not show yet what the user has written, before it asks the cluster, in ms. */
const CATCH_UP_MS = 500;
/** How long the namespace of a mirror is kept, in ms. */
const PROJECT_MS = 10_000;
/** What the feeds of mirrors may keep besides, as a part of what the objects may. */
const FEEDS_PART = 0.5;
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
  readonly #kept: KeptMirrors;
  readonly #reads = { mirror: 0, cluster: 0 };
  readonly written: WrittenObjects;

  constructor(options: MirrorsOptions) {
    const { perUser, all, bytes } = options.limits;
    this.#options = options;
    const watches = new UsageCounter({ perUser, all, what: 'mirrors' });
    this.#kept = new KeptMirrors(options.limits, this.#store);
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
    return { entries: this.#kept.size, bytes: this.#store.bytes, hits, misses };
  }

  /** The collection, if the caller has a mirror of it that shows what the caller has to see. It may begin one. */
  async read(read: MirrorRead, isScan: boolean): Promise<Snapshot<AnyObject> | undefined> {
    const snapshot = read.consistency.fresh ? undefined : await this.#read(read, isScan);
    this.#reads[snapshot ? 'mirror' : 'cluster'] += 1;
    return snapshot;
  }

  /** The namespace of a mirror that can be read, as the caller has read it in the last seconds. */
  project({ caller, namespace, consistency }: MirrorRead): Namespace | undefined {
    const { project, mirror } = this.#kept.get(this.#keyOf(caller, namespace)) ?? {};
    if (!project || !mirror?.isReady || consistency.fresh || consistency.resourceVersion) return undefined;
    if (performance.now() - project.readAt > PROJECT_MS) return undefined;
    if (this.written.hasWrittenNamespace(caller.user, namespace, project.readAt)) return undefined;
    return project.object;
  }

  /** Keeps the namespace of a mirror. @param readAt when it was requested: `performance.now()` */
  keepProject({ caller, namespace }: MirrorRead, object: Namespace, readAt: number): void {
    const kept = this.#kept.get(this.#keyOf(caller, namespace));
    if (kept) kept.project = { object, readAt };
  }

  /** Notes a page of the cluster. @param size how many objects the collection has, if the page says so */
  noteObjects(caller: Caller, namespace: string, count: number, size: number | undefined): void {
    this.#interests.noteObjects(this.#keyOf(caller, namespace), count, size);
  }

  /** Ends all mirrors. */
  close(): void {
    this.#kept.close();
  }

  async #read(read: MirrorRead, isScan: boolean): Promise<Snapshot<AnyObject> | undefined> {
    const { caller, namespace, consistency, mayRead } = read;
    const key = this.#keyOf(caller, namespace);
    const kept = this.#kept.get(key);
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
    if (!this.isEnabled || this.#kept.isRefused(key)) return false;
    const isRepeated = this.#interests.read(key, isScan);
    return isRepeated || (isScan && this.#options.hub.isFollowing(caller, { type: this.type, namespace }));
  }

  #begin(key: string, caller: Caller, namespace: string): void {
    const { hub, type } = this.#options;
    if (!this.#kept.makePlace(caller.user)) return;
    // The calls of a mirror are not part of the request that begins it.
    const { requestId, nextAuditId } = caller.ids;
    const follower = { ...caller, ids: { requestId, nextAuditId } };
    const ends = new AbortController();
    try {
      const source = hub.mirror(follower, { type, namespace }, ends.signal, this.#costs);
      const mirror = new Mirror(source, this.#store);
      const kept: KeptMirror = { key, user: caller.user, mirror, ends, usedAt: performance.now() };
      this.#kept.add(kept);
      void mirror
        .run(() => this.#kept.enforceBytes(kept))
        .catch(() => this.#kept.refuse(key))
        .finally(() => this.#kept.end(kept));
    } catch {
      // There are as many watches as there may be: the user reads from the cluster.
      this.#kept.refuse(key);
      ends.abort();
    }
  }

  #keyOf({ token }: Caller, namespace: string): string {
    return `${UserToken.digestOf(token)}/${namespace}`;
  }
}
