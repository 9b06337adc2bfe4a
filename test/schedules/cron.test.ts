import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isTick, nextTimes } from '../../src/schedules/cron.ts';
import { parseExpression } from '../../src/schedules/cron-expression.ts';

interface Row {
  expression: string;
  timeZone: string;
  after: string;
  times?: string[];
  refused?: boolean;
}

/** What Kubernetes' own library answers: test/cluster/cron/main.go prints it. */
const table = readFileSync(new URL('cron-table.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Row);
const accepted = table.filter(({ refused }) => !refused);

/**
 * Where the clocks change at midnight, or not by whole hours, Kubernetes' library leaves out or doubles a time of that day, or
 * takes it for the next. These are its only results that differ.
 */
const KUBERNETES_ERRORS = new Set([
  '45 2 * * * Pacific/Chatham 2026-04-04T00:00:00Z',
  '45 2 * * * Pacific/Chatham 2026-09-26T00:00:00Z',
  '0 9 13 * 5 Africa/Cairo 2026-04-23T00:00:00Z',
  '0 9 */2 * 1 America/Santiago 2026-09-05T00:00:00Z',
  '0 9 */2 * 1 America/Havana 2026-03-07T00:00:00Z',
  '0 9 */2 * 1 Africa/Cairo 2026-04-23T00:00:00Z',
  '0 9 * * */2 Africa/Cairo 2026-04-23T00:00:00Z',
]);

const keyOf = ({ expression, timeZone, after }: Row) => `${expression} ${timeZone} ${after}`;

function computed({ expression, timeZone, after }: Row, count = 4): string[] {
  const times = nextTimes(expression, timeZone, new Date(after), count);
  return times.map((time) => time.toISOString().replace('.000Z', 'Z'));
}

describe('cron expressions have the meaning that they have in Kubernetes', () => {
  test('the next times are those of Kubernetes, across changes of the clocks', () => {
    const different = accepted.filter((row) => computed(row).join() !== (row.times ?? []).join());
    expect(new Set(different.map(keyOf))).toEqual(KUBERNETES_ERRORS);
  });

  test('each of the times is a tick, and no minute between two of them is', () => {
    const rows = accepted.filter((row, index) => index % 4 === 0 && !KUBERNETES_ERRORS.has(keyOf(row)));
    for (const { expression, timeZone, times = [] } of rows) {
      const [first = 0, second = 0] = times.map((time) => Date.parse(time));
      if (first === 0) continue;
      const probes = [first, first + 1_000, first + 60_000, second - 60_000].filter((time) => time <= second);
      const ticks = probes.filter((time) => isTick(expression, timeZone, new Date(time)));
      const expected = probes.filter((time) => time === first || time === second);
      expect(ticks, `${expression} ${timeZone}`).toEqual(expected);
    }
  });

  test('what Kubernetes refuses is refused', () => {
    const wrong = table.filter((row) => (parseExpression(row.expression) === undefined) !== !!row.refused);
    expect(wrong).toEqual([]);
  });

  test.each(['@hourly', '@every 1h', 'TZ=UTC * * * * *', 'CRON_TZ=UTC * * * * *', '* * * * * *'])(
    'Kubernetes may accept "%s", but it does not have five fields',
    (expression) => {
      expect(parseExpression(expression)).toBeUndefined();
      expect(nextTimes(expression, 'Etc/UTC', new Date(0), 3)).toEqual([]);
      expect(isTick(expression, 'Etc/UTC', new Date(0))).toBe(false);
    },
  );

  test('a date that never comes has no next time', () => {
    expect(nextTimes('0 0 31 2 *', 'Etc/UTC', new Date('2026-01-01T00:00:00Z'), 3)).toEqual([]);
  });

  test.each(['', 'Local', 'Mars/Olympus', '+01:00', '../etc', 'Europe/Berlin '])(
    'the time zone "%s" has no times',
    (timeZone) => {
      expect(nextTimes('* * * * *', timeZone, new Date(0), 3)).toEqual([]);
      expect(isTick('* * * * *', timeZone, new Date(0))).toBe(false);
    },
  );

  test('a time that comes twice when the clocks are put back is a tick both times', () => {
    const times = nextTimes('30 1 * * *', 'America/New_York', new Date('2026-11-01T04:00:00Z'), 3);
    expect(times.map((time) => time.toISOString())).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-01T06:30:00.000Z',
      '2026-11-02T06:30:00.000Z',
    ]);
  });
});
