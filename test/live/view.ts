import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { compareResourceVersions } from '../../src/kubernetes/resource-version.ts';
import type { Batch } from '../../src/live/change.ts';
import type { Body } from '../support/kubernetes-client.ts';

/** A subscription that is being read. */
interface Reading {
  /** Undefined at the end. */
  next(): Promise<Batch | undefined>;
  leave(): unknown;
}

/** Fails unless each view has the objects that it should have, and no version came twice. */
export function expectViews(views: View[], expected: (index: number) => Body[]): void {
  for (const [i, { objects }] of views.entries()) {
    const seen = [...objects].map(([uid, version]) => `${uid}@${version}`).sort();
    const stored = expected(i).map(({ metadata }) => `${metadata.uid}@${metadata.resourceVersion}`);
    expect([i, seen]).toEqual([i, stored.sort()]);
  }
  expect(views.flatMap(({ repeated }) => repeated)).toEqual([]);
}

/** What a client knows from its subscription, which it leaves and resumes. */
export class View {
  /** The resourceVersion of each object, by UID. */
  objects = new Map<string, string>();
  /** Versions that came twice, or after a later one, outside of a snapshot. */
  readonly repeated: string[] = [];
  resets = 0;
  resumed = 0;
  events = 0;
  isPaused = false;
  #since = '';
  #told = new Map<string, string>();
  #snapshot: Map<string, string> | undefined;
  #reading: Reading | undefined;
  readonly #paceMs: number;

  /** @param paceMs the time that it takes for each batch */
  constructor(paceMs: number) {
    this.#paceMs = paceMs;
  }

  /** Until the signal aborts. */
  async follow(subscribe: (since: string | undefined) => Reading, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#since) this.resumed += 1;
      const reading = subscribe(this.#since || undefined);
      this.#reading = reading;
      this.#snapshot = undefined;
      try {
        for (let batch = await reading.next(); batch; batch = await reading.next()) {
          this.#apply(batch);
          do await delay(this.#paceMs);
          while (this.isPaused && this.#reading === reading && !signal.aborted);
        }
      } catch {
        // It subscribes again.
      }
      await delay(5);
    }
  }

  /** Leaves at once, and resumes. */
  leave(): void {
    const reading = this.#reading;
    this.#reading = undefined;
    void reading?.leave();
  }

  #apply({ events, resourceVersion }: Batch): void {
    this.#since = resourceVersion;
    for (const event of events) {
      this.events += 1;
      if (event.type === 'RESET') {
        this.resets += 1;
        this.#snapshot = new Map();
        this.#told.clear();
      } else if (event.type === 'SYNCED') {
        this.objects = this.#snapshot ?? this.objects;
        this.#snapshot = undefined;
      } else if ('object' in event) {
        const { uid, resourceVersion } = event.object.metadata;
        const told = this.#told.get(uid);
        if (told && compareResourceVersions(resourceVersion, told) <= 0) {
          this.repeated.push(`${event.type} ${uid}@${resourceVersion} after ${told}`);
        }
        this.#told.set(uid, resourceVersion);
        const objects = this.#snapshot ?? this.objects;
        if (event.type === 'DELETED') objects.delete(uid);
        else objects.set(uid, resourceVersion);
      }
    }
  }
}
