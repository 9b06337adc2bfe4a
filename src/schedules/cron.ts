import { Cron } from 'croner';
import { type CronField, parseExpression } from './cron-expression.ts';
import { isWholeMinute, zoneClock } from './time-zone.ts';

/**
 * The next times of a schedule, as Kubernetes computes them: each time at which the clock of the zone reads what the
 * expression says. So where clocks are put forward a time can be missing, and where they are put back it comes twice. Empty
 * if there is none, as for 31 February, or if Kubernetes accepts no such expression or time zone.
 */
export function nextTimes(expression: string, timeZone: string, after: Date, count: number): Date[] {
  const clock = zoneClock(timeZone);
  const cron = cronOf(expression);
  if (!clock || !cron) return [];
  const times: number[] = [];
  // It finds readings after the given one.
  let reading = cron.nextRun(new Date(clock.lowestReadingFrom(after.getTime()) - 1_000));
  while (reading) {
    const last = times[count - 1];
    if (last !== undefined && clock.earliestOf(reading.getTime()) > last) break;
    times.push(...clock.timesOf(reading.getTime()).filter((time) => time > after.getTime()));
    // Where clocks are put back, the times of a reading can be before those of an earlier one.
    times.sort((a, b) => a - b);
    reading = cron.nextRun(reading);
  }
  return times.slice(0, count).map((time) => new Date(time));
}

/**
 * Whether a time is one of the schedule's. On the day of a change at midnight or by less than an hour, Kubernetes itself can be
 * wrong about the date or leave a time out (test/schedules/cron.test.ts); such a time is not one.
 */
export function isTick(expression: string, timeZone: string, time: Date): boolean {
  const clock = zoneClock(timeZone);
  const cron = cronOf(expression);
  if (!clock || !cron || !isWholeMinute(time.getTime())) return false;
  return cron.match(new Date(clock.readingAt(time.getTime())));
}

/** For readings of a clock, which it takes for times in UTC. */
function cronOf(expression: string): Cron | undefined {
  const fields = parseExpression(expression);
  if (!fields || fields.some(({ values }) => values.length === 0)) return undefined;
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  const days =
    // Days are either of both, unless one of the fields has a star.
    dayOfMonth.star || dayOfWeek.star ? [dayOfMonth, dayOfWeek].map(text) : [dayOfMonth, dayOfWeek].map(list);
  const pattern = [list(minute), list(hour), days[0], list(month), days[1]].join(' ');
  return new Cron(pattern, { mode: '5-part', timezone: 'Etc/UTC', domAndDow: false });
}

function text(field: CronField): string {
  return field.star ? '*' : list(field);
}

function list({ values }: CronField): string {
  return values.join(',');
}
