const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A zone's clock. Its readings are in ms, as if the clock were in UTC. */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;

  /** RangeError if the time zone is unknown. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** What the clock reads at a time. */
  readingAt(time: number): number {
    const parts = Object.fromEntries(
      this.#format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  /** When the clock reads this: no time where clocks are put forward, and two where they are put back. */
  timesOf(reading: number): number[] {
    return this.#offsetsAround(reading)
      .map((offset) => reading - offset)
      .filter((time) => this.readingAt(time) === reading)
      .sort((a, b) => a - b);
  }

  /** The lowest that the clock reads from a time on: it may be put back soon. */
  lowestReadingFrom(time: number): number {
    return Math.min(this.readingAt(time), this.readingAt(time + DAY_MS) - DAY_MS);
  }

  /** No time at which the clock reads this, or later, is earlier. */
  earliestOf(reading: number): number {
    return reading - Math.max(...this.#offsetsAround(reading));
  }

  #offsetsAround(reading: number): number[] {
    const times = [reading - DAY_MS, reading + DAY_MS];
    return [...new Set(times.map((time) => this.readingAt(time) - Math.floor(time / 1_000) * 1_000))];
  }
}

/** A time zone by its name, as Kubernetes accepts it, such as `Europe/Berlin`; undefined if it is unknown. */
export function zoneClock(timeZone: string): ZoneClock | undefined {
  // Without offsets such as +01:00, which Kubernetes does not accept.
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(timeZone)) return undefined;
  try {
    return new ZoneClock(timeZone);
  } catch {
    return undefined;
  }
}

export function isWholeMinute(time: number): boolean {
  return time % MINUTE_MS === 0;
}
