import { describe, expect, it } from 'vitest';
import type { CronJob } from '../../src/kubernetes/resources.ts';
import { sessionNameOfTick } from '../../src/schedules/session-of-tick.ts';
import { assertTick, tickOfJob } from '../../src/schedules/tick.ts';

const NOW = Date.parse('2026-03-02T06:07:30Z');

function schedule(spec: Partial<NonNullable<CronJob['spec']>> = {}): CronJob {
  return { metadata: {}, spec: { schedule: '0,5 6 * * *', timeZone: 'Etc/UTC', ...spec } } as CronJob;
}

describe('the tick of a Job', () => {
  it('is in its name, in minutes', () => {
    expect(tickOfJob('nightly', 'nightly-29000000', 'job')).toEqual(new Date(29_000_000 * 60_000));
  });

  it.each([
    '',
    'nightly',
    'nightly-',
    'nightly-x',
    'nightly-1x',
    'nightly--1',
    'nightly-1.5',
    'nightly-1e3',
    'nightly-9999999999',
    'nightly-29000000-abcde',
    'other-29000000',
    'a-nightly-29000000',
    'nightl-y-29000000',
  ])('is not in the name %j', (job) => {
    expect(() => tickOfJob('nightly', job, 'input.job')).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        fields: [expect.objectContaining({ path: 'input.job' })],
      }),
    );
  });
});

describe('a tick', () => {
  const at = (time: string, spec = {}) => assertTick(schedule(spec), new Date(time), NOW, 'input.job');

  it.each([
    ['now', '2026-03-02T06:05:00Z', {}],
    ['some minutes ago', '2026-03-02T06:00:00Z', {}],
    [
      'within the starting deadline',
      '2026-03-02T05:30:00Z',
      { schedule: '30 5 * * *', startingDeadlineSeconds: 1_800 },
    ],
    ['of a clock that is a little ahead', '2026-03-02T06:08:00Z', { schedule: '* * * * *' }],
    ['of another time zone', '2026-03-02T06:00:00Z', { schedule: '0 7 * * *', timeZone: 'Europe/Berlin' }],
  ])('%s is accepted', (_, time, spec) => {
    expect(() => at(time, spec)).not.toThrow();
  });

  it.each([
    ['in the future', '2026-03-02T06:09:00Z', { schedule: '* * * * *' }],
    ['in the year 2100', '2100-03-02T06:00:00Z', {}],
    ['too long ago', '2026-03-02T05:52:00Z', { schedule: '* * * * *' }],
    [
      'too long ago, whatever the starting deadline',
      '2026-03-02T04:52:00Z',
      { schedule: '* * * * *', startingDeadlineSeconds: 1e9 },
    ],
    ['of another minute', '2026-03-02T06:04:00Z', {}],
    ['of another time zone', '2026-03-02T06:00:00Z', { timeZone: 'Europe/Berlin' }],
    ['of an expression that is none', '2026-03-02T06:00:00Z', { schedule: 'x' }],
    ['of an unknown time zone', '2026-03-02T06:00:00Z', { timeZone: 'Europe/Nowhere' }],
  ])('%s is refused', (_, time, spec) => {
    expect(() => at(time, spec)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});

it('each tick of each schedule has a session name of its own', () => {
  const [first, second] = [new Date(0), new Date(60_000)];
  const names = [
    sessionNameOfTick('a', first),
    sessionNameOfTick('a', second),
    sessionNameOfTick('b', first),
  ];
  expect(new Set(names).size).toBe(3);
  expect(sessionNameOfTick('a', first)).toBe(names[0]);
  for (const name of names) expect(name).toMatch(/^session-[0-9a-f]{40}$/);
});
