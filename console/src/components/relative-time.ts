import { common } from '../text/common.ts';

const UNITS: readonly [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'long' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const precise = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'long' });

export function relativeTime(time: number, now: number): string {
  const difference = time - now;
  const [unit, ms] = UNITS.find(([, size]) => Math.abs(difference) >= size) ?? [];
  if (!unit || !ms || Math.abs(difference) < 5_000) return common.justNow;
  return relative.format(Math.trunc(difference / ms), unit);
}

/** In the time zone of the browser. */
export function exactTime(time: string): string {
  return exact.format(new Date(time));
}

/** The time of day to the millisecond, in the time zone of the browser. */
export function preciseTime(time: string): string {
  return precise.format(new Date(time));
}

/** The time of day, for what has happened just now. */
export function clockTime(time: number): string {
  return clock.format(time);
}
