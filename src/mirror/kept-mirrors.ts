import { LRUCache } from 'lru-cache';
import type { Namespace } from '../kubernetes/resources.ts';
import type { Mirror } from './mirror.ts';
import type { ObjectStore } from './object-store.ts';

export interface MirrorLimits {
  /** What the objects of all mirrors may count, in bytes; those of one user half of it. 0: there are no mirrors. */
  bytes: number;
  /** Mirrors of one user, and of all users: each is a watch, unless a subscription has it too. */
  perUser: number;
  all: number;
  /** How long a mirror is kept that nobody reads, in ms. */
  idleMs: number;
}

export interface KeptMirror {
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

/** What was read so short a time ago is in use, in ms: it does not end for another mirror of the same user. */
const IN_USE_MS = 30_000;
/** After a mirror has failed, or has ended for lack of room, this long there is none, in ms. */
const REFUSED_MS = 300_000;

/** Which mirrors there are, and which end when there is no room for all. */
export class KeptMirrors {
  readonly #limits: MirrorLimits;
  readonly #store: ObjectStore;
  readonly #mirrors = new Map<string, KeptMirror>();
  readonly #byUser = new Map<string, Set<KeptMirror>>();
  readonly #refused = new LRUCache<string, true>({ max: 20_000, ttl: REFUSED_MS });

  constructor(limits: MirrorLimits, store: ObjectStore) {
    this.#limits = limits;
    this.#store = store;
  }

  get size(): number {
    return this.#mirrors.size;
  }

  get(key: string): KeptMirror | undefined {
    return this.#mirrors.get(key);
  }

  /** Keeps it until it ends, or until nobody has read it for long. */
  add(kept: KeptMirror): void {
    this.#mirrors.set(kept.key, kept);
    const own = this.#byUser.get(kept.user);
    if (own) own.add(kept);
    else this.#byUser.set(kept.user, new Set([kept]));
    this.#endWhenIdle(kept);
  }

  /** For some minutes there is no mirror with this key. */
  refuse(key: string): void {
    this.#refused.set(key, true);
  }

  isRefused(key: string): boolean {
    return this.#refused.has(key);
  }

  close(): void {
    for (const kept of this.#mirrors.values()) this.end(kept);
  }

  /** Whether the user may have one more. One that is not in use ends for it, or one of a user who has more. */
  makePlace(user: string): boolean {
    const own = this.#of(user);
    const { perUser, all } = this.#limits;
    if (own.size < perUser && this.#mirrors.size < all) return true;
    const mirrors = own.size < perUser ? this.#greatestUser(({ size }) => size) : own;
    const oldest = oldestOf(mirrors);
    if (!oldest || (isInUse(oldest) && mirrors.size <= own.size + 1)) return false;
    this.#evict(oldest);
    return true;
  }

  /** Whoever has more than others gives way: with what is not in use, or else with what has grown. */
  enforceBytes(grown: KeptMirror): void {
    const { bytes } = this.#limits;
    for (;;) {
      const own = this.#of(grown.user);
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
    this.refuse(kept.key);
    this.end(kept);
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
    const { idleMs } = this.#limits;
    const left = kept.usedAt + idleMs - performance.now();
    if (left <= 0) {
      this.end(kept);
      return;
    }
    kept.idle = setTimeout(() => this.#endWhenIdle(kept), left);
    kept.idle.unref();
  }

  end(kept: KeptMirror): void {
    clearTimeout(kept.idle);
    kept.ends.abort();
    kept.mirror.end();
    if (this.#mirrors.get(kept.key) === kept) this.#mirrors.delete(kept.key);
    const own = this.#byUser.get(kept.user);
    own?.delete(kept);
    if (own?.size === 0) this.#byUser.delete(kept.user);
  }

  #of(user: string): ReadonlySet<KeptMirror> {
    return this.#byUser.get(user) ?? new Set();
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
