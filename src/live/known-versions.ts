import type { Reservation } from '../budgets/memory-budget.ts';
import type { AnyObject } from '../kubernetes/reader.ts';
import { compareResourceVersions } from '../kubernetes/resource-version.ts';

/** Enough to name an object that is gone. */
export type Known = Pick<AnyObject['metadata'], 'name' | 'uid' | 'resourceVersion' | 'creationTimestamp'>;

/** What an object counts that is only known by its version. */
const KNOWN_BYTES = 300;

/** The version of each object of a collection. They tell what a gap in its watch has hidden. */
export class KnownVersions {
  readonly #byUid = new Map<string, Known>();
  readonly #memory: Reservation;

  /** @param memory what they count towards */
  constructor(memory: Reservation) {
    this.#memory = memory;
  }

  has(uid: string): boolean {
    return this.#byUid.has(uid);
  }

  /** Errors: those of the memory budget, if there is no room for one more. */
  set(metadata: Known): void {
    if (!this.#byUid.has(metadata.uid)) this.#memory.grow(KNOWN_BYTES);
    this.#byUid.set(metadata.uid, knownOf(metadata));
  }

  delete(uid: string): void {
    if (this.#byUid.delete(uid)) this.#memory.grow(-KNOWN_BYTES);
  }

  /** Forgets all of them, without accounting for it: the memory is released as a whole. */
  clear(): void {
    this.#byUid.clear();
  }

  uids(): string[] {
    return [...this.#byUid.keys()];
  }

  /** What a later list shows of them: those that are gone, and those that are new or changed, in the order of their versions. */
  compare(listed: ReadonlyMap<string, Known>): { gone: Known[]; changed: Known[] } {
    return {
      gone: [...this.#byUid.values()].filter(({ uid }) => !listed.has(uid)),
      changed: [...listed.values()]
        .filter(({ uid, resourceVersion }) => this.#byUid.get(uid)?.resourceVersion !== resourceVersion)
        .sort((a, b) => compareResourceVersions(a.resourceVersion, b.resourceVersion)),
    };
  }
}

export function knownOf({ name, uid, resourceVersion, creationTimestamp }: Known): Known {
  return { name, uid, resourceVersion, creationTimestamp };
}
