import type { Reservation } from '../budgets/memory-budget.ts';
import { compareResourceVersions, laterVersion } from '../kubernetes/resource-version.ts';
import type { Change } from './change.ts';

/** The size in bytes of the changes that are kept for those who resume. */
const HISTORY_BYTES = 1024 * 1024;

/** The last changes of a collection. */
export class ChangeHistory {
  readonly #memory: Reservation;
  readonly #changes: Change[] = [];
  #bytes = 0;
  /** All changes after this version are kept. */
  #floor = '';

  /** @param memory what is kept counts towards it */
  constructor(memory: Reservation) {
    this.#memory = memory;
  }

  /** Forgets everything: the next change is one after this version. */
  startFrom(version: string): void {
    this.#trim(0);
    this.#floor = version;
  }

  add(change: Change): void {
    try {
      this.#memory.grow(change.bytes);
    } catch {
      // Whoever resumes gets a snapshot.
      this.startFrom(laterVersion(this.#floor, change.resourceVersion));
      return;
    }
    this.#changes.push(change);
    this.#bytes += change.bytes;
    this.#trim(HISTORY_BYTES);
  }

  /** The changes after a version. Undefined if not all of them are kept. */
  since(version: string): Change[] | undefined {
    if (compareResourceVersions(version, this.#floor) < 0) return undefined;
    return this.#changes.filter(
      ({ resourceVersion }) => compareResourceVersions(resourceVersion, version) > 0,
    );
  }

  #trim(limit: number): void {
    while (this.#bytes > limit) {
      const dropped = this.#changes.shift();
      if (!dropped) return;
      // What a gap has hidden is not in the order of versions.
      this.#floor = laterVersion(this.#floor, dropped.resourceVersion);
      this.#bytes -= dropped.bytes;
      this.#memory.grow(-dropped.bytes);
    }
  }
}
